resource "azurerm_kubernetes_cluster" "this" {
  name                                = var.name
  resource_group_name                 = var.resource_group_name
  location                            = var.location
  dns_prefix                          = var.dns_prefix
  kubernetes_version                  = var.kubernetes_version
  sku_tier                            = var.sku_tier
  node_resource_group                 = var.node_resource_group
  private_cluster_enabled             = var.private_cluster_enabled
  private_cluster_public_fqdn_enabled = var.private_cluster_public_fqdn_enabled
  private_dns_zone_id                 = var.private_cluster_enabled ? var.private_dns_zone_id : null
  automatic_upgrade_channel           = var.automatic_upgrade_channel
  node_os_upgrade_channel             = var.node_os_upgrade_channel
  run_command_enabled                 = var.run_command_enabled
  local_account_disabled              = var.local_account_disabled
  role_based_access_control_enabled   = true
  oidc_issuer_enabled                 = true
  workload_identity_enabled           = var.workload_identity_enabled
  azure_policy_enabled                = var.azure_policy_enabled
  cost_analysis_enabled               = var.cost_analysis_enabled
  image_cleaner_enabled               = var.image_cleaner_enabled
  image_cleaner_interval_hours        = var.image_cleaner_enabled ? 168 : null
  tags                                = var.tags

  default_node_pool {
    name                         = var.default_node_pool.name
    temporary_name_for_rotation  = "tmp${substr(var.default_node_pool.name, 0, 9)}"
    type                         = "VirtualMachineScaleSets"
    vm_size                      = var.default_node_pool.vm_size
    vnet_subnet_id               = var.subnet_ids[var.default_node_pool.subnet]
    pod_subnet_id                = var.default_node_pool.pod_subnet == null ? null : var.subnet_ids[var.default_node_pool.pod_subnet]
    zones                        = var.default_node_pool.zones
    os_sku                       = var.default_node_pool.os_sku
    os_disk_type                 = var.default_node_pool.os_disk_type
    max_pods                     = var.default_node_pool.max_pods
    orchestrator_version         = var.kubernetes_version
    only_critical_addons_enabled = var.default_node_pool.only_critical_addons_enabled
    node_labels                  = var.default_node_pool.node_labels
    host_encryption_enabled      = var.default_node_pool.host_encryption_enabled
    auto_scaling_enabled         = var.default_node_pool.min_count != null
    min_count                    = var.default_node_pool.min_count
    max_count                    = var.default_node_pool.max_count

    # An autoscaled pool starts at its minimum and is the autoscaler's from then on: what is not
    # written here is not reset by the next apply. A fixed pool has the size that is written.
    node_count = var.default_node_pool.min_count == null ? var.default_node_pool.node_count : null

    upgrade_settings {
      max_surge                     = var.upgrade_settings.max_surge
      drain_timeout_in_minutes      = var.upgrade_settings.drain_timeout_in_minutes
      node_soak_duration_in_minutes = var.upgrade_settings.node_soak_duration_in_minutes
    }
  }

  # Nodes come from the pools that the design names, not from the node provisioner.
  node_provisioning_profile {
    mode = "Manual"
  }

  identity {
    type         = var.user_assigned_identity_id == null ? "SystemAssigned" : "UserAssigned"
    identity_ids = var.user_assigned_identity_id == null ? null : [var.user_assigned_identity_id]
  }

  dynamic "kubelet_identity" {
    for_each = var.kubelet_identity[*]

    content {
      user_assigned_identity_id = kubelet_identity.value.id
      client_id                 = kubelet_identity.value.client_id
      object_id                 = kubelet_identity.value.principal_id
    }
  }

  azure_active_directory_role_based_access_control {
    tenant_id              = var.tenant_id
    azure_rbac_enabled     = var.azure_rbac_enabled
    admin_group_object_ids = var.admin_group_object_ids
  }

  network_profile {
    network_plugin      = var.network_plugin
    network_plugin_mode = var.network_plugin_mode
    network_data_plane  = var.network_data_plane
    network_policy      = var.network_policy
    outbound_type       = var.outbound_type
    load_balancer_sku   = "standard"
    pod_cidr            = var.pod_cidr
    service_cidr        = var.service_cidr
    dns_service_ip      = var.dns_service_ip

    dynamic "advanced_networking" {
      for_each = var.observability_enabled ? [true] : []

      content {
        observability_enabled = true
      }
    }
  }

  dynamic "api_server_access_profile" {
    for_each = length(var.authorized_ip_ranges) > 0 || var.api_server_subnet_id != null ? [true] : []

    content {
      # A public IP of our own may stand here by name; its address is known once it exists.
      authorized_ip_ranges = length(var.authorized_ip_ranges) == 0 ? null : [
        for range in var.authorized_ip_ranges :
        contains(keys(var.public_ip_addresses), trimprefix(range, "pip:")) ? "${var.public_ip_addresses[trimprefix(range, "pip:")]}/32" : range
      ]
      virtual_network_integration_enabled = var.api_server_subnet_id != null
      subnet_id                           = var.api_server_subnet_id
    }
  }

  dynamic "bootstrap_profile" {
    for_each = var.bootstrap_container_registry_id[*]

    content {
      artifact_source       = "Cache"
      container_registry_id = bootstrap_profile.value
    }
  }

  storage_profile {
    disk_driver_enabled         = var.disk_driver_enabled
    file_driver_enabled         = var.file_driver_enabled
    blob_driver_enabled         = var.blob_driver_enabled
    snapshot_controller_enabled = var.snapshot_controller_enabled
  }

  workload_autoscaler_profile {
    keda_enabled                    = var.keda_enabled
    vertical_pod_autoscaler_enabled = var.vertical_pod_autoscaler_enabled
  }

  dynamic "key_vault_secrets_provider" {
    for_each = var.key_vault_secrets_provider_enabled ? [true] : []

    content {
      secret_rotation_enabled  = true
      secret_rotation_interval = "2m"
    }
  }

  # The agent signs in with its identity. What it collects is told by the data collection rule
  # that is associated with the cluster, without which no container log arrives.
  dynamic "oms_agent" {
    for_each = var.oms_agent_enabled ? [true] : []

    content {
      log_analytics_workspace_id      = var.log_analytics_workspace_id
      msi_auth_for_monitoring_enabled = true
    }
  }

  dynamic "microsoft_defender" {
    for_each = var.microsoft_defender_enabled ? [true] : []

    content {
      log_analytics_workspace_id = var.log_analytics_workspace_id
    }
  }

  dynamic "monitor_metrics" {
    for_each = var.monitor_metrics_enabled ? [true] : []

    content {}
  }

  dynamic "service_mesh_profile" {
    for_each = var.service_mesh_enabled ? [true] : []

    content {
      mode                             = "Istio"
      revisions                        = var.service_mesh_revisions
      internal_ingress_gateway_enabled = false
      external_ingress_gateway_enabled = false
    }
  }

  dynamic "ingress_application_gateway" {
    for_each = var.ingress == "application-gateway" ? [true] : []

    content {
      gateway_id = var.application_gateway_id
    }
  }

  # Without the NGINX controller, which has no support after November 2026: the Gateway API takes
  # its place, see application_routing.tf.
  dynamic "web_app_routing" {
    for_each = var.ingress == "application-routing" ? [true] : []

    content {
      dns_zone_ids             = []
      default_nginx_controller = "None"
    }
  }

  dynamic "maintenance_window_auto_upgrade" {
    for_each = var.maintenance_window_auto_upgrade[*]

    content {
      frequency   = "Weekly"
      interval    = 1
      day_of_week = maintenance_window_auto_upgrade.value.day_of_week
      start_time  = maintenance_window_auto_upgrade.value.start_time
      duration    = maintenance_window_auto_upgrade.value.duration
      utc_offset  = maintenance_window_auto_upgrade.value.utc_offset
    }
  }

  dynamic "maintenance_window_node_os" {
    for_each = var.maintenance_window_node_os[*]

    content {
      frequency   = "Weekly"
      interval    = 1
      day_of_week = maintenance_window_node_os.value.day_of_week
      start_time  = maintenance_window_node_os.value.start_time
      duration    = maintenance_window_node_os.value.duration
      utc_offset  = maintenance_window_node_os.value.utc_offset
    }
  }

  lifecycle {
    ignore_changes = [tags]
  }
}
