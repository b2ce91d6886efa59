output "id" {
  description = "Id of the identity."
  value       = azurerm_user_assigned_identity.this.id
}

output "name" {
  description = "Name of the identity."
  value       = azurerm_user_assigned_identity.this.name
}

output "principal_id" {
  description = "Object id of its service principal: what roles are assigned to."
  value       = azurerm_user_assigned_identity.this.principal_id
}

output "client_id" {
  description = "Application id: what workloads sign in with."
  value       = azurerm_user_assigned_identity.this.client_id
}
