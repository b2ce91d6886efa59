mock_provider "azurerm" {}

variables {
  name                       = "diag-afw"
  target_resource_id         = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.Network/azureFirewalls/afw"
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.OperationalInsights/workspaces/log"
  log_categories             = ["AZFWNetworkRule", "AZFWApplicationRule"]
}

run "sends_categories_and_metrics" {
  command = plan

  assert {
    condition     = toset([for log in azurerm_monitor_diagnostic_setting.this.enabled_log : log.category]) == toset(["AZFWApplicationRule", "AZFWNetworkRule"])
    error_message = "Each category is a block."
  }

  assert {
    condition     = length(azurerm_monitor_diagnostic_setting.this.enabled_metric) == 1
    error_message = "Metrics are sent."
  }
}

run "sends_a_group" {
  command = plan

  variables {
    log_categories = ["group:allLogs"]
    metrics        = false
  }

  assert {
    condition     = one(azurerm_monitor_diagnostic_setting.this.enabled_log).category_group == "allLogs"
    error_message = "A group is no category."
  }
}

run "refuses_slashes_and_unknown_tables" {
  command = plan

  variables {
    name                           = "diag/afw"
    log_analytics_destination_type = "Own"
  }

  expect_failures = [var.name, var.log_analytics_destination_type]
}

run "refuses_to_send_nothing" {
  command = plan

  variables {
    log_categories = []
    metrics        = false
  }

  expect_failures = [var.log_categories]
}

run "refuses_categories_beside_groups" {
  command = plan

  variables {
    log_categories = ["group:allLogs", "AZFWNetworkRule"]
  }

  expect_failures = [var.log_categories]
}

run "sends_the_metrics_of_storage" {
  command = plan

  variables {
    log_categories    = []
    metric_categories = ["Capacity", "Transaction"]
  }

  assert {
    condition     = toset([for metric in azurerm_monitor_diagnostic_setting.this.enabled_metric : metric.category]) == toset(["Capacity", "Transaction"])
    error_message = "Azure refuses `AllMetrics` of a storage account."
  }
}

run "refuses_metrics_without_a_category" {
  command = plan

  variables {
    metric_categories = []
  }

  expect_failures = [var.metric_categories]
}
