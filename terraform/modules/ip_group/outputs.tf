output "id" {
  description = "Id of the IP group."
  value       = azurerm_ip_group.this.id
}

output "name" {
  description = "Name of the IP group."
  value       = azurerm_ip_group.this.name
}
