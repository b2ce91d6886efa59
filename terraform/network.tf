module "network_ddos_protection_plan" {
  source   = "./modules/network_ddos_protection_plan"
  for_each = var.network_ddos_protection_plans

  name                = each.key
  resource_group_name = module.resource_group[each.value.resource_group_name].name
  location            = module.resource_group[each.value.resource_group_name].location
  tags                = var.tags
}

module "virtual_network" {
  source   = "./modules/virtual_network"
  for_each = var.virtual_networks

  name                       = each.key
  resource_group_name        = module.resource_group[each.value.resource_group_name].name
  location                   = each.value.location
  address_space              = each.value.address_space
  dns_servers                = each.value.dns_servers
  ddos_protection_plan_id    = each.value.ddos_protection_plan == null ? null : module.network_ddos_protection_plan[each.value.ddos_protection_plan].id
  subnets                    = each.value.subnets
  network_security_group_ids = { for name, item in module.network_security_group : name => item.id }
  route_table_ids            = { for name, item in module.route_table : name => item.id }
  nat_gateway_ids            = { for name, item in module.nat_gateway : name => item.id }
  tags                       = var.tags
}

# Both directions of every peering are entries of the map.
module "virtual_network_peering" {
  source   = "./modules/virtual_network_peering"
  for_each = var.virtual_network_peerings

  name                         = each.value.name
  resource_group_name          = module.virtual_network[each.value.virtual_network].resource_group_name
  virtual_network_name         = module.virtual_network[each.value.virtual_network].name
  remote_virtual_network_id    = module.virtual_network[each.value.remote_virtual_network].id
  remote_address_space         = var.virtual_networks[each.value.remote_virtual_network].address_space
  allow_virtual_network_access = each.value.allow_virtual_network_access
  allow_forwarded_traffic      = each.value.allow_forwarded_traffic
  allow_gateway_transit        = each.value.allow_gateway_transit
  use_remote_gateways          = each.value.use_remote_gateways
}

module "route_table" {
  source   = "./modules/route_table"
  for_each = var.route_tables

  name                          = each.key
  resource_group_name           = module.resource_group[each.value.resource_group_name].name
  location                      = module.resource_group[each.value.resource_group_name].location
  bgp_route_propagation_enabled = each.value.bgp_route_propagation_enabled
  routes                        = each.value.routes
  public_ip_addresses           = { for name, item in module.public_ip : name => item.ip_address }
  tags                          = var.tags
}

module "network_security_group" {
  source   = "./modules/network_security_group"
  for_each = var.network_security_groups

  name                = each.key
  resource_group_name = module.resource_group[each.value.resource_group_name].name
  location            = module.resource_group[each.value.resource_group_name].location
  security_rules      = each.value.security_rules
  public_ip_addresses = { for name, item in module.public_ip : name => item.ip_address }
  tags                = var.tags
}

module "public_ip" {
  source   = "./modules/public_ip"
  for_each = var.public_ips

  name                = each.key
  resource_group_name = module.resource_group[each.value.resource_group_name].name
  location            = module.resource_group[each.value.resource_group_name].location
  zones               = each.value.zones
  tags                = var.tags
}

module "nat_gateway" {
  source   = "./modules/nat_gateway"
  for_each = var.nat_gateways

  name                = each.key
  resource_group_name = module.resource_group[each.value.resource_group_name].name
  location            = module.resource_group[each.value.resource_group_name].location
  public_ips          = each.value.public_ips
  public_ip_ids       = { for name, item in module.public_ip : name => item.id }
  tags                = var.tags
}

module "bastion_host" {
  source   = "./modules/bastion_host"
  for_each = var.bastion_hosts

  name                = each.key
  resource_group_name = module.resource_group[each.value.resource_group_name].name
  location            = module.virtual_network[each.value.virtual_network].location
  sku                 = each.value.sku
  virtual_network_id  = module.virtual_network[each.value.virtual_network].id
  subnet_id           = each.value.sku == "Developer" ? null : module.virtual_network[each.value.virtual_network].subnet_ids["AzureBastionSubnet"]
  public_ip_id        = each.value.public_ip == null ? null : module.public_ip[each.value.public_ip].id
  tunneling_enabled   = each.value.tunneling_enabled
  zones               = each.value.zones
  tags                = var.tags
}

module "network_watcher_flow_log" {
  source   = "./modules/network_watcher_flow_log"
  for_each = var.network_watcher_flow_logs

  name               = each.key
  location           = module.virtual_network[each.value.virtual_network].location
  virtual_network_id = module.virtual_network[each.value.virtual_network].id
  storage_account_id = module.storage_account[each.value.storage_account].id
  retention_in_days  = each.value.retention_in_days
  log_analytics_workspace = each.value.log_analytics_workspace == null ? null : {
    id           = module.log_analytics_workspace[each.value.log_analytics_workspace].id
    workspace_id = module.log_analytics_workspace[each.value.log_analytics_workspace].workspace_id
    location     = module.log_analytics_workspace[each.value.log_analytics_workspace].location
  }
  network_watcher_name                = var.network_watcher.name
  network_watcher_resource_group_name = var.network_watcher.resource_group_name
  tags                                = var.tags
}
