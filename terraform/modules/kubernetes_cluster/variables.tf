variable "name" {
  description = "Name of the cluster."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$", var.name))
    error_message = "name: write up to 63 letters, digits, hyphens or underscores, a letter or digit at both ends."
  }
}

variable "resource_group_name" {
  description = "Resource group of the cluster."
  type        = string
}

variable "location" {
  description = "Azure region, for instance `westeurope`."
  type        = string
}

variable "tags" {
  description = "Tags of the cluster and its pools."
  type        = map(string)
  default     = {}
}

variable "dns_prefix" {
  description = "First part of the API server's name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$", var.dns_prefix))
    error_message = "dns_prefix: write up to 54 letters, digits or hyphens, a letter or digit at both ends."
  }
}

variable "kubernetes_version" {
  description = "Version of the control plane and of every pool, for instance `1.36`; null takes Azure's default and leaves upgrades to the channel."
  type        = string
  default     = null

  validation {
    condition     = var.kubernetes_version == null || can(regex("^1\\.[0-9]{1,3}(\\.[0-9]{1,3})?$", var.kubernetes_version))
    error_message = "kubernetes_version: write `1.36` or `1.36.2`, or null for Azure's default."
  }
}

variable "sku_tier" {
  description = "`Free`, `Standard` (with an SLA) or `Premium` (with long term support)."
  type        = string
  default     = "Standard"

  validation {
    condition     = contains(["Free", "Standard", "Premium"], var.sku_tier)
    error_message = "sku_tier: write `Free`, `Standard` or `Premium`; `Paid` is called `Standard` now."
  }
}

variable "node_resource_group" {
  description = "Resource group that AKS makes for the nodes; null takes `MC_<group>_<cluster>_<region>`."
  type        = string
  default     = null

  validation {
    condition     = var.node_resource_group == null || var.node_resource_group != var.resource_group_name
    error_message = "node_resource_group: name a group that does not exist yet; AKS makes it, and it cannot be the cluster's own."
  }
}

variable "private_cluster_enabled" {
  description = "Whether the API server has a private address only."
  type        = bool
  default     = true
}

variable "private_cluster_public_fqdn_enabled" {
  description = "Whether the private address has a public name too."
  type        = bool
  default     = false

  validation {
    condition     = !var.private_cluster_public_fqdn_enabled || var.private_cluster_enabled
    error_message = "private_cluster_public_fqdn_enabled: it is a switch of private clusters; set it to false."
  }
}

variable "private_dns_zone_id" {
  description = "Zone of a private API server: `System` (AKS makes it), `None` (it has a public name only) or the id of a zone of your own."
  type        = string
  default     = "System"

  validation {
    condition = (
      !var.private_cluster_enabled
      || contains(["System", "None"], var.private_dns_zone_id)
      || can(regex("/privateDnsZones/([a-z0-9-]{1,32}\\.)?private(link)?\\.${var.location}\\.(azmk8s\\.io|cx\\.prod\\.service\\.azk8s\\.cn|cx\\.aks\\.containerservice\\.azure\\.us)$", var.private_dns_zone_id))
    )
    error_message = "private_dns_zone_id: write `System`, `None`, or the id of a zone `privatelink.<region>.azmk8s.io` (with API Server VNet Integration also `private.<region>.azmk8s.io`)."
  }

  validation {
    condition     = !var.private_cluster_enabled || contains(["System", "None"], var.private_dns_zone_id) || var.user_assigned_identity_id != null
    error_message = "private_dns_zone_id: a zone of your own needs `user_assigned_identity_id`, which must be Private DNS Zone Contributor on it before the cluster exists."
  }

  validation {
    condition     = !var.private_cluster_enabled || var.private_dns_zone_id != "None" || var.private_cluster_public_fqdn_enabled
    error_message = "private_dns_zone_id: with `None`, keep `private_cluster_public_fqdn_enabled`, else nobody can resolve the API server."
  }
}

