module "private_dns_zone" {
  source   = "./modules/private_dns_zone"
  for_each = var.private_dns_zones

  name                  = each.key
  resource_group_name   = module.resource_group[each.value.resource_group_name].name
  virtual_network_links = each.value.virtual_network_links
  virtual_network_ids   = { for name, item in module.virtual_network : name => item.id }
  tags                  = var.tags
}

module "private_endpoint" {
  source   = "./modules/private_endpoint"
  for_each = var.private_endpoints

  name                 = each.key
  resource_group_name  = module.resource_group[each.value.resource_group_name].name
  location             = var.virtual_networks[split("/", each.value.subnet)[0]].location
  subnet_id            = module.virtual_network[split("/", each.value.subnet)[0]].subnet_ids[split("/", each.value.subnet)[1]]
  subresource          = each.value.subresource
  private_dns_zone_ids = [for zone in each.value.private_dns_zones : module.private_dns_zone[zone].id]
  tags                 = var.tags

  private_connection_resource_alias = endswith(each.value.target, ".azure.privatelinkservice") ? each.value.target : null
  private_connection_resource_id = (
    endswith(each.value.target, ".azure.privatelinkservice") ? null :
    startswith(each.value.target, "/") ? each.value.target :
    contains(keys(var.private_endpoint_target_ids), each.value.target) ? var.private_endpoint_target_ids[each.value.target] :
    each.value.subresource == "registry" ? module.container_registry[each.value.target].id :
    each.value.subresource == "vault" ? module.key_vault[each.value.target].id :
    each.value.subresource == "azuremonitor" ? module.monitor_private_link_scope[each.value.target].id :
    each.value.subresource == "prometheusMetrics" ? module.monitor_workspace[each.value.target].id :
    module.storage_account[each.value.target].id
  )
}
