output "id" {
  description = "Id of the alert."
  value       = azurerm_monitor_metric_alert.this.id
}
