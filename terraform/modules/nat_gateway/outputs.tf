output "id" {
  description = "Id of the NAT gateway; whoever waits for it also waits for its addresses."
  value       = azurerm_nat_gateway.this.id

  depends_on = [azurerm_nat_gateway_public_ip_association.this]
}

output "name" {
  description = "Name of the NAT gateway."
  value       = azurerm_nat_gateway.this.name
}
