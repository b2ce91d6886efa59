output "id" {
  description = "Id of the route table; whoever waits for it also waits for its routes."
  value       = azurerm_route_table.this.id

  depends_on = [azurerm_route.this]
}

output "name" {
  description = "Name of the route table."
  value       = azurerm_route_table.this.name
}
