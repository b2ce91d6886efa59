resource "azurerm_nat_gateway" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  sku_name            = "Standard"
  tags                = var.tags

  lifecycle {
    ignore_changes = [tags]
  }
}

resource "azurerm_nat_gateway_public_ip_association" "this" {
  for_each = toset(var.public_ips)

  nat_gateway_id       = azurerm_nat_gateway.this.id
  public_ip_address_id = var.public_ip_ids[each.value]
}
