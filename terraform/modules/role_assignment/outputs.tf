output "id" {
  description = "Id of the role assignment."
  value       = azurerm_role_assignment.this.id
}
