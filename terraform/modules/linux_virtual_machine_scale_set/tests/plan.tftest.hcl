mock_provider "azurerm" {}

variables {
  name                 = "vmss-agents"
  resource_group_name  = "rg-aks"
  location             = "westeurope"
  sku                  = "Standard_D2ds_v5"
  subnet_id            = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks/subnets/VmSubnet"
  admin_ssh_public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0wmN/Cr3JXqmLW7u+g9pTh+wyqDHpSQEIQczXkVx9q admin"
}

run "is_as_azure_devops_wants_it" {
  command = plan

  assert {
    condition = (
      azurerm_linux_virtual_machine_scale_set.this.upgrade_mode == "Manual"
      && !azurerm_linux_virtual_machine_scale_set.this.overprovision
      && !azurerm_linux_virtual_machine_scale_set.this.single_placement_group
    )
    error_message = "Azure DevOps takes no scale set that changes its machines itself."
  }

  assert {
    condition     = azurerm_linux_virtual_machine_scale_set.this.disable_password_authentication && azurerm_linux_virtual_machine_scale_set.this.instances == 0
    error_message = "No password, and nothing runs before a job is queued."
  }
}

run "refuses_what_azure_would_refuse" {
  command = plan

  variables {
    name                 = "-vmss"
    sku                  = "D2ds_v5"
    instances            = 2000
    zones                = ["4"]
    admin_username       = "root"
    admin_ssh_public_key = "AAAAC3NzaC1lZDI1NTE5"
  }

  expect_failures = [var.name, var.sku, var.instances, var.zones, var.admin_username, var.admin_ssh_public_key]
}
