module "ip_group" {
  source   = "./modules/ip_group"
  for_each = var.ip_groups

  name                = each.key
  resource_group_name = module.resource_group[each.value.resource_group_name].name
  location            = module.resource_group[each.value.resource_group_name].location
  cidrs               = each.value.cidrs
  tags                = var.tags
}

# Policies without a parent. A module cannot refer to itself, so the children are another call of it.
module "firewall_policy" {
  source     = "./modules/firewall_policy"
  for_each   = { for name, policy in var.firewall_policies : name => policy if policy.base_policy == null }
  depends_on = [module.role_assignment] # its identity reads the vault

  name                                       = each.key
  resource_group_name                        = module.resource_group[each.value.resource_group_name].name
  location                                   = each.value.location
  sku                                        = each.value.sku
  threat_intelligence_mode                   = each.value.threat_intelligence_mode
  threat_intelligence_allowlist_fqdns        = each.value.threat_intelligence_allowlist_fqdns
  threat_intelligence_allowlist_ip_addresses = each.value.threat_intelligence_allowlist_ip_addresses
  dns_proxy_enabled                          = each.value.dns_proxy_enabled
  dns_servers                                = each.value.dns_servers
  private_ip_ranges                          = each.value.private_ip_ranges
  intrusion_detection_mode                   = each.value.intrusion_detection_mode
  user_assigned_identity_id                  = each.value.user_assigned_identity == null ? null : module.user_assigned_identity[each.value.user_assigned_identity].id
  tls_certificate_secret_id = each.value.tls_certificate == null ? null : (
    startswith(each.value.tls_certificate, "https://")
    ? each.value.tls_certificate
    : "${module.key_vault[split("/", each.value.tls_certificate)[0]].vault_uri}secrets/${split("/", each.value.tls_certificate)[1]}"
  )
  insights_workspace_id = each.value.insights_workspace == null ? null : module.log_analytics_workspace[each.value.insights_workspace].id
  tags                  = var.tags
}

module "child_firewall_policy" {
  source     = "./modules/firewall_policy"
  for_each   = { for name, policy in var.firewall_policies : name => policy if policy.base_policy != null }
  depends_on = [module.role_assignment]

  name                                       = each.key
  resource_group_name                        = module.resource_group[each.value.resource_group_name].name
  location                                   = each.value.location
  sku                                        = each.value.sku
  base_policy_id                             = module.firewall_policy[each.value.base_policy].id
  threat_intelligence_mode                   = each.value.threat_intelligence_mode
  threat_intelligence_allowlist_fqdns        = each.value.threat_intelligence_allowlist_fqdns
  threat_intelligence_allowlist_ip_addresses = each.value.threat_intelligence_allowlist_ip_addresses
  dns_proxy_enabled                          = each.value.dns_proxy_enabled
  dns_servers                                = each.value.dns_servers
  private_ip_ranges                          = each.value.private_ip_ranges
  intrusion_detection_mode                   = each.value.intrusion_detection_mode
  user_assigned_identity_id                  = each.value.user_assigned_identity == null ? null : module.user_assigned_identity[each.value.user_assigned_identity].id
  tls_certificate_secret_id = each.value.tls_certificate == null ? null : (
    startswith(each.value.tls_certificate, "https://")
    ? each.value.tls_certificate
    : "${module.key_vault[split("/", each.value.tls_certificate)[0]].vault_uri}secrets/${split("/", each.value.tls_certificate)[1]}"
  )
  insights_workspace_id = each.value.insights_workspace == null ? null : module.log_analytics_workspace[each.value.insights_workspace].id
  tags                  = var.tags
}

module "rule_collection_group" {
  source   = "./modules/rule_collection_group"
  for_each = var.rule_collection_groups

  name                         = each.value.name
  firewall_policy_id           = try(module.firewall_policy[each.value.firewall_policy].id, module.child_firewall_policy[each.value.firewall_policy].id)
  priority                     = each.value.priority
  managed_elsewhere            = each.value.managed_elsewhere
  nat_rule_collections         = each.value.nat_rule_collections
  network_rule_collections     = each.value.network_rule_collections
  application_rule_collections = each.value.application_rule_collections
  ip_group_ids                 = { for name, item in module.ip_group : name => item.id }
  public_ip_addresses          = { for name, item in module.public_ip : name => item.ip_address }
}

# After its rules: a policy that no firewall holds yet is written in seconds, and from the first
# packet on the firewall knows what may pass.
module "firewall" {
  source     = "./modules/firewall"
  for_each   = var.firewalls
  depends_on = [module.rule_collection_group]

  name                 = each.key
  resource_group_name  = module.resource_group[each.value.resource_group_name].name
  location             = each.value.location
  sku_tier             = each.value.sku_tier
  firewall_policy_id   = try(module.firewall_policy[each.value.firewall_policy].id, module.child_firewall_policy[each.value.firewall_policy].id)
  subnet_id            = module.virtual_network[each.value.virtual_network].subnet_ids["AzureFirewallSubnet"]
  public_ips           = each.value.public_ips
  public_ip_ids        = { for name, item in module.public_ip : name => item.id }
  management_public_ip = each.value.management_public_ip
  management_subnet_id = each.value.management_public_ip == null ? null : module.virtual_network[each.value.virtual_network].subnet_ids["AzureFirewallManagementSubnet"]
  private_ip_address   = each.value.private_ip_address
  zones                = each.value.zones
  tags                 = var.tags
}
