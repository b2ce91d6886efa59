# Of the virtual network: flow logs of security groups can no longer be made since July 2025.
resource "azurerm_network_watcher_flow_log" "this" {
  name                 = var.name
  network_watcher_name = coalesce(var.network_watcher_name, "NetworkWatcher_${var.location}")
  resource_group_name  = var.network_watcher_resource_group_name
  location             = var.location
  target_resource_id   = var.virtual_network_id
  storage_account_id   = var.storage_account_id
  enabled              = true
  version              = 2
  tags                 = var.tags

  retention_policy {
    enabled = true
    days    = var.retention_in_days
  }

  dynamic "traffic_analytics" {
    for_each = var.log_analytics_workspace[*]

    content {
      enabled               = true
      interval_in_minutes   = 10
      workspace_id          = traffic_analytics.value.workspace_id
      workspace_region      = traffic_analytics.value.location
      workspace_resource_id = traffic_analytics.value.id
    }
  }

  lifecycle {
    ignore_changes = [tags]
  }
}
