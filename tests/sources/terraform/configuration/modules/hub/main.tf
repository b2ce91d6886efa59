variable "resource_group_name" { type = string }
variable "location" { type = string }
variable "exposed" { type = map(string) }

resource "azurerm_virtual_network" "this" {
  name                = "vnet-hub"
  resource_group_name = var.resource_group_name
  location            = var.location
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "firewall" {
  count = 1

  name                 = "AzureFirewallSubnet"
  resource_group_name  = var.resource_group_name
  virtual_network_name = azurerm_virtual_network.this.name
  address_prefixes     = ["10.0.0.0/26"]
}

resource "azurerm_public_ip" "firewall" {
  for_each = merge({ main = "" }, var.exposed)

  name                = "pip-${each.key}"
  resource_group_name = var.resource_group_name
  location            = var.location
  allocation_method   = "Static"
}

resource "azurerm_firewall_policy" "this" {
  name                = "afwp"
  resource_group_name = var.resource_group_name
  location            = var.location
}

resource "azurerm_firewall" "this" {
  name                = "afw"
  resource_group_name = var.resource_group_name
  location            = var.location
  sku_name            = "AZFW_VNet"
  sku_tier            = "Standard"
  firewall_policy_id  = azurerm_firewall_policy.this.id

  ip_configuration {
    name                 = "main"
    subnet_id            = azurerm_subnet.firewall[0].id
    public_ip_address_id = azurerm_public_ip.firewall["main"].id
  }

  dynamic "ip_configuration" {
    for_each = var.exposed

    content {
      name                 = ip_configuration.key
      public_ip_address_id = azurerm_public_ip.firewall[ip_configuration.key].id
    }
  }
}

resource "azurerm_firewall_policy_rule_collection_group" "nat" {
  for_each = var.exposed

  name               = "nat-${each.key}"
  firewall_policy_id = azurerm_firewall_policy.this.id
  priority           = 100 + index(keys(var.exposed), each.key)

  nat_rule_collection {
    name     = "nat"
    priority = 100
    action   = "Dnat"

    rule {
      name                = each.key
      protocols           = ["TCP"]
      source_addresses    = ["*"]
      destination_address = azurerm_public_ip.firewall[each.key].ip_address
      destination_ports   = ["80"]
      translated_address  = each.value
      translated_port     = 80
    }
  }
}

output "network_id" { value = azurerm_virtual_network.this.id }
output "network_name" { value = azurerm_virtual_network.this.name }
output "firewall_address" { value = azurerm_firewall.this.ip_configuration[0].private_ip_address }
output "public_ips" { value = { for key, item in azurerm_public_ip.firewall : key => item.ip_address } }
