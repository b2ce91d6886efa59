# Pools of a fixed size, and pools that the autoscaler sizes. They differ in `lifecycle` alone,
# which cannot depend on a variable: the size of the latter is left as it is found.
#
# The version is the cluster's own in every pool, so that no pool can pass the control plane.

resource "azurerm_kubernetes_cluster_node_pool" "fixed" {
  for_each = { for name, pool in var.node_pools : name => pool if pool.min_count == null }

  name                        = each.key
  kubernetes_cluster_id       = azurerm_kubernetes_cluster.this.id
  temporary_name_for_rotation = "tmp${substr(each.key, 0, startswith(each.value.os_sku, "Windows") ? 3 : 9)}"
  mode                        = each.value.mode
  vm_size                     = each.value.vm_size
  vnet_subnet_id              = var.subnet_ids[each.value.subnet]
  pod_subnet_id               = each.value.pod_subnet == null ? null : var.subnet_ids[each.value.pod_subnet]
  zones                       = each.value.zones
  os_type                     = startswith(each.value.os_sku, "Windows") ? "Windows" : "Linux"
  os_sku                      = each.value.os_sku
  os_disk_type                = each.value.os_disk_type
  max_pods                    = each.value.max_pods
  orchestrator_version        = var.kubernetes_version
  node_labels                 = each.value.node_labels
  node_taints                 = concat(each.value.only_critical_addons_enabled ? ["CriticalAddonsOnly=true:NoSchedule"] : [], each.value.node_taints)
  host_encryption_enabled     = each.value.host_encryption_enabled
  auto_scaling_enabled        = false
  node_count                  = each.value.node_count
  tags                        = var.tags

  upgrade_settings {
    max_surge                     = var.upgrade_settings.max_surge
    drain_timeout_in_minutes      = var.upgrade_settings.drain_timeout_in_minutes
    node_soak_duration_in_minutes = var.upgrade_settings.node_soak_duration_in_minutes
  }

  lifecycle {
    ignore_changes = [tags]
  }
}

resource "azurerm_kubernetes_cluster_node_pool" "autoscaled" {
  for_each = { for name, pool in var.node_pools : name => pool if pool.min_count != null }

  name                        = each.key
  kubernetes_cluster_id       = azurerm_kubernetes_cluster.this.id
  temporary_name_for_rotation = "tmp${substr(each.key, 0, startswith(each.value.os_sku, "Windows") ? 3 : 9)}"
  mode                        = each.value.mode
  vm_size                     = each.value.vm_size
  vnet_subnet_id              = var.subnet_ids[each.value.subnet]
  pod_subnet_id               = each.value.pod_subnet == null ? null : var.subnet_ids[each.value.pod_subnet]
  zones                       = each.value.zones
  os_type                     = startswith(each.value.os_sku, "Windows") ? "Windows" : "Linux"
  os_sku                      = each.value.os_sku
  os_disk_type                = each.value.os_disk_type
  max_pods                    = each.value.max_pods
  orchestrator_version        = var.kubernetes_version
  node_labels                 = each.value.node_labels
  node_taints                 = concat(each.value.only_critical_addons_enabled ? ["CriticalAddonsOnly=true:NoSchedule"] : [], each.value.node_taints)
  host_encryption_enabled     = each.value.host_encryption_enabled
  auto_scaling_enabled        = true
  min_count                   = each.value.min_count
  max_count                   = each.value.max_count
  node_count                  = each.value.node_count
  tags                        = var.tags

  upgrade_settings {
    max_surge                     = var.upgrade_settings.max_surge
    drain_timeout_in_minutes      = var.upgrade_settings.drain_timeout_in_minutes
    node_soak_duration_in_minutes = var.upgrade_settings.node_soak_duration_in_minutes
  }

  lifecycle {
    ignore_changes = [node_count, tags]
  }
}
