variables {
  name                = "pip-afw-hub-1"
  resource_group_name = "rg-hub"
  location            = "westeurope"
}

run "plans" {
  command = plan

  variables {
    zones = ["1", "2", "3"]
  }

  assert {
    condition     = azurerm_public_ip.this.sku == "Standard" && azurerm_public_ip.this.allocation_method == "Static"
    error_message = "Only static Standard addresses can be made."
  }

  assert {
    condition     = azurerm_public_ip.this.zones == toset(["1", "2", "3"])
    error_message = "The address is in the zones that were asked for."
  }
}

run "refuses_zones_that_no_region_has" {
  command = plan

  variables {
    zones = ["4"]
  }

  expect_failures = [var.zones]
}