variable "authorized_ip_ranges" {
  description = "Who reaches a public API server: prefixes, or names of `public_ip_addresses`. All addresses of the firewall belong here, since the cluster itself comes from them."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.authorized_ip_ranges) == 0 || !var.private_cluster_enabled
    error_message = "authorized_ip_ranges: they do not apply to a private API server; empty the list."
  }

  validation {
    condition = alltrue([
      for range in var.authorized_ip_ranges :
      contains(keys(var.public_ip_addresses), trimprefix(range, "pip:")) || can(cidrhost(range, 0)) || can(cidrhost("${range}/32", 0))
    ])
    error_message = "authorized_ip_ranges: write prefixes, addresses, or names of public IPs of the estate."
  }
}

variable "public_ip_addresses" {
  description = "Addresses of public IPs by name, for those that `authorized_ip_ranges` names."
  type        = map(string)
  default     = {}
}

variable "api_server_subnet_id" {
  description = "Subnet of API Server VNet Integration, delegated to `Microsoft.ContainerService/managedClusters`; null: a private endpoint."
  type        = string
  default     = null

  validation {
    condition     = var.api_server_subnet_id == null || var.user_assigned_identity_id != null
    error_message = "api_server_subnet_id: API Server VNet Integration needs `user_assigned_identity_id`, a Network Contributor on that subnet."
  }
}

variable "bootstrap_container_registry_id" {
  description = "Registry that nodes start from (network isolated); null: from Microsoft's registry."
  type        = string
  default     = null
}

variable "outbound_type" {
  description = "How nodes leave: `userDefinedRouting` (through the firewall), `none`, `loadBalancer`, `managedNATGateway` or `userAssignedNATGateway`."
  type        = string
  default     = "userDefinedRouting"

  validation {
    condition     = contains(["userDefinedRouting", "none", "loadBalancer", "managedNATGateway", "userAssignedNATGateway"], var.outbound_type)
    error_message = "outbound_type: write `userDefinedRouting`, `none`, `loadBalancer`, `managedNATGateway` or `userAssignedNATGateway`."
  }

  validation {
    condition     = var.outbound_type != "none" || var.bootstrap_container_registry_id != null
    error_message = "outbound_type: with `none` nodes reach no registry of Microsoft; give `bootstrap_container_registry_id`."
  }
}

variable "network_plugin" {
  description = "`azure`, `kubenet` (until March 2028) or `none` (your own)."
  type        = string
  default     = "azure"

  validation {
    condition     = contains(["azure", "kubenet", "none"], var.network_plugin)
    error_message = "network_plugin: write `azure`, `kubenet` or `none`."
  }
}

variable "network_plugin_mode" {
  description = "`overlay`: pods have addresses outside the network; null: from its subnets."
  type        = string
  default     = null

  validation {
    condition     = var.network_plugin_mode == null || (var.network_plugin_mode == "overlay" && var.network_plugin == "azure")
    error_message = "network_plugin_mode: write `overlay` with `network_plugin = \"azure\"`, else null."
  }

  validation {
    condition     = var.network_plugin_mode == null || alltrue([for pool in concat([var.default_node_pool], values(var.node_pools)) : pool.pod_subnet == null])
    error_message = "network_plugin_mode: with `overlay` no pool has a `pod_subnet`; take out one of the two."
  }
}

variable "network_data_plane" {
  description = "`azure` or `cilium`."
  type        = string
  default     = "cilium"

  validation {
    condition     = contains(["azure", "cilium"], var.network_data_plane)
    error_message = "network_data_plane: write `azure` or `cilium`."
  }

  validation {
    condition = var.network_data_plane != "cilium" || (
      var.network_plugin == "azure" && (
        var.network_plugin_mode == "overlay"
        || alltrue([for pool in concat([var.default_node_pool], values(var.node_pools)) : pool.pod_subnet != null])
      )
    )
    error_message = "network_data_plane: `cilium` needs `network_plugin = \"azure\"` with `network_plugin_mode = \"overlay\"`, or a `pod_subnet` for every pool."
  }
}

