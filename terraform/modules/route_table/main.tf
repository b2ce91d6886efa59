resource "azurerm_route_table" "this" {
  name                          = var.name
  resource_group_name           = var.resource_group_name
  location                      = var.location
  bgp_route_propagation_enabled = var.bgp_route_propagation_enabled
  tags                          = var.tags

  lifecycle {
    # Routes of this design are resources of their own, so that routes that others add stay.
    ignore_changes = [tags, route]
  }
}

resource "azurerm_route" "this" {
  for_each = var.routes

  name                = each.key
  resource_group_name = var.resource_group_name
  route_table_name    = azurerm_route_table.this.name
  address_prefix = (
    startswith(each.value.address_prefix, "pip:")
    ? "${var.public_ip_addresses[trimsuffix(trimprefix(each.value.address_prefix, "pip:"), "/32")]}/32"
    : each.value.address_prefix
  )
  next_hop_type          = each.value.next_hop_type
  next_hop_in_ip_address = each.value.next_hop_in_ip_address
}
