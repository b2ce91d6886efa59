resource "azurerm_ip_group" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  cidrs               = var.cidrs
  tags                = var.tags

  # Firewalls that use it are updated one after the other, and the clock runs while it waits.
  timeouts {
    create = "60m"
    update = "90m"
    delete = "60m"
  }

  lifecycle {
    ignore_changes = [tags]
  }
}
