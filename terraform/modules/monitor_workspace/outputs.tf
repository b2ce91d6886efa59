output "id" {
  description = "Id of the workspace."
  value       = azurerm_monitor_workspace.this.id
}

output "default_data_collection_endpoint_id" {
  description = "Id of the endpoint through which agents write to the workspace."
  value       = azurerm_monitor_workspace.this.default_data_collection_endpoint_id
}

output "query_endpoint" {
  description = "URL that answers Prometheus queries."
  value       = azurerm_monitor_workspace.this.query_endpoint
}