variable "network_policy" {
  description = "What enforces network policies: `cilium`, `calico`, `azure` (until September 2028), or null for nothing."
  type        = string
  default     = "cilium"

  validation {
    condition     = var.network_policy == null || contains(["cilium", "calico", "azure"], coalesce(var.network_policy, "none"))
    error_message = "network_policy: write `cilium`, `calico` or `azure`, or null for none."
  }

  validation {
    condition     = (var.network_policy == "cilium") == (var.network_data_plane == "cilium")
    error_message = "network_policy: `cilium` goes with `network_data_plane = \"cilium\"`, and with nothing else."
  }
}

variable "pod_cidr" {
  description = "Addresses of pods in overlay mode and with kubenet; null for pods in subnets."
  type        = string
  default     = null

  validation {
    condition     = var.pod_cidr == null || can(cidrhost(var.pod_cidr, 0))
    error_message = "pod_cidr: write a prefix, for instance `10.244.0.0/16`."
  }

  validation {
    condition     = var.pod_cidr == null || var.network_plugin_mode == "overlay" || var.network_plugin == "kubenet"
    error_message = "pod_cidr: only overlay and kubenet have it; set it to null."
  }
}

variable "service_cidr" {
  description = "Addresses of services, of no network anywhere near."
  type        = string
  default     = "172.16.0.0/16"

  validation {
    condition     = can(cidrhost(var.service_cidr, 0)) && tonumber(try(split("/", var.service_cidr)[1], "0")) > 12
    error_message = "service_cidr: write a prefix smaller than a /12, for instance `172.16.0.0/16`."
  }
}

variable "dns_service_ip" {
  description = "Address of the cluster's DNS, in `service_cidr`."
  type        = string
  default     = "172.16.0.10"

  validation {
    condition     = try(cidrhost("${var.dns_service_ip}/${split("/", var.service_cidr)[1]}", 0) == cidrhost(var.service_cidr, 0), false)
    error_message = "dns_service_ip: take an address of `service_cidr`, for instance its tenth."
  }
}

variable "automatic_upgrade_channel" {
  description = "Who upgrades Kubernetes: `patch`, `stable`, `rapid`, `node-image`, or null for nobody but you."
  type        = string
  default     = null

  validation {
    condition     = var.automatic_upgrade_channel == null || contains(["patch", "stable", "rapid", "node-image"], coalesce(var.automatic_upgrade_channel, "none"))
    error_message = "automatic_upgrade_channel: write `patch`, `stable`, `rapid` or `node-image`, or null for none."
  }

  validation {
    condition = (
      var.kubernetes_version == null
      || !contains(["patch", "stable", "rapid"], coalesce(var.automatic_upgrade_channel, "none"))
      || (var.automatic_upgrade_channel == "patch" && can(regex("^1\\.[0-9]+$", coalesce(var.kubernetes_version, "0"))))
    )
    error_message = "automatic_upgrade_channel: a pinned `kubernetes_version` would undo what the channel upgrades; set it to null, or to `1.<minor>` with `patch`."
  }
}

variable "node_os_upgrade_channel" {
  description = "How nodes are patched: `NodeImage`, `SecurityPatch`, `Unmanaged` or `None`."
  type        = string
  default     = "NodeImage"

  validation {
    condition     = contains(["NodeImage", "SecurityPatch", "Unmanaged", "None"], var.node_os_upgrade_channel)
    error_message = "node_os_upgrade_channel: write `NodeImage`, `SecurityPatch`, `Unmanaged` or `None`."
  }

  validation {
    condition     = var.automatic_upgrade_channel != "node-image" || var.node_os_upgrade_channel == "NodeImage"
    error_message = "node_os_upgrade_channel: `automatic_upgrade_channel = \"node-image\"` needs `NodeImage`."
  }

  validation {
    condition     = var.outbound_type != "none" || var.node_os_upgrade_channel != "Unmanaged"
    error_message = "node_os_upgrade_channel: nodes without a way out cannot patch themselves; write `NodeImage`."
  }
}

