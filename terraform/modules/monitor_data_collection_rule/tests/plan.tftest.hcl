mock_provider "azurerm" {}

variables {
  name                       = "dcr-containers"
  resource_group_name        = "rg-hub"
  location                   = "westeurope"
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.OperationalInsights/workspaces/log"
  streams                    = ["Microsoft-ContainerInsights-Group-Default"]
  targets                    = ["kubernetes_cluster:aks"]

  target_ids = {
    "kubernetes_cluster:aks"   = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.ContainerService/managedClusters/aks"
    "linux_virtual_machine:vm" = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Compute/virtualMachines/vm"
  }
}

run "collects_container_logs_of_the_cluster" {
  command = plan

  assert {
    condition     = azurerm_monitor_data_collection_rule.this.data_sources[0].extension[0].extension_name == "ContainerInsights"
    error_message = "The extension of AKS is the source."
  }

  assert {
    condition     = azurerm_monitor_data_collection_rule_association.this["kubernetes_cluster:aks"].name == "ContainerInsightsExtension"
    error_message = "AKS looks for the association by this name."
  }
}

run "collects_counters_and_the_log_of_a_machine" {
  command = plan

  variables {
    name    = "dcr-machines"
    streams = ["Microsoft-Perf", "Microsoft-Syslog"]
    targets = ["linux_virtual_machine:vm"]
  }

  assert {
    condition = (
      length(azurerm_monitor_data_collection_rule.this.data_sources[0].performance_counter) == 1
      && length(azurerm_monitor_data_collection_rule.this.data_sources[0].syslog) == 1
      && length(azurerm_monitor_data_collection_rule.this.data_sources[0].extension) == 0
    )
    error_message = "Counters and the log have a source each."
  }
}

run "collects_prometheus_metrics" {
  command = plan

  variables {
    name                       = "dcr-prometheus"
    log_analytics_workspace_id = null
    monitor_workspace_id       = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.Monitor/accounts/amw"
    streams                    = ["Microsoft-PrometheusMetrics"]
  }

  assert {
    condition     = azurerm_monitor_data_collection_rule.this.data_flow[0].destinations == tolist(["metrics"]) && length(azurerm_monitor_data_collection_rule.this.destinations[0].log_analytics) == 0
    error_message = "Metrics go to the Azure Monitor workspace only."
  }
}

run "collects_events_of_windows" {
  command = plan

  variables {
    streams = ["Microsoft-Event", "Microsoft-Perf"]
    targets = []
  }

  assert {
    condition     = azurerm_monitor_data_collection_rule.this.kind == "Windows" && length(azurerm_monitor_data_collection_rule.this.data_sources[0].windows_event_log) == 1
    error_message = "The rule is for Windows."
  }
}

run "refuses_short_names_and_unknown_targets" {
  command = plan

  variables {
    name    = "d"
    targets = ["kubernetes_cluster:other"]
  }

  expect_failures = [var.name, var.targets]
}

run "refuses_foreign_streams" {
  command = plan

  variables {
    streams = ["Custom-Logs"]
  }

  expect_failures = [var.streams]
}

run "refuses_two_systems_in_one_rule" {
  command = plan

  variables {
    streams = ["Microsoft-Event", "Microsoft-Syslog"]
  }

  expect_failures = [var.streams]
}

run "refuses_logs_and_metrics_without_a_home" {
  command = plan

  variables {
    log_analytics_workspace_id = null
    streams                    = ["Microsoft-Perf", "Microsoft-PrometheusMetrics"]
  }

  expect_failures = [var.log_analytics_workspace_id, var.monitor_workspace_id]
}
