mock_provider "azurerm" {}

variables {
  name                = "id-aks"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

run "plans" {
  command = plan

  assert {
    condition     = azurerm_user_assigned_identity.this.name == "id-aks"
    error_message = "The identity takes its name from the variable."
  }
}

run "refuses_short_names" {
  command = plan

  variables {
    name = "id"
  }

  expect_failures = [var.name]
}
