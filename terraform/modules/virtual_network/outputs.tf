output "id" {
  description = "Id of the virtual network."
  value       = azurerm_virtual_network.this.id
}

output "name" {
  description = "Name of the virtual network."
  value       = azurerm_virtual_network.this.name
}

output "resource_group_name" {
  description = "Resource group of the virtual network."
  value       = azurerm_virtual_network.this.resource_group_name
}

output "location" {
  description = "Region of the virtual network."
  value       = azurerm_virtual_network.this.location
}

output "subnet_ids" {
  description = "Ids of the subnets by name; whoever waits for them also waits for their associations."
  value       = { for name, subnet in azurerm_subnet.this : name => subnet.id }

  depends_on = [
    azurerm_subnet_nat_gateway_association.this,
    azurerm_subnet_network_security_group_association.this,
    azurerm_subnet_route_table_association.this,
  ]
}
