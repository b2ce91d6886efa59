output "id" {
  description = "Id of the peering."
  value       = azurerm_virtual_network_peering.this.id
}

output "name" {
  description = "Name of the peering."
  value       = azurerm_virtual_network_peering.this.name
}
