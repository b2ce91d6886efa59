mock_provider "azurerm" {}

variables {
  name                = "privatelink.vaultcore.azure.net"
  resource_group_name = "rg-hub"

  virtual_network_links = {
    link-hub = { virtual_network = "vnet-hub" }
    link-aks = { virtual_network = "vnet-aks", resolution_policy = "NxDomainRedirect" }
  }

  virtual_network_ids = {
    vnet-hub = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub"
    vnet-aks = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks"
  }
}

run "links_every_network" {
  command = plan

  assert {
    condition     = azurerm_private_dns_zone_virtual_network_link.this["link-hub"].virtual_network_id == var.virtual_network_ids["vnet-hub"]
    error_message = "The hub, where the DNS proxy asks, is linked."
  }

  assert {
    condition     = alltrue([for link in azurerm_private_dns_zone_virtual_network_link.this : !link.registration_enabled])
    error_message = "Machines do not write their names into the zone."
  }
}

run "refuses_a_zone_of_one_label" {
  command = plan

  variables {
    name                  = "internal"
    virtual_network_links = {}
  }

  expect_failures = [var.name]
}

run "refuses_unknown_policies" {
  command = plan

  variables {
    virtual_network_links = { link-hub = { virtual_network = "vnet-hub", resolution_policy = "Redirect" } }
  }

  expect_failures = [var.virtual_network_links]
}

run "refuses_a_fall_back_to_the_internet_for_other_zones" {
  command = plan

  variables {
    name                  = "contoso.internal"
    virtual_network_links = { link-hub = { virtual_network = "vnet-hub", resolution_policy = "NxDomainRedirect" } }
  }

  expect_failures = [var.virtual_network_links]
}

run "refuses_a_network_twice" {
  command = plan

  variables {
    virtual_network_links = { one = { virtual_network = "vnet-hub" }, two = { virtual_network = "vnet-hub" } }
  }

  expect_failures = [var.virtual_network_links]
}
