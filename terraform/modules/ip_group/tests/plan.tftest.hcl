variables {
  name                = "ipg-offices"
  resource_group_name = "rg-hub"
  location            = "westeurope"
}

run "plans" {
  command = plan

  variables {
    cidrs = ["198.51.100.0/25", "192.0.2.10", "192.0.2.20-192.0.2.30"]
  }

  assert {
    condition     = length(azurerm_ip_group.this.cidrs) == 3
    error_message = "Addresses, prefixes and ranges are kept."
  }
}

run "refuses_names" {
  command = plan

  variables {
    cidrs = ["office.contoso.com"]
  }

  expect_failures = [var.cidrs]
}

run "refuses_more_than_5000_entries" {
  command = plan

  variables {
    cidrs = flatten([for m in range(6) : [for n in range(1000) : cidrhost("10.0.0.0/8", 1000 * m + n)]])
  }

  expect_failures = [var.cidrs]
}
