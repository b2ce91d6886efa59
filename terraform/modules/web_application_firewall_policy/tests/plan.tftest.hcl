mock_provider "azurerm" {}

variables {
  name                = "waf-contoso"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

run "refuses_attacks_by_default" {
  command = plan

  assert {
    condition     = azurerm_web_application_firewall_policy.this.policy_settings[0].mode == "Prevention"
    error_message = "Bad requests are refused, not only logged."
  }

  assert {
    condition     = azurerm_web_application_firewall_policy.this.managed_rules[0].managed_rule_set[0].type == "Microsoft_DefaultRuleSet"
    error_message = "Microsoft's rules apply."
  }
}

run "refuses_a_dot_at_the_end_unknown_modes_and_no_rules" {
  command = plan

  variables {
    name              = "waf."
    mode              = "Block"
    managed_rule_sets = []
  }

  expect_failures = [var.name, var.mode, var.managed_rule_sets]
}

run "refuses_unknown_rule_sets" {
  command = plan

  variables {
    managed_rule_sets = [{ type = "ModSecurity", version = "3.2" }]
  }

  expect_failures = [var.managed_rule_sets]
}

run "refuses_two_rule_sets_for_the_same_attacks" {
  command = plan

  variables {
    managed_rule_sets = [{ type = "Microsoft_DefaultRuleSet", version = "2.1" }, { type = "OWASP", version = "3.2" }]
  }

  expect_failures = [var.managed_rule_sets]
}
