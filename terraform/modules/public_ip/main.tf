resource "azurerm_public_ip" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  allocation_method   = "Static"
  sku                 = "Standard"
  zones               = var.zones
  tags                = var.tags

  lifecycle {
    # Destroyed only after whoever holds it has let go: Azure refuses to delete an address in use.
    create_before_destroy = true

    # Azure puts tags of its own on some addresses, and a change of them would force a replacement.
    ignore_changes = [tags, ip_tags]
  }
}
