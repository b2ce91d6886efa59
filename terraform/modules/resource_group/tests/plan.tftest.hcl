variables {
  name     = "rg-hub"
  location = "westeurope"
}

run "plans" {
  command = plan

  assert {
    condition     = azurerm_resource_group.this.name == "rg-hub" && azurerm_resource_group.this.location == "westeurope"
    error_message = "The group takes its name and region from the variables."
  }
}

run "refuses_names_that_end_in_a_dot" {
  command = plan

  variables {
    name = "rg-hub."
  }

  expect_failures = [var.name]
}
