# What is collected follows from the streams: containers and Prometheus from a cluster, counters,
# system log and events from machines.
locals {
  prometheus = [for stream in var.streams : stream if stream == "Microsoft-PrometheusMetrics"]
  containers = [
    for stream in var.streams : stream
    if startswith(stream, "Microsoft-Container") || startswith(stream, "Microsoft-Kube") || stream == "Microsoft-InsightsMetrics"
  ]
  logs    = [for stream in var.streams : stream if stream != "Microsoft-PrometheusMetrics"]
  windows = contains(var.streams, "Microsoft-Event")
}

resource "azurerm_monitor_data_collection_rule" "this" {
  name                        = var.name
  resource_group_name         = var.resource_group_name
  location                    = var.location
  kind                        = local.windows ? "Windows" : "Linux"
  data_collection_endpoint_id = var.data_collection_endpoint_id
  tags                        = var.tags

  destinations {
    dynamic "log_analytics" {
      for_each = length(local.logs) > 0 ? [true] : []

      content {
        name                  = "logs"
        workspace_resource_id = var.log_analytics_workspace_id
      }
    }

    dynamic "monitor_account" {
      for_each = length(local.prometheus) > 0 ? [true] : []

      content {
        name               = "metrics"
        monitor_account_id = var.monitor_workspace_id
      }
    }
  }

  dynamic "data_flow" {
    for_each = length(local.logs) > 0 ? [true] : []

    content {
      streams      = local.logs
      destinations = ["logs"]
    }
  }

  dynamic "data_flow" {
    for_each = length(local.prometheus) > 0 ? [true] : []

    content {
      streams      = local.prometheus
      destinations = ["metrics"]
    }
  }

  data_sources {
    dynamic "extension" {
      for_each = length(local.containers) > 0 ? [true] : []

      content {
        name           = "ContainerInsightsExtension"
        extension_name = "ContainerInsights"
        streams        = local.containers
        extension_json = jsonencode({
          dataCollectionSettings = {
            enableContainerLogV2   = true
            interval               = "1m"
            namespaceFilteringMode = "Off"
          }
        })
      }
    }

    dynamic "prometheus_forwarder" {
      for_each = length(local.prometheus) > 0 ? [true] : []

      content {
        name    = "PrometheusDataSource"
        streams = local.prometheus
      }
    }

    dynamic "performance_counter" {
      for_each = contains(var.streams, "Microsoft-Perf") ? [true] : []

      content {
        name                          = "perf"
        streams                       = ["Microsoft-Perf"]
        sampling_frequency_in_seconds = 60
        counter_specifiers = local.windows ? [
          "\\LogicalDisk(*)\\% Free Space",
          "\\Memory\\Available MBytes",
          "\\Processor Information(_Total)\\% Processor Time",
          ] : [
          "Logical Disk(*)\\% Used Space",
          "Memory(*)\\% Used Memory",
          "Processor(*)\\% Processor Time",
        ]
      }
    }

    dynamic "syslog" {
      for_each = contains(var.streams, "Microsoft-Syslog") ? [true] : []

      content {
        name           = "syslog"
        streams        = ["Microsoft-Syslog"]
        facility_names = ["auth", "authpriv", "cron", "daemon", "kern", "syslog", "user"]
        log_levels     = ["Notice", "Warning", "Error", "Critical", "Alert", "Emergency"]
      }
    }

    dynamic "windows_event_log" {
      for_each = local.windows ? [true] : []

      content {
        name    = "events"
        streams = ["Microsoft-Event"]
        x_path_queries = [
          "Application!*[System[(Level=1 or Level=2 or Level=3)]]",
          "Security!*[System[(band(Keywords,13510798882111488))]]",
          "System!*[System[(Level=1 or Level=2 or Level=3)]]",
        ]
      }
    }
  }

  lifecycle {
    ignore_changes = [tags]
  }
}

# A rule that is associated with nothing collects nothing. The add-on of AKS looks for the
# association by its name.
resource "azurerm_monitor_data_collection_rule_association" "this" {
  for_each = toset(var.targets)

  name                    = length(local.containers) > 0 ? "ContainerInsightsExtension" : "dcra-${var.name}"
  data_collection_rule_id = azurerm_monitor_data_collection_rule.this.id
  target_resource_id      = var.target_ids[each.value]
}
