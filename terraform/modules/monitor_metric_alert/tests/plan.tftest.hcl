mock_provider "azurerm" {}

variables {
  name                = "afw-snat-ports"
  resource_group_name = "rg-hub"
  scope               = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.Network/azureFirewalls/afw"
  metric_namespace    = "Microsoft.Network/azureFirewalls"
  metric_name         = "SNATPortUtilization"
  aggregation         = "Average"
  operator            = "GreaterThan"
  threshold           = 80
}

run "watches_one_measure" {
  command = plan

  assert {
    condition     = azurerm_monitor_metric_alert.this.criteria[0].threshold == 80 && length(azurerm_monitor_metric_alert.this.action) == 0
    error_message = "One static criterion, and nobody told unless asked."
  }
}

run "counts_one_value_of_a_dimension" {
  command = plan

  variables {
    dimensions = { Status = "Unhealthy" }
  }

  assert {
    condition     = azurerm_monitor_metric_alert.this.criteria[0].dimension[0].values == tolist(["Unhealthy"])
    error_message = "Other values do not count."
  }
}

run "tells_action_groups" {
  command = plan

  variables {
    action_group_ids = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.Insights/actionGroups/ops"]
  }

  assert {
    condition     = length(azurerm_monitor_metric_alert.this.action) == 1
    error_message = "The group is told."
  }
}

run "refuses_words_that_azure_does_not_know" {
  command = plan

  variables {
    name        = "afw/snat"
    aggregation = "Sum"
    operator    = ">"
    severity    = 5
  }

  expect_failures = [var.name, var.aggregation, var.operator, var.severity]
}
