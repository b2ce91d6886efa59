output "id" {
  description = "Id of the zone, once its links exist: who resolves through it can wait for it."
  value       = azurerm_private_dns_zone.this.id

  depends_on = [azurerm_private_dns_zone_virtual_network_link.this]
}

output "name" {
  description = "Name of the zone."
  value       = azurerm_private_dns_zone.this.name
}
