resource "azurerm_virtual_network" "this" {
  name                = var.name
  resource_group_name = var.resource_group_name
  location            = var.location
  address_space       = var.address_space
  dns_servers         = var.dns_servers
  tags                = var.tags

  dynamic "ddos_protection_plan" {
    for_each = var.ddos_protection_plan_id[*]

    content {
      id     = ddos_protection_plan.value
      enable = true
    }
  }

  lifecycle {
    ignore_changes = [tags]
  }
}

resource "azurerm_subnet" "this" {
  for_each = var.subnets

  name                              = each.key
  resource_group_name               = var.resource_group_name
  virtual_network_name              = azurerm_virtual_network.this.name
  address_prefixes                  = each.value.address_prefixes
  default_outbound_access_enabled   = each.value.default_outbound_access_enabled
  private_endpoint_network_policies = each.value.private_endpoint_network_policies

  dynamic "delegation" {
    for_each = each.value.delegation[*]

    content {
      name = delegation.value

      service_delegation {
        name = delegation.value
        # The one action of Microsoft.DevOpsInfrastructure/pools, Microsoft.ServiceNetworking/
        # trafficControllers and Microsoft.ContainerService/managedClusters.
        actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
      }
    }
  }

  dynamic "service_endpoint" {
    for_each = each.value.service_endpoints

    content {
      service = service_endpoint.value
    }
  }
}

resource "azurerm_subnet_network_security_group_association" "this" {
  for_each = { for name, subnet in var.subnets : name => subnet if subnet.network_security_group != null }

  subnet_id                 = azurerm_subnet.this[each.key].id
  network_security_group_id = var.network_security_group_ids[each.value.network_security_group]
}

resource "azurerm_subnet_route_table_association" "this" {
  for_each = { for name, subnet in var.subnets : name => subnet if subnet.route_table != null }

  subnet_id      = azurerm_subnet.this[each.key].id
  route_table_id = var.route_table_ids[each.value.route_table]
}

resource "azurerm_subnet_nat_gateway_association" "this" {
  for_each = { for name, subnet in var.subnets : name => subnet if subnet.nat_gateway != null }

  subnet_id      = azurerm_subnet.this[each.key].id
  nat_gateway_id = var.nat_gateway_ids[each.value.nat_gateway]
}
