variable "kubernetes_clusters" {
  description = "AKS clusters by name, with their node pools. Features are switches (`azure_policy_enabled`, ...) and `extensions`; `features` lists all of them, those too that are no switch but only something that nodes must reach."
  type = map(object({
    resource_group_name                 = string
    location                            = string
    dns_prefix                          = string
    private_cluster_enabled             = optional(bool, true)
    private_cluster_public_fqdn_enabled = optional(bool, false)
    private_dns_zone                    = optional(string, "System")
    authorized_ip_ranges                = optional(list(string), [])
    outbound_type                       = optional(string, "userDefinedRouting")
    network_plugin                      = optional(string, "azure")
    network_plugin_mode                 = optional(string)
    network_data_plane                  = optional(string, "cilium")
    network_policy                      = optional(string)
    pod_cidr                            = optional(string)
    service_cidr                        = optional(string, "172.16.0.0/16")
    dns_service_ip                      = optional(string, "172.16.0.10")
    sku_tier                            = optional(string, "Standard")
    kubernetes_version                  = optional(string)
    local_account_disabled              = optional(bool, true)
    azure_rbac_enabled                  = optional(bool, true)
    user_assigned_identity              = optional(string)
    features                            = optional(list(string), [])
    node_resource_group                 = optional(string)
    api_server_subnet                   = optional(string)
    bootstrap_container_registry        = optional(string)
    automatic_upgrade_channel           = optional(string)
    node_os_upgrade_channel             = optional(string, "NodeImage")
    run_command_enabled                 = optional(bool, true)
    admin_group_object_ids              = optional(list(string), [])
    kubelet_identity                    = optional(string)
    log_analytics_workspace             = optional(string)
    monitor_workspace                   = optional(string)
    disk_driver_enabled                 = optional(bool, true)
    file_driver_enabled                 = optional(bool, true)
    blob_driver_enabled                 = optional(bool, false)
    snapshot_controller_enabled         = optional(bool, true)
    ingress                             = optional(string)
    application_gateway                 = optional(string)
    workload_identity_enabled           = optional(bool, false)
    azure_policy_enabled                = optional(bool, false)
    cost_analysis_enabled               = optional(bool, false)
    image_cleaner_enabled               = optional(bool, false)
    keda_enabled                        = optional(bool, false)
    vertical_pod_autoscaler_enabled     = optional(bool, false)
    observability_enabled               = optional(bool, false)
    key_vault_secrets_provider_enabled  = optional(bool, false)
    oms_agent_enabled                   = optional(bool, false)
    microsoft_defender_enabled          = optional(bool, false)
    monitor_metrics_enabled             = optional(bool, false)
    service_mesh_enabled                = optional(bool, false)
    extensions                          = optional(map(string), {})

    maintenance_window_auto_upgrade = optional(object({
      day_of_week = string
      start_time  = string
      duration    = number
      utc_offset  = string
    }))
    maintenance_window_node_os = optional(object({
      day_of_week = string
      start_time  = string
      duration    = number
      utc_offset  = string
    }))

    default_node_pool = object({
      name                         = string
      subnet                       = string
      pod_subnet                   = optional(string)
      vm_size                      = string
      node_count                   = number
      min_count                    = optional(number)
      max_count                    = optional(number)
      max_pods                     = optional(number, 30)
      zones                        = optional(list(string), [])
      os_sku                       = optional(string, "AzureLinux")
      os_disk_type                 = optional(string, "Managed")
      only_critical_addons_enabled = optional(bool, true)
      node_labels                  = optional(map(string), {})
      host_encryption_enabled      = optional(bool, false)
    })
    node_pools = optional(map(object({
      mode                         = optional(string, "User")
      subnet                       = string
      pod_subnet                   = optional(string)
      vm_size                      = string
      node_count                   = number
      min_count                    = optional(number)
      max_count                    = optional(number)
      max_pods                     = optional(number, 30)
      zones                        = optional(list(string), [])
      os_sku                       = optional(string, "AzureLinux")
      os_disk_type                 = optional(string, "Managed")
      only_critical_addons_enabled = optional(bool, false)
      node_labels                  = optional(map(string), {})
      node_taints                  = optional(list(string), [])
      host_encryption_enabled      = optional(bool, false)
    })), {})
  }))
  default = {}

  validation {
    condition = alltrue([
      for item in values(var.kubernetes_clusters) : alltrue([
        for subnet in compact(flatten([
          item.api_server_subnet, item.default_node_pool.subnet, item.default_node_pool.pod_subnet,
          [for pool in values(item.node_pools) : [pool.subnet, pool.pod_subnet]],
        ])) : can(var.virtual_networks[split("/", subnet)[0]].subnets[split("/", subnet)[1]])
      ])
    ])
    error_message = "kubernetes_clusters: subnets are `<virtual network>/<subnet>` of `virtual_networks`."
  }

  validation {
    condition = alltrue([
      for item in values(var.kubernetes_clusters) :
      length(setsubtract(compact([item.user_assigned_identity, item.kubelet_identity]), keys(var.user_assigned_identities))) == 0
    ])
    error_message = "kubernetes_clusters: name identities of `user_assigned_identities`."
  }

  validation {
    condition = alltrue([
      for item in values(var.kubernetes_clusters) :
      !item.private_cluster_enabled || contains(concat(["System", "None"], keys(var.private_dns_zones)), item.private_dns_zone)
    ])
    error_message = "kubernetes_clusters: `private_dns_zone` is `System`, `None` or one of `private_dns_zones`."
  }
}

variable "service_mesh_revisions" {
  description = "Revisions of the Istio add-on where it is on; two while you upgrade. `az aks mesh get-revisions` lists those of a region."
  type        = list(string)
  default     = ["asm-1-30"]
}
