output "id" {
  description = "Id of the flow log."
  value       = azurerm_network_watcher_flow_log.this.id
}

output "name" {
  description = "Name of the flow log."
  value       = azurerm_network_watcher_flow_log.this.name
}