variable "maintenance_window_auto_upgrade" {
  description = "Weekly time in which Kubernetes is upgraded; null: any time."
  type = object({
    day_of_week = string
    start_time  = string
    duration    = number
    utc_offset  = string
  })
  default = null

  validation {
    condition = var.maintenance_window_auto_upgrade == null || (
      try(contains(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"], var.maintenance_window_auto_upgrade.day_of_week), false)
      && can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", var.maintenance_window_auto_upgrade.start_time))
      && try(var.maintenance_window_auto_upgrade.duration >= 4 && var.maintenance_window_auto_upgrade.duration <= 24, false)
      && can(regex("^[+-][01][0-9]:[0-5][0-9]$", var.maintenance_window_auto_upgrade.utc_offset))
    )
    error_message = "maintenance_window_auto_upgrade: write a day from `Monday` to `Sunday`, a start as `02:00`, 4 to 24 hours, and an offset as `+01:00`."
  }
}

variable "maintenance_window_node_os" {
  description = "Weekly time in which node images are replaced; null: any time."
  type = object({
    day_of_week = string
    start_time  = string
    duration    = number
    utc_offset  = string
  })
  default = null

  validation {
    condition = var.maintenance_window_node_os == null || (
      try(contains(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"], var.maintenance_window_node_os.day_of_week), false)
      && can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", var.maintenance_window_node_os.start_time))
      && try(var.maintenance_window_node_os.duration >= 4 && var.maintenance_window_node_os.duration <= 24, false)
      && can(regex("^[+-][01][0-9]:[0-5][0-9]$", var.maintenance_window_node_os.utc_offset))
    )
    error_message = "maintenance_window_node_os: write a day from `Monday` to `Sunday`, a start as `02:00`, 4 to 24 hours, and an offset as `+01:00`."
  }
}

variable "run_command_enabled" {
  description = "Whether `az aks command invoke` works: kubectl without a way to the API server."
  type        = bool
  default     = true
}

variable "user_assigned_identity_id" {
  description = "Identity of the control plane; null: the cluster's own, which has no rights before it exists."
  type        = string
  default     = null

  validation {
    condition     = var.user_assigned_identity_id != null || var.network_plugin != "kubenet" || var.outbound_type != "userDefinedRouting"
    error_message = "user_assigned_identity_id: kubenet writes to the route table and needs an identity that may, before the cluster exists."
  }
}

variable "kubelet_identity" {
  description = "Identity of the kubelets, which pull images; null: AKS makes one."
  type = object({
    id           = string
    client_id    = string
    principal_id = string
  })
  default = null

  validation {
    condition     = var.kubelet_identity == null || var.user_assigned_identity_id != null
    error_message = "kubelet_identity: it needs `user_assigned_identity_id`, a Managed Identity Operator on it."
  }
}

variable "tenant_id" {
  description = "Entra tenant of the users; null: that of the subscription."
  type        = string
  default     = null
}

variable "azure_rbac_enabled" {
  description = "Whether Azure roles say who may do what in Kubernetes."
  type        = bool
  default     = true
}

variable "admin_group_object_ids" {
  description = "Entra groups with cluster-admin, as object ids."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.admin_group_object_ids : can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", id))])
    error_message = "admin_group_object_ids: write object ids, `az ad group show --group <name> --query id` prints one."
  }
}

variable "local_account_disabled" {
  description = "Whether there is no cluster-admin certificate that passes Entra by."
  type        = bool
  default     = true
}

variable "subnet_ids" {
  description = "Ids of subnets by `<virtual network>/<subnet>`."
  type        = map(string)
}

variable "default_node_pool" {
  description = "The pool that the cluster is made with. The API server's private endpoint lies in its subnet."
  type = object({
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

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{0,11}$", var.default_node_pool.name))
    error_message = "default_node_pool: name it with 1 to 12 lower-case letters or digits, a letter first."
  }

  validation {
    condition     = !startswith(var.default_node_pool.os_sku, "Windows")
    error_message = "default_node_pool: it runs Linux; put Windows into `node_pools`."
  }

  validation {
    condition     = (var.default_node_pool.min_count == null) == (var.default_node_pool.max_count == null)
    error_message = "default_node_pool: write both `min_count` and `max_count`, or neither."
  }

  validation {
    condition     = try(var.default_node_pool.min_count <= var.default_node_pool.max_count, true)
    error_message = "default_node_pool: write no `min_count` above `max_count`."
  }

  validation {
    condition     = coalesce(var.default_node_pool.min_count, var.default_node_pool.node_count) >= 1
    error_message = "default_node_pool: a cluster needs at least one node."
  }

  validation {
    condition     = var.default_node_pool.max_pods >= 10 && var.default_node_pool.max_pods <= 250
    error_message = "default_node_pool: write 10 to 250 as `max_pods`."
  }

  validation {
    condition     = contains(keys(var.subnet_ids), var.default_node_pool.subnet)
    error_message = "default_node_pool: `subnet` is `<virtual network>/<subnet>` and stands in `subnet_ids`."
  }
}

variable "node_pools" {
  description = "Further pools by name."
  type = map(object({
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
  }))
  default = {}

  validation {
    condition     = alltrue([for name, pool in var.node_pools : can(regex(startswith(pool.os_sku, "Windows") ? "^[a-z][a-z0-9]{0,5}$" : "^[a-z][a-z0-9]{0,11}$", name))])
    error_message = "node_pools: name each with 1 to 12 lower-case letters or digits (Windows: 6), a letter first."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : contains(["System", "User"], pool.mode)])
    error_message = "node_pools: write `System` or `User` as `mode`."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : (pool.min_count == null) == (pool.max_count == null)])
    error_message = "node_pools: write both `min_count` and `max_count`, or neither."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : try(pool.min_count <= pool.node_count && pool.node_count <= pool.max_count, true)])
    error_message = "node_pools: write a `node_count` from `min_count` to `max_count`."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : pool.max_pods >= 10 && pool.max_pods <= 250])
    error_message = "node_pools: write 10 to 250 as `max_pods`."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : contains(["Managed", "Ephemeral"], pool.os_disk_type)])
    error_message = "node_pools: write `Managed` or `Ephemeral` as `os_disk_type`."
  }

  validation {
    condition     = alltrue([for pool in values(var.node_pools) : length(pool.zones) == 0 || length(setsubtract(pool.zones, ["1", "2", "3"])) == 0])
    error_message = "node_pools: zones are `1`, `2` and `3`."
  }
}

