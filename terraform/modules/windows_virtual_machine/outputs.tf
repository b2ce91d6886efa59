output "id" {
  description = "Id of the machine."
  value       = azurerm_windows_virtual_machine.this.id
}

output "principal_id" {
  description = "Object id of the machine's own identity."
  value       = one(azurerm_windows_virtual_machine.this.identity[*].principal_id)
}

output "private_ip_address" {
  description = "Address of the machine."
  value       = azurerm_network_interface.this.private_ip_address
}
