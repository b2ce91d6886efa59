variables {
  name                = "vnet-aks"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  address_space       = ["10.1.0.0/16"]
}

run "plans_subnets_and_associations" {
  command = plan

  variables {
    dns_servers             = ["10.0.0.4"]
    ddos_protection_plan_id = "/subscriptions/0/plan"
    subnets = {
      AksSubnet = {
        address_prefixes                = ["10.1.0.0/20"]
        network_security_group          = "nsg-aks"
        route_table                     = "rt-aks"
        default_outbound_access_enabled = true
      }
      PoolSubnet = {
        address_prefixes  = ["10.1.64.0/24"]
        nat_gateway       = "ng-pool"
        delegation        = "Microsoft.DevOpsInfrastructure/pools"
        service_endpoints = ["Microsoft.Storage"]
      }
    }
    network_security_group_ids = { nsg-aks = "/nsg" }
    route_table_ids            = { rt-aks = "/rt" }
    nat_gateway_ids            = { ng-pool = "/ng" }
  }

  assert {
    condition     = azurerm_subnet.this["AksSubnet"].default_outbound_access_enabled && !azurerm_subnet.this["PoolSubnet"].default_outbound_access_enabled
    error_message = "Subnets are private unless they say otherwise."
  }

  assert {
    condition     = keys(azurerm_subnet_route_table_association.this) == ["AksSubnet"] && keys(azurerm_subnet_network_security_group_association.this) == ["AksSubnet"] && keys(azurerm_subnet_nat_gateway_association.this) == ["PoolSubnet"]
    error_message = "Only what a subnet names is associated with it."
  }

  assert {
    condition     = azurerm_subnet.this["PoolSubnet"].delegation[0].service_delegation[0].name == "Microsoft.DevOpsInfrastructure/pools"
    error_message = "A delegation goes to the service that was named."
  }

  assert {
    condition     = azurerm_virtual_network.this.ddos_protection_plan[0].enable
    error_message = "A plan that is named is turned on."
  }
}

run "plans_without_subnets" {
  command = plan

  assert {
    condition     = length(azurerm_subnet.this) == 0 && length(azurerm_virtual_network.this.ddos_protection_plan) == 0
    error_message = "No subnet and no plan comes by itself."
  }
}

run "refuses_an_address_for_a_prefix" {
  command = plan

  variables {
    address_space = ["10.1.0.0"]
  }

  expect_failures = [var.address_space]
}

run "refuses_names_as_dns_servers" {
  command = plan

  variables {
    dns_servers = ["dns.contoso.com"]
  }

  expect_failures = [var.dns_servers]
}

run "refuses_subnets_without_prefix_length" {
  command = plan

  variables {
    subnets = { AksSubnet = { address_prefixes = ["10.1.0.0"] } }
  }

  expect_failures = [var.subnets]
}

run "refuses_unknown_endpoint_policies" {
  command = plan

  variables {
    subnets = { AksSubnet = { address_prefixes = ["10.1.0.0/24"], private_endpoint_network_policies = "Off" } }
  }

  expect_failures = [var.subnets]
}

run "refuses_a_group_on_the_firewall" {
  command = plan

  variables {
    subnets                    = { AzureFirewallSubnet = { address_prefixes = ["10.1.0.0/26"], network_security_group = "nsg" } }
    network_security_group_ids = { nsg = "/nsg" }
  }

  expect_failures = [var.subnets]
}

run "refuses_a_small_bastion_subnet" {
  command = plan

  variables {
    subnets = { AzureBastionSubnet = { address_prefixes = ["10.1.0.0/27"] } }
  }

  expect_failures = [var.subnets]
}

run "refuses_a_small_firewall_subnet" {
  command = plan

  variables {
    subnets = { AzureFirewallManagementSubnet = { address_prefixes = ["10.1.0.0/27"] } }
  }

  expect_failures = [var.subnets]
}

run "refuses_a_delegation_to_no_service" {
  command = plan

  variables {
    subnets = { PoolSubnet = { address_prefixes = ["10.1.0.0/24"], delegation = "pools" } }
  }

  expect_failures = [var.subnets]
}