variable "upgrade_settings" {
  description = "How many nodes an upgrade adds at once, and how long it waits for their pods."
  type = object({
    max_surge                     = optional(string, "10%")
    drain_timeout_in_minutes      = optional(number, 30)
    node_soak_duration_in_minutes = optional(number, 0)
  })
  default = {}

  validation {
    condition     = can(regex("^[1-9][0-9]{0,2}%?$", var.upgrade_settings.max_surge))
    error_message = "upgrade_settings: write a number of nodes or a percentage as `max_surge`, for instance `33%`."
  }
}

variable "disk_driver_enabled" {
  description = "Whether pods can use Azure Disks."
  type        = bool
  default     = true
}

variable "file_driver_enabled" {
  description = "Whether pods can use Azure Files."
  type        = bool
  default     = true
}

variable "blob_driver_enabled" {
  description = "Whether pods can use blobs as files."
  type        = bool
  default     = false
}

variable "snapshot_controller_enabled" {
  description = "Whether volumes can be snapshot."
  type        = bool
  default     = true
}

variable "workload_identity_enabled" {
  description = "Whether service accounts can act as Entra identities."
  type        = bool
  default     = true
}

variable "azure_policy_enabled" {
  description = "Whether Azure Policy checks what is deployed."
  type        = bool
  default     = false
}

