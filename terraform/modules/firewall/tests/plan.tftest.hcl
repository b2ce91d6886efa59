variables {
  name                = "afw-hub"
  resource_group_name = "rg-hub"
  location            = "westeurope"
  sku_tier            = "Premium"
  firewall_policy_id  = "/afwp-hub"
  subnet_id           = "/vnet-hub/subnets/AzureFirewallSubnet"
  public_ips          = ["pip-afw-hub-1", "pip-afw-web"]
  public_ip_ids       = { pip-afw-hub-1 = "/pip-1", pip-afw-web = "/pip-2", pip-afw-hub-management = "/pip-3" }
}

run "plans_premium_with_two_addresses" {
  command = plan

  variables {
    zones              = ["1", "2", "3"]
    private_ip_address = "10.0.0.4"
  }

  assert {
    condition     = azurerm_firewall.this.ip_configuration[*].public_ip_address_id == tolist(["/pip-1", "/pip-2"])
    error_message = "Public IPs are attached in order."
  }

  assert {
    condition     = azurerm_firewall.this.ip_configuration[0].subnet_id == "/vnet-hub/subnets/AzureFirewallSubnet" && azurerm_firewall.this.ip_configuration[1].subnet_id == null
    error_message = "Only the first configuration carries the subnet."
  }

  assert {
    condition     = length(azurerm_firewall.this.management_ip_configuration) == 0 && azurerm_firewall.this.zones == toset(["1", "2", "3"])
    error_message = "Premium needs no management address, and is in the zones that were asked for."
  }
}

run "plans_basic_with_management" {
  command = plan

  variables {
    sku_tier             = "Basic"
    management_public_ip = "pip-afw-hub-management"
    management_subnet_id = "/vnet-hub/subnets/AzureFirewallManagementSubnet"
  }

  assert {
    condition     = azurerm_firewall.this.management_ip_configuration[0].public_ip_address_id == "/pip-3"
    error_message = "A Basic firewall is managed through an address of its own."
  }
}

run "refuses_basic_without_management" {
  command = plan

  variables {
    sku_tier = "Basic"
  }

  expect_failures = [var.management_public_ip]
}

run "refuses_unknown_tiers_and_zones" {
  command = plan

  variables {
    sku_tier = "Ultra"
    zones    = ["4"]
  }

  expect_failures = [var.sku_tier, var.zones]
}

run "refuses_another_subnet" {
  command = plan

  variables {
    subnet_id = "/vnet-hub/subnets/FirewallSubnet"
  }

  expect_failures = [var.subnet_id]
}

run "refuses_no_address" {
  command = plan

  variables {
    public_ips = []
  }

  expect_failures = [var.public_ips]
}

run "refuses_an_address_twice" {
  command = plan

  variables {
    public_ips = ["pip-afw-web", "pip-afw-web"]
  }

  expect_failures = [var.public_ips]
}

run "refuses_a_management_address_without_subnet" {
  command = plan

  variables {
    management_public_ip = "pip-afw-hub-management"
  }

  expect_failures = [var.management_subnet_id]
}
