output "id" {
  description = "Id of the public IP."
  value       = azurerm_public_ip.this.id
}

output "name" {
  description = "Name of the public IP."
  value       = azurerm_public_ip.this.name
}

output "ip_address" {
  description = "The address, known once Azure has made it."
  value       = azurerm_public_ip.this.ip_address
}
