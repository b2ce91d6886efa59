mock_provider "azurerm" {}

variables {
  scope                = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks"
  role_definition_name = "Network Contributor"
  principal_id         = "11111111-1111-1111-1111-111111111111"
}

run "plans" {
  command = plan

  assert {
    condition     = azurerm_role_assignment.this.skip_service_principal_aad_check == true
    error_message = "A fresh service principal is not looked up in Entra first."
  }
}

run "a_group_is_no_service_principal" {
  command = plan

  variables {
    principal_type = "Group"
  }

  assert {
    condition     = azurerm_role_assignment.this.principal_type == "Group"
    error_message = "A group keeps its type."
  }
}

run "refuses_owner" {
  command = plan

  variables {
    role_definition_name = "Owner"
  }

  expect_failures = [var.role_definition_name]
}

run "refuses_other_principal_types" {
  command = plan

  variables {
    principal_type = "Device"
  }

  expect_failures = [var.principal_type]
}
