mock_provider "azurerm" {}

variables {
  name                = "contoso-vault"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  tenant_id           = "22222222-2222-2222-2222-222222222222"
}

run "is_private_and_safe_by_default" {
  command = plan

  assert {
    condition = (
      !azurerm_key_vault.this.public_network_access_enabled
      && azurerm_key_vault.this.network_acls[0].default_action == "Deny"
      && azurerm_key_vault.this.purge_protection_enabled
      && azurerm_key_vault.this.rbac_authorization_enabled
    )
    error_message = "The vault has no public access, keeps what is deleted, and asks Azure roles."
  }
}

run "refuses_two_hyphens" {
  command = plan

  variables {
    name = "contoso--vault"
  }

  expect_failures = [var.name]
}

run "refuses_other_tiers" {
  command = plan

  variables {
    sku_name = "Premium"
  }

  expect_failures = [var.sku_name]
}

run "refuses_other_actions" {
  command = plan

  variables {
    network_acls_default_action = "deny"
  }

  expect_failures = [var.network_acls_default_action]
}

run "refuses_a_short_retention" {
  command = plan

  variables {
    soft_delete_retention_days = 1
  }

  expect_failures = [var.soft_delete_retention_days]
}
