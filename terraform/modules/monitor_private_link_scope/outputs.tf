output "id" {
  description = "Id of the scope, once its resources are linked."
  value       = azurerm_monitor_private_link_scope.this.id

  depends_on = [azurerm_monitor_private_link_scoped_service.this]
}

output "name" {
  description = "Name of the scope."
  value       = azurerm_monitor_private_link_scope.this.name
}
