resource "azurerm_monitor_diagnostic_setting" "this" {
  name                           = var.name
  target_resource_id             = var.target_resource_id
  log_analytics_workspace_id     = var.log_analytics_workspace_id
  log_analytics_destination_type = var.log_analytics_destination_type

  dynamic "enabled_log" {
    for_each = toset(var.log_categories)

    content {
      category       = startswith(enabled_log.value, "group:") ? null : enabled_log.value
      category_group = startswith(enabled_log.value, "group:") ? trimprefix(enabled_log.value, "group:") : null
    }
  }

  dynamic "enabled_metric" {
    for_each = var.metrics ? toset(var.metric_categories) : []

    content {
      category = enabled_metric.value
    }
  }
}
