variables {
  name                = "rt-aks"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

run "plans_routes" {
  command = plan

  variables {
    routes = {
      to-firewall = { address_prefix = "0.0.0.0/0", next_hop_type = "VirtualAppliance", next_hop_in_ip_address = "10.0.0.4" }
      reply       = { address_prefix = "pip:pip-afw/32", next_hop_type = "Internet" }
    }
    public_ip_addresses = { pip-afw = "203.0.113.1" }
  }

  assert {
    condition     = azurerm_route.this["reply"].address_prefix == "203.0.113.1/32"
    error_message = "The name of a public IP is replaced by its address."
  }

  assert {
    condition     = azurerm_route.this["to-firewall"].next_hop_in_ip_address == "10.0.0.4" && !azurerm_route_table.this.bgp_route_propagation_enabled
    error_message = "The default route leads to the firewall, and nothing that a gateway learns leads past it."
  }
}

run "refuses_unknown_next_hops" {
  command = plan

  variables {
    routes = { route = { address_prefix = "0.0.0.0/0", next_hop_type = "Firewall" } }
  }

  expect_failures = [var.routes]
}

run "refuses_an_appliance_without_address" {
  command = plan

  variables {
    routes = { route = { address_prefix = "0.0.0.0/0", next_hop_type = "VirtualAppliance" } }
  }

  expect_failures = [var.routes]
}

run "refuses_a_prefix_twice" {
  command = plan

  variables {
    routes = {
      one = { address_prefix = "0.0.0.0/0", next_hop_type = "Internet" }
      two = { address_prefix = "0.0.0.0/0", next_hop_type = "None" }
    }
  }

  expect_failures = [var.routes]
}

run "refuses_more_than_400_routes" {
  command = plan

  variables {
    routes = { for n in range(401) : "r${n}" => { address_prefix = "${cidrhost("10.0.0.0/8", n)}/32", next_hop_type = "None" } }
  }

  expect_failures = [var.routes]
}
