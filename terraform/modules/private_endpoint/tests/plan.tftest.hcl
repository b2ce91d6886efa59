mock_provider "azurerm" {}

variables {
  name                           = "pe-contoso-vault"
  resource_group_name            = "rg-aks"
  location                       = "westeurope"
  subnet_id                      = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks/subnets/VmSubnet"
  private_connection_resource_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.KeyVault/vaults/contoso-vault"
  subresource                    = "vault"
  private_dns_zone_ids           = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net"]
}

run "writes_its_records_into_the_zone" {
  command = plan

  assert {
    condition     = azurerm_private_endpoint.this.private_dns_zone_group[0].private_dns_zone_ids == tolist(var.private_dns_zone_ids)
    error_message = "The zone group holds the zone."
  }

  assert {
    condition     = azurerm_private_endpoint.this.private_service_connection[0].subresource_names == tolist(["vault"])
    error_message = "The endpoint is of the vault."
  }
}

run "a_private_link_service_has_no_subresource" {
  command = plan

  variables {
    private_connection_resource_id    = null
    private_connection_resource_alias = "clearing.4d1a0a31-8f57-4b8e-9d8b-3f2f6f0f5c11.westeurope.azure.privatelinkservice"
    subresource                       = ""
    private_dns_zone_ids              = []
  }

  assert {
    condition     = azurerm_private_endpoint.this.private_service_connection[0].is_manual_connection
    error_message = "The owner of the service approves."
  }

  assert {
    condition     = azurerm_private_endpoint.this.private_service_connection[0].subresource_names == null && length(azurerm_private_endpoint.this.private_dns_zone_group) == 0
    error_message = "No subresource and no zone."
  }
}

run "refuses_a_name_that_ends_in_a_dot_and_an_id_as_subresource" {
  command = plan

  variables {
    name        = "pe-vault."
    subresource = "Microsoft.KeyVault/vaults"
  }

  expect_failures = [var.name, var.subresource]
}

run "refuses_an_alias_that_is_none" {
  command = plan

  variables {
    private_connection_resource_id    = null
    private_connection_resource_alias = "clearing"
  }

  expect_failures = [var.private_connection_resource_alias]
}

run "refuses_six_zones" {
  command = plan

  variables {
    private_dns_zone_ids = ["a", "b", "c", "d", "e", "f"]
  }

  expect_failures = [var.private_dns_zone_ids]
}