variable "cost_analysis_enabled" {
  description = "Whether costs are split by namespace."
  type        = bool
  default     = false

  validation {
    condition     = !var.cost_analysis_enabled || var.sku_tier != "Free"
    error_message = "cost_analysis_enabled: it needs `sku_tier` `Standard` or `Premium`."
  }
}

variable "image_cleaner_enabled" {
  description = "Whether nodes drop images that nothing uses, weekly."
  type        = bool
  default     = false
}

variable "keda_enabled" {
  description = "Whether KEDA scales workloads by events."
  type        = bool
  default     = false
}

variable "vertical_pod_autoscaler_enabled" {
  description = "Whether requests of pods follow their use."
  type        = bool
  default     = false
}

variable "observability_enabled" {
  description = "Whether the network's metrics and flows are kept (Advanced Container Networking Services)."
  type        = bool
  default     = false
}

variable "key_vault_secrets_provider_enabled" {
  description = "Whether pods can mount secrets of Key Vault; they follow its rotation within two minutes."
  type        = bool
  default     = false
}

variable "log_analytics_workspace_id" {
  description = "Workspace of Container insights and Defender."
  type        = string
  default     = null
}

variable "oms_agent_enabled" {
  description = "Whether Container insights collects logs; a data collection rule says which."
  type        = bool
  default     = false

  validation {
    condition     = !var.oms_agent_enabled || var.log_analytics_workspace_id != null
    error_message = "oms_agent_enabled: Container insights needs `log_analytics_workspace_id`."
  }
}

variable "microsoft_defender_enabled" {
  description = "Whether Defender for Containers watches the nodes."
  type        = bool
  default     = false

  validation {
    condition     = !var.microsoft_defender_enabled || var.log_analytics_workspace_id != null
    error_message = "microsoft_defender_enabled: Defender needs `log_analytics_workspace_id`."
  }
}

variable "monitor_metrics_enabled" {
  description = "Whether managed Prometheus scrapes the cluster; a data collection rule says where to."
  type        = bool
  default     = false
}

variable "service_mesh_enabled" {
  description = "Whether the Istio add-on runs."
  type        = bool
  default     = false

  validation {
    condition     = !var.service_mesh_enabled || var.ingress != "application-routing"
    error_message = "service_mesh_enabled: the Istio add-on and application routing by Gateway API exclude each other; take one."
  }
}

variable "service_mesh_revisions" {
  description = "Revisions of the Istio add-on; two while you upgrade. `az aks mesh get-revisions` lists them."
  type        = list(string)
  default     = ["asm-1-30"]

  validation {
    condition     = length(var.service_mesh_revisions) >= 1 && length(var.service_mesh_revisions) <= 2 && alltrue([for revision in var.service_mesh_revisions : can(regex("^asm-[0-9]+-[0-9]+$", revision))])
    error_message = "service_mesh_revisions: write one revision as `asm-1-30`, or two while you upgrade."
  }
}

variable "ingress" {
  description = "What leads requests to pods: `internal-nginx` (installed later), `application-routing` (Gateway API), `application-gateway` (the add-on), `application-gateway-for-containers` (its controller is installed later), or null."
  type        = string
  default     = null

  validation {
    condition = var.ingress == null || contains(
      ["internal-nginx", "application-routing", "application-gateway", "application-gateway-for-containers"], coalesce(var.ingress, "none")
    )
    error_message = "ingress: write `internal-nginx`, `application-routing`, `application-gateway`, `application-gateway-for-containers`, or null."
  }
}

variable "application_gateway_id" {
  description = "Gateway that the add-on drives."
  type        = string
  default     = null

  validation {
    condition     = var.ingress != "application-gateway" || var.application_gateway_id != null
    error_message = "application_gateway_id: `ingress = \"application-gateway\"` needs the gateway's id."
  }
}

variable "extensions" {
  description = "Cluster extensions: name to type, for instance `flux = \"microsoft.flux\"`."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(var.extensions) == 0 || var.outbound_type != "none"
    error_message = "extensions: a network isolated cluster cannot install them; empty the map."
  }
}
