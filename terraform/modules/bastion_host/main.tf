resource "azurerm_bastion_host" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  sku                 = var.sku
  virtual_network_id  = var.sku == "Developer" ? var.virtual_network_id : null
  tunneling_enabled   = var.tunneling_enabled
  zones               = var.zones
  tags                = var.tags

  # Developer shares a pool of Microsoft's and needs no subnet.
  dynamic "ip_configuration" {
    for_each = var.sku == "Developer" ? [] : [true]

    content {
      name                 = "bastion"
      subnet_id            = var.subnet_id
      public_ip_address_id = var.public_ip_id
    }
  }

  lifecycle {
    ignore_changes = [tags]
  }
}
