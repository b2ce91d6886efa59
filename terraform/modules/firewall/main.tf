resource "azurerm_firewall" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  sku_name            = "AZFW_VNet"
  sku_tier            = var.sku_tier
  firewall_policy_id  = var.firewall_policy_id
  zones               = var.zones
  tags                = var.tags

  # The first configuration carries the subnet; each is called as its public IP.
  dynamic "ip_configuration" {
    for_each = var.public_ips

    content {
      name                 = ip_configuration.value
      subnet_id            = ip_configuration.key == 0 ? var.subnet_id : null
      public_ip_address_id = var.public_ip_ids[ip_configuration.value]
    }
  }

  dynamic "management_ip_configuration" {
    for_each = var.management_public_ip[*]

    content {
      name                 = management_ip_configuration.value
      subnet_id            = var.management_subnet_id
      public_ip_address_id = var.public_ip_ids[management_ip_configuration.value]
    }
  }

  timeouts {
    create = "90m"
    update = "90m"
    delete = "90m"
  }

  lifecycle {
    # A workload that is exposed outside Terraform brings a public IP with its configuration.
    ignore_changes = [tags, ip_configuration]

    # Routes and DNS settings hold the address that the design foresaw.
    postcondition {
      condition     = var.private_ip_address == null || self.ip_configuration[0].private_ip_address == var.private_ip_address
      error_message = "Azure gave the firewall another private address than its routes have: keep AzureFirewallSubnet to the firewall alone, and make the firewall anew."
    }
  }
}
