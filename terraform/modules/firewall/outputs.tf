output "id" {
  description = "Id of the firewall."
  value       = azurerm_firewall.this.id
}

output "name" {
  description = "Name of the firewall."
  value       = azurerm_firewall.this.name
}

output "private_ip_address" {
  description = "Private address of the firewall."
  value       = azurerm_firewall.this.ip_configuration[0].private_ip_address
}
