mock_provider "azurerm" {}

variables {
  name                = "contosodiagnostics"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

run "is_private_and_without_keys_by_default" {
  command = plan

  assert {
    condition = (
      !azurerm_storage_account.this.public_network_access_enabled
      && !azurerm_storage_account.this.shared_access_key_enabled
      && !azurerm_storage_account.this.allow_nested_items_to_be_public
      && azurerm_storage_account.this.network_rules[0].default_action == "Deny"
      && azurerm_storage_account.this.min_tls_version == "TLS1_2"
    )
    error_message = "The account has no public access, no public blobs, no keys and no old TLS."
  }
}

run "refuses_capitals" {
  command = plan

  variables {
    name = "ContosoDiagnostics"
  }

  expect_failures = [var.name]
}

run "refuses_unknown_replication" {
  command = plan

  variables {
    account_replication_type = "zrs"
  }

  expect_failures = [var.account_replication_type]
}

run "refuses_other_actions" {
  command = plan

  variables {
    network_rules_default_action = "Block"
  }

  expect_failures = [var.network_rules_default_action]
}
