# Everything that a plan can say of a reference, in one small network: what test_real_plan.py reads.

terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 5.0"
    }
  }
}

provider "azurerm" {
  features {}
  subscription_id = "11111111-2222-3333-4444-555555555555"
}

variable "spokes" {
  type = map(object({ space = string, subnets = map(string), protected = set(string) }))
  default = {
    apps = { space = "10.1.0.0/16", subnets = { Nodes = "10.1.0.0/24", Tools = "10.1.1.0/24" }, protected = ["Nodes"] }
    data = { space = "10.2.0.0/16", subnets = { Store = "10.2.0.0/24" }, protected = ["Store"] }
  }
}

variable "exposed" {
  type    = map(string)
  default = { shop = "10.1.0.240", blog = "10.1.0.241" }
}

variable "tools_home" {
  type    = string
  default = "Tools"
}

locals {
  location = "westeurope"
}

resource "azurerm_resource_group" "main" {
  name     = "rg-main"
  location = local.location
}

module "hub" {
  source              = "./modules/hub"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  exposed             = var.exposed
}

module "spoke" {
  source   = "./modules/spoke"
  for_each = var.spokes

  name                = each.key
  space               = each.value.space
  subnets             = each.value.subnets
  protected           = each.value.protected
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  firewall_address    = module.hub.firewall_address
  firewall_public_ips = module.hub.public_ips
  hub_id              = module.hub.network_id
}

resource "azurerm_virtual_network_peering" "back" {
  for_each = module.spoke

  name                      = "hub-to-${each.key}"
  resource_group_name       = azurerm_resource_group.main.name
  virtual_network_name      = module.hub.network_name
  remote_virtual_network_id = each.value.network_id
  allow_forwarded_traffic   = true
}

resource "azurerm_network_interface" "tools" {
  name                = "nic-tools"
  resource_group_name = azurerm_resource_group.main.name
  location            = local.location

  ip_configuration {
    name                          = "main"
    private_ip_address_allocation = "Dynamic"
    subnet_id                     = module.spoke["apps"].subnet_ids[var.tools_home]
  }
}

resource "azurerm_linux_virtual_machine" "tools" {
  name                  = "vm-tools"
  resource_group_name   = azurerm_resource_group.main.name
  location              = local.location
  size                  = "Standard_B2s"
  admin_username        = "azureuser"
  network_interface_ids = [azurerm_network_interface.tools.id]

  admin_ssh_key {
    username   = "azureuser"
    public_key = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 nobody"
  }

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Standard_LRS"
  }
}

output "workloads" {
  value = {
    for name, frontend in var.exposed : name => {
      load_balancer = "internal"
      port          = 80
      target_port   = 8080
      frontend      = frontend
    }
  }
}
