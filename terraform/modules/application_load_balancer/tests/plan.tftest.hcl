mock_provider "azurerm" {}

variables {
  name                = "alb-contoso"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  subnet_id           = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks/subnets/AlbSubnet"
  firewall_policy     = "wafcontoso"
  firewall_policy_ids = { wafcontoso = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/wafcontoso" }
}

run "stands_in_its_subnet_behind_the_policy" {
  command = plan

  assert {
    condition     = azurerm_application_load_balancer_subnet_association.this.subnet_id == var.subnet_id && length(azurerm_application_load_balancer_frontend.this) == 1
    error_message = "It has a subnet and a frontend."
  }

  assert {
    condition     = azurerm_application_load_balancer_security_policy.this[0].web_application_firewall_policy_id == var.firewall_policy_ids["wafcontoso"]
    error_message = "Requests pass the policy."
  }
}

run "refuses_six_frontends_and_unknown_policies" {
  command = plan

  variables {
    name            = "alb-"
    frontends       = ["a", "b", "c", "d", "e", "f"]
    firewall_policy = "other"
  }

  expect_failures = [var.name, var.frontends, var.firewall_policy]
}

run "refuses_names_with_spaces" {
  command = plan

  variables {
    frontends = ["web front"]
  }

  expect_failures = [var.frontends]
}
