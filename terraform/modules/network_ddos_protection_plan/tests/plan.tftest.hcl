variables {
  name                = "ddos-contoso"
  resource_group_name = "rg-hub"
  location            = "westeurope"
  tags                = { owner = "platform" }
}

run "plans" {
  command = plan

  assert {
    condition     = azurerm_network_ddos_protection_plan.this.name == "ddos-contoso" && azurerm_network_ddos_protection_plan.this.tags["owner"] == "platform"
    error_message = "The plan has the name and tags that were given."
  }
}
