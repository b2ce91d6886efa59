module "monitor_diagnostic_setting" {
  source   = "./modules/monitor_diagnostic_setting"
  for_each = var.monitor_diagnostic_settings

  name                           = each.key
  log_analytics_workspace_id     = module.log_analytics_workspace[each.value.log_analytics_workspace].id
  log_analytics_destination_type = each.value.log_analytics_destination_type
  log_categories                 = each.value.log_categories
  metrics                        = each.value.metrics
  metric_categories              = startswith(each.value.target, "storage_") ? ["Capacity", "Transaction"] : ["AllMetrics"]

  target_resource_id = merge(
    { for name, item in module.virtual_network : "virtual_network:${name}" => item.id },
    { for name, item in module.network_security_group : "network_security_group:${name}" => item.id },
    { for name, item in module.public_ip : "public_ip:${name}" => item.id },
    { for name, item in module.nat_gateway : "nat_gateway:${name}" => item.id },
    { for name, item in module.firewall : "firewall:${name}" => item.id },
    { for name, item in module.bastion_host : "bastion_host:${name}" => item.id },
    { for name, item in module.kubernetes_cluster : "kubernetes_cluster:${name}" => item.id },
    { for name, item in module.application_gateway : "application_gateway:${name}" => item.id },
    { for name, item in module.application_load_balancer : "application_load_balancer:${name}" => item.id },
    { for name, item in module.container_registry : "container_registry:${name}" => item.id },
    { for name, item in module.key_vault : "key_vault:${name}" => item.id },
    { for name, item in module.storage_account : "storage_account:${name}" => item.id },
    { for name, item in module.storage_account : "storage_blob_service:${name}" => "${item.id}/blobServices/default" },
    { for name, item in module.log_analytics_workspace : "log_analytics_workspace:${name}" => item.id },
  )[each.value.target]
}

module "monitor_data_collection_rule" {
  source   = "./modules/monitor_data_collection_rule"
  for_each = var.monitor_data_collection_rules

  name                        = each.key
  resource_group_name         = module.resource_group[each.value.resource_group_name].name
  location                    = module.resource_group[each.value.resource_group_name].location
  streams                     = each.value.streams
  log_analytics_workspace_id  = each.value.log_analytics_workspace == null ? null : module.log_analytics_workspace[each.value.log_analytics_workspace].id
  monitor_workspace_id        = each.value.monitor_workspace == null ? null : module.monitor_workspace[each.value.monitor_workspace].id
  data_collection_endpoint_id = each.value.monitor_workspace == null ? null : module.monitor_workspace[each.value.monitor_workspace].default_data_collection_endpoint_id
  targets                     = each.value.targets
  tags                        = var.tags

  target_ids = merge(
    { for name, item in module.kubernetes_cluster : "kubernetes_cluster:${name}" => item.id },
    { for name, item in module.linux_virtual_machine : "linux_virtual_machine:${name}" => item.id },
    { for name, item in module.windows_virtual_machine : "windows_virtual_machine:${name}" => item.id },
  )
}

module "monitor_metric_alert" {
  source   = "./modules/monitor_metric_alert"
  for_each = var.monitor_metric_alerts

  name                = each.key
  resource_group_name = module.resource_group[each.value.resource_group_name].name
  metric_namespace    = each.value.metric_namespace
  metric_name         = each.value.metric_name
  aggregation         = each.value.aggregation
  operator            = each.value.operator
  threshold           = each.value.threshold
  dimensions          = each.value.dimensions
  severity            = each.value.severity
  action_group_ids    = var.action_group_ids
  tags                = var.tags

  scope = merge(
    { for name, item in module.public_ip : "public_ip:${name}" => item.id },
    { for name, item in module.nat_gateway : "nat_gateway:${name}" => item.id },
    { for name, item in module.firewall : "firewall:${name}" => item.id },
    { for name, item in module.kubernetes_cluster : "kubernetes_cluster:${name}" => item.id },
    { for name, item in module.application_gateway : "application_gateway:${name}" => item.id },
    { for name, item in module.application_load_balancer : "application_load_balancer:${name}" => item.id },
    { for name, item in module.container_registry : "container_registry:${name}" => item.id },
    { for name, item in module.key_vault : "key_vault:${name}" => item.id },
    { for name, item in module.storage_account : "storage_account:${name}" => item.id },
    { for name, item in module.log_analytics_workspace : "log_analytics_workspace:${name}" => item.id },
  )[each.value.scope]
}

module "monitor_private_link_scope" {
  source   = "./modules/monitor_private_link_scope"
  for_each = var.monitor_private_link_scopes

  name                  = each.key
  resource_group_name   = module.resource_group[each.value.resource_group_name].name
  ingestion_access_mode = each.value.ingestion_access_mode
  query_access_mode     = each.value.query_access_mode
  linked_resources      = each.value.linked_resources
  tags                  = var.tags

  linked_resource_ids = { for name, item in module.log_analytics_workspace : "log_analytics_workspace:${name}" => item.id }
}
