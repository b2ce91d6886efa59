mock_provider "azurerm" {}
mock_provider "azapi" {}

variables {
  name                      = "aks-contoso"
  resource_group_name       = "rg-aks"
  location                  = "westeurope"
  dns_prefix                = "aks-contoso"
  user_assigned_identity_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-aks"

  subnet_ids = {
    "vnet-aks/AksSubnet" = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks/subnets/AksSubnet"
    "vnet-aks/PodSubnet" = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks/subnets/PodSubnet"
  }

  default_node_pool = {
    name       = "system"
    subnet     = "vnet-aks/AksSubnet"
    pod_subnet = "vnet-aks/PodSubnet"
    vm_size    = "Standard_D4ds_v5"
    node_count = 3
    zones      = ["1", "2", "3"]
  }

  node_pools = {
    user = {
      subnet     = "vnet-aks/AksSubnet"
      pod_subnet = "vnet-aks/PodSubnet"
      vm_size    = "Standard_D8ds_v5"
      node_count = 2
    }
  }
}

run "is_private_and_has_no_local_accounts" {
  command = plan

  assert {
    condition     = azurerm_kubernetes_cluster.this.private_cluster_enabled && azurerm_kubernetes_cluster.this.local_account_disabled && azurerm_kubernetes_cluster.this.oidc_issuer_enabled && azurerm_kubernetes_cluster.this.azure_active_directory_role_based_access_control[0].azure_rbac_enabled
    error_message = "The API server is private and asks Entra."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.default_node_pool[0].only_critical_addons_enabled
    error_message = "The system pool takes critical pods only."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.node_provisioning_profile[0].mode == "Manual"
    error_message = "The design names the pools."
  }

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.fixed["user"].node_count == 2 && length(azurerm_kubernetes_cluster_node_pool.autoscaled) == 0
    error_message = "A pool without limits has a fixed size."
  }

  assert {
    condition     = length(azapi_update_resource.application_routing) == 0
    error_message = "Nothing is patched that azurerm can set."
  }
}

run "pools_have_the_version_of_the_control_plane" {
  command = plan

  variables {
    kubernetes_version = "1.36.2"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.default_node_pool[0].orchestrator_version == "1.36.2" && azurerm_kubernetes_cluster_node_pool.fixed["user"].orchestrator_version == "1.36.2"
    error_message = "No pool has another version."
  }
}

run "the_autoscaler_sizes_pools_with_limits" {
  command = plan

  variables {
    default_node_pool = { name = "system", subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 3, min_count = 2, max_count = 5 }
    node_pools        = { user = { subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 2, min_count = 0, max_count = 9 } }
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.default_node_pool[0].auto_scaling_enabled && azurerm_kubernetes_cluster.this.default_node_pool[0].min_count == 2
    error_message = "The default pool is autoscaled."
  }

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.autoscaled["user"].max_count == 9 && length(azurerm_kubernetes_cluster_node_pool.fixed) == 0
    error_message = "The other pool ignores what the autoscaler does."
  }
}

run "a_further_system_pool_is_tainted" {
  command = plan

  variables {
    node_pools = { sys2 = { subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 2, mode = "System", only_critical_addons_enabled = true } }
  }

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.fixed["sys2"].node_taints == tolist(["CriticalAddonsOnly=true:NoSchedule"])
    error_message = "Workloads stay away from it."
  }
}

run "features_switch_their_blocks_on" {
  command = plan

  variables {
    log_analytics_workspace_id         = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-hub/providers/Microsoft.OperationalInsights/workspaces/log-contoso"
    oms_agent_enabled                  = true
    microsoft_defender_enabled         = true
    monitor_metrics_enabled            = true
    key_vault_secrets_provider_enabled = true
    service_mesh_enabled               = true
    observability_enabled              = true
    keda_enabled                       = true
    image_cleaner_enabled              = true
    extensions                         = { flux = "microsoft.flux" }
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.oms_agent[0].msi_auth_for_monitoring_enabled
    error_message = "Container insights signs in with its identity."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.key_vault_secrets_provider[0].secret_rotation_enabled
    error_message = "Secrets follow their rotation."
  }

  assert {
    condition     = length(azurerm_kubernetes_cluster.this.microsoft_defender) == 1 && length(azurerm_kubernetes_cluster.this.monitor_metrics) == 1 && length(azurerm_kubernetes_cluster.this.service_mesh_profile) == 1
    error_message = "Defender, Prometheus and Istio are on."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.network_profile[0].advanced_networking[0].observability_enabled && azurerm_kubernetes_cluster.this.workload_autoscaler_profile[0].keda_enabled
    error_message = "So are network metrics and KEDA."
  }

  assert {
    condition     = azurerm_kubernetes_cluster_extension.this["flux"].extension_type == "microsoft.flux"
    error_message = "Flux is an extension."
  }
}

run "application_routing_speaks_the_gateway_api" {
  command = plan

  variables {
    ingress = "application-routing"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.web_app_routing[0].default_nginx_controller == "None" && length(azapi_update_resource.application_routing) == 1
    error_message = "NGINX stays off, the Gateway API goes on."
  }
}

run "a_gateway_is_driven_by_the_add_on" {
  command = plan

  variables {
    ingress                = "application-gateway"
    application_gateway_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/applicationGateways/agw"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.ingress_application_gateway[0].gateway_id == "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/applicationGateways/agw"
    error_message = "The add-on drives the given gateway."
  }
}

run "a_public_cluster_lets_the_firewall_in" {
  command = plan

  variables {
    private_cluster_enabled = false
    authorized_ip_ranges    = ["pip:pip-afw", "192.0.2.0/24"]
    public_ip_addresses     = { pip-afw = "198.51.100.7" }
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.api_server_access_profile[0].authorized_ip_ranges == toset(["198.51.100.7/32", "192.0.2.0/24"])
    error_message = "Names of public IPs become addresses."
  }
}

run "a_network_isolated_cluster_starts_from_the_own_registry" {
  command = plan

  variables {
    outbound_type                   = "none"
    bootstrap_container_registry_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.ContainerRegistry/registries/contosoregistry"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.bootstrap_profile[0].artifact_source == "Cache"
    error_message = "Nodes pull from the cache."
  }
}

run "the_api_server_can_stand_in_a_subnet" {
  command = plan

  variables {
    api_server_subnet_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks/subnets/ApiServerSubnet"
    private_dns_zone_id  = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/privateDnsZones/private.westeurope.azmk8s.io"
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.api_server_access_profile[0].virtual_network_integration_enabled
    error_message = "API Server VNet Integration is on."
  }
}

run "upgrades_keep_to_their_windows" {
  command = plan

  variables {
    maintenance_window_auto_upgrade = { day_of_week = "Sunday", start_time = "02:00", duration = 4, utc_offset = "+01:00" }
    maintenance_window_node_os      = { day_of_week = "Saturday", start_time = "23:30", duration = 6, utc_offset = "+01:00" }
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.maintenance_window_auto_upgrade[0].day_of_week == "Sunday" && azurerm_kubernetes_cluster.this.maintenance_window_node_os[0].duration == 6
    error_message = "Both windows are weekly."
  }
}

run "kubelets_can_have_an_identity_of_their_own" {
  command = plan

  variables {
    kubelet_identity = { id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-kubelet", client_id = "c", principal_id = "p" }
  }

  assert {
    condition     = azurerm_kubernetes_cluster.this.kubelet_identity[0].object_id == "p"
    error_message = "The kubelets act as it."
  }
}
