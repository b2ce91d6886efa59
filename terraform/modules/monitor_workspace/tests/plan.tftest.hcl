mock_provider "azurerm" {}

variables {
  name                = "amw-contoso"
  resource_group_name = "rg-hub"
  location            = "westeurope"
}

run "is_private_by_default" {
  command = plan

  assert {
    condition     = !azurerm_monitor_workspace.this.public_network_access_enabled
    error_message = "Metrics are read through a private endpoint."
  }
}

run "refuses_underscores" {
  command = plan

  variables {
    name = "amw_contoso"
  }

  expect_failures = [var.name]
}
