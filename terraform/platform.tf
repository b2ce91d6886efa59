module "container_registry" {
  source   = "./modules/container_registry"
  for_each = var.container_registries

  name                          = each.key
  resource_group_name           = module.resource_group[each.value.resource_group_name].name
  location                      = each.value.location
  sku                           = each.value.sku
  public_network_access_enabled = each.value.public_network_access_enabled
  zone_redundancy_enabled       = each.value.zone_redundancy_enabled
  admin_enabled                 = each.value.admin_enabled
  data_endpoint_enabled         = each.value.data_endpoint_enabled
  georeplications               = each.value.georeplications
  tags                          = var.tags

  # Network isolated nodes ask this repository for what others get from Microsoft's registry.
  cache_rules = contains([for cluster in values(var.kubernetes_clusters) : cluster.bootstrap_container_registry], each.key) ? {
    aks-managed-mcr = { source_repo = "mcr.microsoft.com/*", target_repo = "aks-managed-repository/*" }
  } : {}
}

module "key_vault" {
  source   = "./modules/key_vault"
  for_each = var.key_vaults

  name                          = each.key
  resource_group_name           = module.resource_group[each.value.resource_group_name].name
  location                      = module.resource_group[each.value.resource_group_name].location
  tenant_id                     = data.azurerm_client_config.current.tenant_id
  public_network_access_enabled = each.value.public_network_access_enabled
  network_acls_default_action   = each.value.network_acls_default_action
  purge_protection_enabled      = each.value.purge_protection_enabled
  rbac_authorization_enabled    = each.value.rbac_authorization_enabled
  tags                          = var.tags
}

module "storage_account" {
  source   = "./modules/storage_account"
  for_each = var.storage_accounts

  name                          = each.key
  resource_group_name           = module.resource_group[each.value.resource_group_name].name
  location                      = module.resource_group[each.value.resource_group_name].location
  account_replication_type      = each.value.account_replication_type
  public_network_access_enabled = each.value.public_network_access_enabled
  network_rules_default_action  = each.value.network_rules_default_action
  shared_access_key_enabled     = each.value.shared_access_key_enabled
  tags                          = var.tags
}

module "log_analytics_workspace" {
  source   = "./modules/log_analytics_workspace"
  for_each = var.log_analytics_workspaces

  name                           = each.key
  resource_group_name            = module.resource_group[each.value.resource_group_name].name
  location                       = module.resource_group[each.value.resource_group_name].location
  retention_in_days              = each.value.retention_in_days
  internet_ingestion_access_type = each.value.internet_ingestion_access_type
  internet_query_access_type     = each.value.internet_query_access_type
  tags                           = var.tags
}

module "monitor_workspace" {
  source   = "./modules/monitor_workspace"
  for_each = var.monitor_workspaces

  name                          = each.key
  resource_group_name           = module.resource_group[each.value.resource_group_name].name
  location                      = module.resource_group[each.value.resource_group_name].location
  public_network_access_enabled = each.value.public_network_access_enabled
  tags                          = var.tags
}
