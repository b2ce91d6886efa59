output "id" {
  description = "Id of the workspace."
  value       = azurerm_log_analytics_workspace.this.id
}

output "name" {
  description = "Name of the workspace."
  value       = azurerm_log_analytics_workspace.this.name
}

output "workspace_id" {
  description = "Identifier of the workspace that queries and agents use."
  value       = azurerm_log_analytics_workspace.this.workspace_id
}

output "location" {
  description = "Region of the workspace."
  value       = azurerm_log_analytics_workspace.this.location
}
