resource "azurerm_network_security_group" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  lifecycle {
    # Rules are resources of their own, since they may hold addresses that Azure chooses.
    ignore_changes = [tags, security_rule]
  }
}

# Azure takes tags and `*` only in the singular arguments.
resource "azurerm_network_security_rule" "this" {
  for_each = var.security_rules

  name                        = each.key
  resource_group_name         = var.resource_group_name
  network_security_group_name = azurerm_network_security_group.this.name
  priority                    = each.value.priority
  direction                   = each.value.direction
  access                      = each.value.access
  protocol                    = each.value.protocol

  source_port_range       = length(each.value.source_port_ranges) == 1 ? each.value.source_port_ranges[0] : null
  source_port_ranges      = length(each.value.source_port_ranges) == 1 ? null : each.value.source_port_ranges
  destination_port_range  = length(each.value.destination_port_ranges) == 1 ? each.value.destination_port_ranges[0] : null
  destination_port_ranges = length(each.value.destination_port_ranges) == 1 ? null : each.value.destination_port_ranges

  source_address_prefix = length(each.value.source_address_prefixes) != 1 ? null : (
    startswith(each.value.source_address_prefixes[0], "pip:")
    ? var.public_ip_addresses[trimprefix(each.value.source_address_prefixes[0], "pip:")]
    : each.value.source_address_prefixes[0]
  )
  source_address_prefixes = length(each.value.source_address_prefixes) == 1 ? null : [
    for prefix in each.value.source_address_prefixes :
    startswith(prefix, "pip:") ? var.public_ip_addresses[trimprefix(prefix, "pip:")] : prefix
  ]
  destination_address_prefix = length(each.value.destination_address_prefixes) != 1 ? null : (
    startswith(each.value.destination_address_prefixes[0], "pip:")
    ? var.public_ip_addresses[trimprefix(each.value.destination_address_prefixes[0], "pip:")]
    : each.value.destination_address_prefixes[0]
  )
  destination_address_prefixes = length(each.value.destination_address_prefixes) == 1 ? null : [
    for prefix in each.value.destination_address_prefixes :
    startswith(prefix, "pip:") ? var.public_ip_addresses[trimprefix(prefix, "pip:")] : prefix
  ]
}
