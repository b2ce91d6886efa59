mock_provider "azurerm" {}

variables {
  name                 = "agw-contoso"
  resource_group_name  = "rg-aks"
  location             = "westeurope"
  subnet_id            = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks/subnets/AppGatewaySubnet"
  public_ip_address_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/publicIPAddresses/pip-agw"
  firewall_policy_id   = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/wafcontoso"
}

run "has_a_web_application_firewall" {
  command = plan

  assert {
    condition     = azurerm_application_gateway.this.sku[0].name == "WAF_v2" && azurerm_application_gateway.this.force_firewall_policy_association
    error_message = "Requests pass the policy, whatever the controller writes."
  }
}

run "can_be_private" {
  command = plan

  variables {
    public_ip_address_id = null
    private_ip_address   = "10.1.49.10"
  }

  assert {
    condition     = [for item in azurerm_application_gateway.this.frontend_ip_configuration : item.name] == ["private"]
    error_message = "Its only frontend is private."
  }
}

run "refuses_version_1_and_more" {
  command = plan

  variables {
    name               = "agw."
    sku                = "WAF_Medium"
    private_ip_address = "10.1.49"
    min_capacity       = 101
    zones              = ["4"]
  }

  expect_failures = [var.name, var.sku, var.private_ip_address, var.min_capacity, var.zones]
}

run "refuses_a_firewall_without_a_policy_and_too_few_instances" {
  command = plan

  variables {
    firewall_policy_id = null
    min_capacity       = 5
    max_capacity       = 3
  }

  expect_failures = [var.sku, var.max_capacity]
}

run "refuses_a_gateway_without_a_frontend" {
  command = plan

  variables {
    public_ip_address_id = null
  }

  expect_failures = [var.public_ip_address_id]
}
