variables {
  name               = "fl-vnet-hub"
  location           = "westeurope"
  virtual_network_id = "/vnet-hub"
  storage_account_id = "/storage"
}

run "plans_with_the_watcher_that_azure_makes" {
  command = plan

  assert {
    condition     = azurerm_network_watcher_flow_log.this.network_watcher_name == "NetworkWatcher_westeurope" && azurerm_network_watcher_flow_log.this.resource_group_name == "NetworkWatcherRG"
    error_message = "The region's own watcher is used."
  }

  assert {
    condition     = length(azurerm_network_watcher_flow_log.this.traffic_analytics) == 0
    error_message = "Traffic analytics needs a workspace."
  }
}

run "plans_with_traffic_analytics" {
  command = plan

  variables {
    log_analytics_workspace = { id = "/log", workspace_id = "guid", location = "westeurope" }
    network_watcher_name    = "nw-west"
  }

  assert {
    condition     = azurerm_network_watcher_flow_log.this.traffic_analytics[0].workspace_resource_id == "/log" && azurerm_network_watcher_flow_log.this.network_watcher_name == "nw-west"
    error_message = "The workspace and the watcher that were named are used."
  }
}

run "refuses_to_keep_records_for_ever" {
  command = plan

  variables {
    retention_in_days = 0
  }

  expect_failures = [var.retention_in_days]
}
