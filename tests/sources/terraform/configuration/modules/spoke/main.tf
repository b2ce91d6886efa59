variable "name" { type = string }
variable "space" { type = string }
variable "subnets" { type = map(string) }
variable "protected" { type = set(string) }
variable "resource_group_name" { type = string }
variable "location" { type = string }
variable "firewall_address" { type = string }
variable "firewall_public_ips" { type = map(string) }
variable "hub_id" { type = string }

resource "azurerm_virtual_network" "this" {
  name                = "vnet-${var.name}"
  resource_group_name = var.resource_group_name
  location            = var.location
  address_space       = [var.space]
  dns_servers         = [var.firewall_address]
}

resource "azurerm_subnet" "this" {
  for_each = var.subnets

  name                            = each.key
  resource_group_name             = var.resource_group_name
  virtual_network_name            = azurerm_virtual_network.this.name
  address_prefixes                = [each.value]
  default_outbound_access_enabled = false
}

resource "azurerm_route_table" "this" {
  name                = "rt-${var.name}"
  resource_group_name = var.resource_group_name
  location            = var.location

  route = [{
    name                   = "default"
    address_prefix         = "0.0.0.0/0"
    next_hop_type          = "VirtualAppliance"
    next_hop_in_ip_address = var.firewall_address
  }]
}

resource "azurerm_route" "reply" {
  for_each = { main = "pip-main" }

  name                = "reply-${each.key}"
  resource_group_name = var.resource_group_name
  route_table_name    = azurerm_route_table.this.name
  address_prefix      = "${var.firewall_public_ips[each.key]}/32"
  next_hop_type       = "Internet"
}

resource "azurerm_subnet_route_table_association" "this" {
  for_each = var.protected

  subnet_id      = azurerm_subnet.this[each.key].id
  route_table_id = azurerm_route_table.this.id
}

resource "azurerm_virtual_network_peering" "to_hub" {
  name                      = "to-hub"
  resource_group_name       = var.resource_group_name
  virtual_network_name      = azurerm_virtual_network.this.name
  remote_virtual_network_id = var.hub_id
  allow_forwarded_traffic   = true
}

output "network_id" { value = azurerm_virtual_network.this.id }
output "subnet_ids" { value = { for key, item in azurerm_subnet.this : key => item.id } }
