output "id" {
  description = "Id of the setting."
  value       = azurerm_monitor_diagnostic_setting.this.id
}
