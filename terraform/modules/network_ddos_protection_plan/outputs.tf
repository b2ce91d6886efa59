output "id" {
  description = "Id of the DDoS protection plan."
  value       = azurerm_network_ddos_protection_plan.this.id
}

output "name" {
  description = "Name of the DDoS protection plan."
  value       = azurerm_network_ddos_protection_plan.this.name
}
