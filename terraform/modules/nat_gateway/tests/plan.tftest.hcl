variables {
  name                = "ng-agents"
  resource_group_name = "rg-shared"
  location            = "westeurope"
  public_ip_ids       = { pip-ng-1 = "/pip-1", pip-ng-2 = "/pip-2" }
}

run "plans" {
  command = plan

  variables {
    public_ips = ["pip-ng-1", "pip-ng-2"]
  }

  assert {
    condition     = length(azurerm_nat_gateway_public_ip_association.this) == 2
    error_message = "Each public IP is attached."
  }
}

run "refuses_no_address" {
  command = plan

  variables {
    public_ips = []
  }

  expect_failures = [var.public_ips]
}
