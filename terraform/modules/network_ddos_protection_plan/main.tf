# One plan protects the networks of a whole tenant, in any subscription, and is paid by the month.
resource "azurerm_network_ddos_protection_plan" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  lifecycle {
    ignore_changes = [tags]
  }
}
