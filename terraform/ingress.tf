module "web_application_firewall_policy" {
  source   = "./modules/web_application_firewall_policy"
  for_each = var.web_application_firewall_policies

  name                = each.key
  resource_group_name = module.resource_group[each.value.resource_group_name].name
  location            = module.resource_group[each.value.resource_group_name].location
  mode                = each.value.mode
  managed_rule_sets   = each.value.managed_rule_sets
  tags                = var.tags
}

module "application_gateway" {
  source   = "./modules/application_gateway"
  for_each = var.application_gateways

  name                 = each.key
  resource_group_name  = module.resource_group[each.value.resource_group_name].name
  location             = var.virtual_networks[split("/", each.value.subnet)[0]].location
  subnet_id            = module.virtual_network[split("/", each.value.subnet)[0]].subnet_ids[split("/", each.value.subnet)[1]]
  sku                  = each.value.sku
  public_ip_address_id = each.value.public_ip == null ? null : module.public_ip[each.value.public_ip].id
  private_ip_address   = each.value.private_ip_address
  firewall_policy_id   = each.value.firewall_policy == null ? null : module.web_application_firewall_policy[each.value.firewall_policy].id
  min_capacity         = each.value.min_capacity
  max_capacity         = each.value.max_capacity
  zones                = each.value.zones
  tags                 = var.tags
}

module "application_load_balancer" {
  source   = "./modules/application_load_balancer"
  for_each = var.application_load_balancers

  name                = each.key
  resource_group_name = module.resource_group[each.value.resource_group_name].name
  location            = var.virtual_networks[split("/", each.value.subnet)[0]].location
  subnet_id           = module.virtual_network[split("/", each.value.subnet)[0]].subnet_ids[split("/", each.value.subnet)[1]]
  frontends           = each.value.frontends
  firewall_policy     = each.value.firewall_policy
  firewall_policy_ids = { for name, item in module.web_application_firewall_policy : name => item.id }
  tags                = var.tags
}
