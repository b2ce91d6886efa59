variables {
  name                      = "peer-aks-to-hub"
  resource_group_name       = "rg-aks"
  virtual_network_name      = "vnet-aks"
  remote_virtual_network_id = "/vnet-hub"
}

run "plans" {
  command = plan

  variables {
    allow_forwarded_traffic = true
    remote_address_space    = ["10.0.0.0/16"]
  }

  assert {
    condition     = azurerm_virtual_network_peering.this.allow_virtual_network_access && azurerm_virtual_network_peering.this.allow_forwarded_traffic
    error_message = "Networks reach each other, and forwarded traffic is let in when asked for."
  }

  assert {
    condition     = azurerm_virtual_network_peering.this.triggers.remote_address_space == "10.0.0.0/16"
    error_message = "The peering is written again when the other network grows."
  }
}

run "refuses_to_lend_and_borrow_a_gateway" {
  command = plan

  variables {
    allow_gateway_transit = true
    use_remote_gateways   = true
  }

  expect_failures = [var.use_remote_gateways]
}
