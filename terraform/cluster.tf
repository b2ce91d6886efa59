module "kubernetes_cluster" {
  source   = "./modules/kubernetes_cluster"
  for_each = var.kubernetes_clusters

  # Nodes boot as soon as the cluster is made. Before that, their way out must be open (rules,
  # routes, peerings), names must resolve (links), images must be reachable (endpoints) and the
  # identities must have their rights.
  depends_on = [
    module.firewall,
    module.private_dns_zone,
    module.private_endpoint,
    module.role_assignment,
    module.rule_collection_group,
    module.virtual_network,
    module.virtual_network_peering,
  ]

  name                                = each.key
  resource_group_name                 = module.resource_group[each.value.resource_group_name].name
  location                            = each.value.location
  dns_prefix                          = each.value.dns_prefix
  kubernetes_version                  = each.value.kubernetes_version
  sku_tier                            = each.value.sku_tier
  node_resource_group                 = each.value.node_resource_group
  private_cluster_enabled             = each.value.private_cluster_enabled
  private_cluster_public_fqdn_enabled = each.value.private_cluster_public_fqdn_enabled
  private_dns_zone_id                 = contains(["System", "None"], each.value.private_dns_zone) ? each.value.private_dns_zone : module.private_dns_zone[each.value.private_dns_zone].id
  authorized_ip_ranges                = each.value.authorized_ip_ranges
  public_ip_addresses                 = { for name, item in module.public_ip : name => item.ip_address }
  api_server_subnet_id                = each.value.api_server_subnet == null ? null : module.virtual_network[split("/", each.value.api_server_subnet)[0]].subnet_ids[split("/", each.value.api_server_subnet)[1]]
  bootstrap_container_registry_id     = each.value.bootstrap_container_registry == null ? null : module.container_registry[each.value.bootstrap_container_registry].id
  outbound_type                       = each.value.outbound_type
  network_plugin                      = each.value.network_plugin
  network_plugin_mode                 = each.value.network_plugin_mode
  network_data_plane                  = each.value.network_data_plane
  network_policy                      = each.value.network_policy
  pod_cidr                            = each.value.pod_cidr
  service_cidr                        = each.value.service_cidr
  dns_service_ip                      = each.value.dns_service_ip
  automatic_upgrade_channel           = each.value.automatic_upgrade_channel
  node_os_upgrade_channel             = each.value.node_os_upgrade_channel
  maintenance_window_auto_upgrade     = each.value.maintenance_window_auto_upgrade
  maintenance_window_node_os          = each.value.maintenance_window_node_os
  run_command_enabled                 = each.value.run_command_enabled
  user_assigned_identity_id           = each.value.user_assigned_identity == null ? null : module.user_assigned_identity[each.value.user_assigned_identity].id
  kubelet_identity                    = each.value.kubelet_identity == null ? null : module.user_assigned_identity[each.value.kubelet_identity]
  tenant_id                           = data.azurerm_client_config.current.tenant_id
  azure_rbac_enabled                  = each.value.azure_rbac_enabled
  admin_group_object_ids              = each.value.admin_group_object_ids
  local_account_disabled              = each.value.local_account_disabled
  default_node_pool                   = each.value.default_node_pool
  node_pools                          = each.value.node_pools
  subnet_ids = merge([
    for network, item in module.virtual_network : { for name, id in item.subnet_ids : "${network}/${name}" => id }
  ]...)

  disk_driver_enabled                = each.value.disk_driver_enabled
  file_driver_enabled                = each.value.file_driver_enabled
  blob_driver_enabled                = each.value.blob_driver_enabled
  snapshot_controller_enabled        = each.value.snapshot_controller_enabled
  workload_identity_enabled          = each.value.workload_identity_enabled
  azure_policy_enabled               = each.value.azure_policy_enabled
  cost_analysis_enabled              = each.value.cost_analysis_enabled
  image_cleaner_enabled              = each.value.image_cleaner_enabled
  keda_enabled                       = each.value.keda_enabled
  vertical_pod_autoscaler_enabled    = each.value.vertical_pod_autoscaler_enabled
  observability_enabled              = each.value.observability_enabled
  key_vault_secrets_provider_enabled = each.value.key_vault_secrets_provider_enabled
  log_analytics_workspace_id         = each.value.log_analytics_workspace == null ? null : module.log_analytics_workspace[each.value.log_analytics_workspace].id
  oms_agent_enabled                  = each.value.oms_agent_enabled
  microsoft_defender_enabled         = each.value.microsoft_defender_enabled
  monitor_metrics_enabled            = each.value.monitor_metrics_enabled
  service_mesh_enabled               = each.value.service_mesh_enabled
  service_mesh_revisions             = var.service_mesh_revisions
  ingress                            = each.value.ingress
  application_gateway_id             = each.value.ingress == "application-gateway" ? module.application_gateway[each.value.application_gateway].id : null
  extensions                         = each.value.extensions
  tags                               = var.tags
}
