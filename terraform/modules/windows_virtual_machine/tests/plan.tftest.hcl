mock_provider "azurerm" {}

variables {
  name                = "vm-agent-windows"
  computer_name       = "agent"
  resource_group_name = "rg-aks"
  location            = "westeurope"
  size                = "Standard_D2ds_v5"
  subnet_id           = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks/subnets/VmSubnet"
  admin_password      = "only-for-the-first-boot-1"
}

run "has_no_public_address" {
  command = plan

  assert {
    condition     = azurerm_network_interface.this.ip_configuration[0].public_ip_address_id == null
    error_message = "The internet does not reach it."
  }

  assert {
    condition     = azurerm_windows_virtual_machine.this.encryption_at_host_enabled && azurerm_windows_virtual_machine.this.patch_mode == "AutomaticByPlatform"
    error_message = "Its disks are encrypted at the host, and Azure patches it."
  }

  assert {
    condition     = length(azurerm_virtual_machine_extension.entra_login) == 1 && length(azurerm_virtual_machine_extension.azure_monitor_agent) == 1
    error_message = "People sign in with Entra, and it is watched."
  }
}

run "takes_an_address_and_a_group" {
  command = plan

  variables {
    private_ip_address         = "10.1.48.10"
    network_security_group     = "nsg-jumpbox"
    network_security_group_ids = { nsg-jumpbox = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/networkSecurityGroups/nsg-jumpbox" }
  }

  assert {
    condition     = azurerm_network_interface.this.ip_configuration[0].private_ip_address_allocation == "Static" && length(azurerm_network_interface_security_group_association.this) == 1
    error_message = "The interface has the address and the group."
  }
}

run "refuses_what_azure_would_refuse" {
  command = plan

  variables {
    name                   = "vm-jumpbox-"
    size                   = "D2ds_v5"
    private_ip_address     = "10.1.48"
    network_security_group = "nsg-other"
    admin_username         = "admin"
    admin_password         = "short"
    computer_name          = "123"
  }

  expect_failures = [
    var.name,
    var.size,
    var.private_ip_address,
    var.network_security_group,
    var.admin_username,
    var.admin_password,
    var.computer_name,
  ]
}
