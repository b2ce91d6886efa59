mock_provider "azurerm" {}

variables {
  name                = "log-contoso"
  resource_group_name = "rg-hub"
  location            = "westeurope"
}

run "signs_in_with_entra_only" {
  command = plan

  assert {
    condition     = !azurerm_log_analytics_workspace.this.local_authentication_enabled
    error_message = "The workspace's keys open nothing."
  }
}

run "refuses_a_hyphen_at_the_end" {
  command = plan

  variables {
    name = "log-"
  }

  expect_failures = [var.name]
}

run "refuses_a_short_retention" {
  command = plan

  variables {
    retention_in_days = 7
  }

  expect_failures = [var.retention_in_days]
}

run "refuses_other_ways_in" {
  command = plan

  variables {
    internet_ingestion_access_type = "Off"
    internet_query_access_type     = "Off"
  }

  expect_failures = [var.internet_ingestion_access_type, var.internet_query_access_type]
}
