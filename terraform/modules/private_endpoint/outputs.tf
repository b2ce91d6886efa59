output "id" {
  description = "Id of the endpoint."
  value       = azurerm_private_endpoint.this.id
}

output "private_ip_address" {
  description = "First of its addresses."
  value       = one(azurerm_private_endpoint.this.private_service_connection[*].private_ip_address)
}
