variables {
  name                = "nsg-aks-VmSubnet"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

run "plans_rules" {
  command = plan

  variables {
    security_rules = {
      AllowSshFromBastion = {
        priority                = 100
        direction               = "Inbound"
        access                  = "Allow"
        protocol                = "Tcp"
        destination_port_ranges = ["22", "3389"]
        source_address_prefixes = ["10.0.0.64/26"]
      }
      AllowFirewall = {
        priority                     = 110
        direction                    = "Inbound"
        access                       = "Allow"
        source_address_prefixes      = ["pip:pip-a", "pip:pip-b"]
        destination_address_prefixes = ["pip:pip-b"]
      }
    }
    public_ip_addresses = { pip-a = "203.0.113.1", pip-b = "203.0.113.2" }
  }

  assert {
    condition     = azurerm_network_security_rule.this["AllowSshFromBastion"].source_address_prefix == "10.0.0.64/26" && azurerm_network_security_rule.this["AllowSshFromBastion"].source_port_range == "*"
    error_message = "One prefix goes into the singular argument."
  }

  assert {
    condition     = azurerm_network_security_rule.this["AllowSshFromBastion"].destination_port_ranges == toset(["22", "3389"])
    error_message = "Several port ranges go into the plural argument."
  }

  assert {
    condition     = azurerm_network_security_rule.this["AllowFirewall"].source_address_prefixes == toset(["203.0.113.1", "203.0.113.2"]) && azurerm_network_security_rule.this["AllowFirewall"].destination_address_prefix == "203.0.113.2"
    error_message = "The name of a public IP is replaced by its address."
  }
}

run "refuses_priorities_below_100" {
  command = plan

  variables {
    security_rules = { rule = { priority = 99, direction = "Inbound", access = "Allow" } }
  }

  expect_failures = [var.security_rules]
}

run "refuses_unknown_directions" {
  command = plan

  variables {
    security_rules = { rule = { priority = 100, direction = "Both", access = "Allow" } }
  }

  expect_failures = [var.security_rules]
}

run "refuses_unknown_access" {
  command = plan

  variables {
    security_rules = { rule = { priority = 100, direction = "Inbound", access = "Permit" } }
  }

  expect_failures = [var.security_rules]
}

run "refuses_unknown_protocols" {
  command = plan

  variables {
    security_rules = { rule = { priority = 100, direction = "Inbound", access = "Allow", protocol = "TCP" } }
  }

  expect_failures = [var.security_rules]
}

run "refuses_a_priority_twice" {
  command = plan

  variables {
    security_rules = {
      one = { priority = 100, direction = "Inbound", access = "Allow" }
      two = { priority = 100, direction = "Inbound", access = "Deny" }
    }
  }

  expect_failures = [var.security_rules]
}

run "refuses_a_star_beside_a_port" {
  command = plan

  variables {
    security_rules = { rule = { priority = 100, direction = "Inbound", access = "Allow", destination_port_ranges = ["*", "22"] } }
  }

  expect_failures = [var.security_rules]
}

run "refuses_a_tag_beside_a_prefix" {
  command = plan

  variables {
    security_rules = { rule = { priority = 100, direction = "Inbound", access = "Allow", source_address_prefixes = ["Internet", "10.0.0.0/8"] } }
  }

  expect_failures = [var.security_rules]
}
