variables {
  name                = "bas-hub"
  resource_group_name = "rg-hub"
  location            = "westeurope"
  virtual_network_id  = "/vnet-hub"
  subnet_id           = "/vnet-hub/subnets/AzureBastionSubnet"
}

run "plans" {
  command = plan

  variables {
    public_ip_id      = "/pip-bas-hub"
    tunneling_enabled = true
    zones             = ["1"]
  }

  assert {
    condition     = azurerm_bastion_host.this.ip_configuration[0].public_ip_address_id == "/pip-bas-hub" && azurerm_bastion_host.this.tunneling_enabled
    error_message = "Browsers reach the public IP, and native clients are let in when asked for."
  }
}

run "plans_developer_without_a_subnet" {
  command = plan

  variables {
    sku       = "Developer"
    subnet_id = null
  }

  assert {
    condition     = length(azurerm_bastion_host.this.ip_configuration) == 0 && azurerm_bastion_host.this.virtual_network_id == "/vnet-hub"
    error_message = "Developer is attached to the network, without a subnet."
  }
}

run "refuses_unknown_tiers_and_zones" {
  command = plan

  variables {
    sku   = "Free"
    zones = ["4"]
  }

  expect_failures = [var.sku, var.zones]
}

run "refuses_another_subnet" {
  command = plan

  variables {
    subnet_id = "/vnet-hub/subnets/BastionSubnet"
  }

  expect_failures = [var.subnet_id]
}

run "refuses_native_clients_of_basic" {
  command = plan

  variables {
    sku               = "Basic"
    tunneling_enabled = true
  }

  expect_failures = [var.tunneling_enabled]
}
