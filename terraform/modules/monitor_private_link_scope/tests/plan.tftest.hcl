mock_provider "azurerm" {}

variables {
  name                = "ampls-contoso"
  resource_group_name = "rg-hub"
  linked_resources    = ["log_analytics_workspace:log"]
  linked_resource_ids = { "log_analytics_workspace:log" = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.OperationalInsights/workspaces/log" }
}

run "links_the_workspace" {
  command = plan

  assert {
    condition     = azurerm_monitor_private_link_scoped_service.this["log_analytics_workspace:log"].linked_resource_id == var.linked_resource_ids["log_analytics_workspace:log"]
    error_message = "The workspace is in the scope."
  }

  assert {
    condition     = azurerm_monitor_private_link_scope.this.ingestion_access_mode == "PrivateOnly"
    error_message = "Logs are written privately only."
  }
}

run "refuses_words_that_azure_does_not_know" {
  command = plan

  variables {
    name                  = "ampls."
    ingestion_access_mode = "Private"
    query_access_mode     = "Public"
    linked_resources      = ["log"]
  }

  expect_failures = [var.name, var.ingestion_access_mode, var.query_access_mode, var.linked_resources]
}
