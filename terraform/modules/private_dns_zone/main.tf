resource "azurerm_private_dns_zone" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  tags                = var.tags

  lifecycle {
    ignore_changes = [tags]
  }
}

# One link for each network in which a resolver asks: clients, and the hub of the firewall's DNS
# proxy. Nobody registers names in these zones but private endpoints and AKS.
resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  for_each = var.virtual_network_links

  name                 = each.key
  private_dns_zone_id  = azurerm_private_dns_zone.this.id
  virtual_network_id   = var.virtual_network_ids[each.value.virtual_network]
  registration_enabled = false
  resolution_policy    = each.value.resolution_policy
  tags                 = var.tags

  lifecycle {
    ignore_changes = [tags]
  }
}
