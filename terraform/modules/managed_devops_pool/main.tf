# A pool is made in a project of a dev center; nothing else is in these two.
resource "azurerm_dev_center" "this" {
  name                = var.dev_center_name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  lifecycle {
    ignore_changes = [tags]
  }
}

resource "azurerm_dev_center_project" "this" {
  name                = var.dev_center_project_name
  dev_center_id       = azurerm_dev_center.this.id
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  lifecycle {
    ignore_changes = [tags]
  }
}

resource "azurerm_managed_devops_pool" "this" {
  name                  = var.name
  resource_group_name   = var.resource_group_name
  location              = var.location
  dev_center_project_id = azurerm_dev_center_project.this.id
  maximum_concurrency   = var.maximum_concurrency
  tags                  = var.tags

  azure_devops_organization {
    organization {
      url         = var.organization_url
      projects    = length(var.projects) == 0 ? null : var.projects
      parallelism = var.maximum_concurrency
    }

    permission {
      kind = "Inherit"
    }
  }

  # Each job gets a machine of its own, which is thrown away afterwards.
  stateless_agent {}

  virtual_machine_scale_set_fabric {
    sku_name                     = var.sku_name
    subnet_id                    = var.subnet_id
    os_disk_storage_account_type = "Standard"

    image {
      well_known_image_name = var.image
      buffer                = "*"
    }

    security {
      interactive_logon_enabled = false
    }
  }

  lifecycle {
    ignore_changes = [tags]
  }
}
