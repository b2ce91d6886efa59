output "id" {
  description = "Id of the rule."
  value       = azurerm_monitor_data_collection_rule.this.id
}
