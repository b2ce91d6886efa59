# Application Gateway for Containers. Its controller in the cluster writes the routes; frontends
# and the association are made here, so that no controller needs rights to make them.
resource "azurerm_application_load_balancer" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  lifecycle {
    ignore_changes = [tags]
  }
}

resource "azurerm_application_load_balancer_subnet_association" "this" {
  name                         = "association"
  application_load_balancer_id = azurerm_application_load_balancer.this.id
  subnet_id                    = var.subnet_id
  tags                         = var.tags

  lifecycle {
    ignore_changes = [tags]
  }
}

resource "azurerm_application_load_balancer_frontend" "this" {
  for_each = toset(var.frontends)

  name                         = each.value
  application_load_balancer_id = azurerm_application_load_balancer.this.id
  tags                         = var.tags

  lifecycle {
    ignore_changes = [tags]
  }
}

resource "azurerm_application_load_balancer_security_policy" "this" {
  count = var.firewall_policy == null ? 0 : 1

  name                               = "waf"
  application_load_balancer_id       = azurerm_application_load_balancer.this.id
  location                           = var.location
  web_application_firewall_policy_id = var.firewall_policy_ids[var.firewall_policy]
  tags                               = var.tags

  lifecycle {
    ignore_changes = [tags]
  }
}
