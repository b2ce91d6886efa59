mock_provider "azurerm" {}

variables {
  name                      = "fc-shop"
  user_assigned_identity_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop"
  issuer                    = "https://westeurope.oic.prod-aks.azure.com/tenant/issuer/"
  subject                   = "system:serviceaccount:shop:shop"
}

run "plans" {
  command = plan

  assert {
    condition     = azurerm_federated_identity_credential.this.audience == tolist(["api://AzureADTokenExchange"])
    error_message = "Tokens are for the public cloud unless said otherwise."
  }
}

run "refuses_names_with_dots" {
  command = plan

  variables {
    name = "fc.shop"
  }

  expect_failures = [var.name]
}

run "refuses_wildcards_in_the_subject" {
  command = plan

  variables {
    subject = "system:serviceaccount:shop:*"
  }

  expect_failures = [var.subject]
}

run "refuses_other_audiences" {
  command = plan

  variables {
    audience = "https://management.azure.com"
  }

  expect_failures = [var.audience]
}
