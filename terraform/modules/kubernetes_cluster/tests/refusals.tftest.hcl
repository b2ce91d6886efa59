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

run "refuses_names_and_values_that_azure_does_not_know" {
  command = plan

  variables {
    name                            = "aks-"
    dns_prefix                      = "aks.contoso"
    kubernetes_version              = "1"
    sku_tier                        = "Paid"
    node_resource_group             = "rg-aks"
    upgrade_settings                = { max_surge = "0" }
    service_mesh_revisions          = ["1.30"]
    admin_group_object_ids          = ["aks-admins"]
    maintenance_window_auto_upgrade = { day_of_week = "Sunday", start_time = "02:00", duration = 2, utc_offset = "+00:00" }
    maintenance_window_node_os      = { day_of_week = "sunday", start_time = "02:00", duration = 4, utc_offset = "+00:00" }
    ingress                         = "traefik"
  }

  expect_failures = [
    var.name,
    var.dns_prefix,
    var.kubernetes_version,
    var.sku_tier,
    var.node_resource_group,
    var.upgrade_settings,
    var.service_mesh_revisions,
    var.admin_group_object_ids,
    var.maintenance_window_auto_upgrade,
    var.maintenance_window_node_os,
    var.ingress,
  ]
}

run "refuses_unknown_words_of_the_network" {
  command = plan

  variables {
    outbound_type             = "natGateway"
    network_plugin            = "flannel"
    automatic_upgrade_channel = "none"
  }

  expect_failures = [
    var.outbound_type,
    var.network_plugin,
    var.automatic_upgrade_channel,
  ]
}

run "refuses_an_unknown_data_plane" {
  command = plan

  variables {
    network_data_plane = "ebpf"
    network_policy     = "calico"
  }

  expect_failures = [var.network_data_plane]
}

run "refuses_an_unknown_mode" {
  command = plan

  variables {
    network_plugin_mode = "bridge"
  }

  expect_failures = [var.network_plugin_mode]
}

run "refuses_an_unknown_policy_engine" {
  command = plan

  variables {
    network_policy = "npm"
  }

  expect_failures = [var.network_policy]
}

run "refuses_a_public_name_of_a_public_cluster" {
  command = plan

  variables {
    private_cluster_enabled             = false
    private_cluster_public_fqdn_enabled = true
  }

  expect_failures = [var.private_cluster_public_fqdn_enabled]
}

run "refuses_a_zone_of_another_region" {
  command = plan

  variables {
    private_dns_zone_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/privateDnsZones/privatelink.northeurope.azmk8s.io"
  }

  expect_failures = [var.private_dns_zone_id]
}

run "refuses_what_needs_an_identity" {
  command = plan

  variables {
    user_assigned_identity_id = null
    private_dns_zone_id       = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io"
    api_server_subnet_id      = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks/subnets/ApiServerSubnet"
    kubelet_identity          = { id = "i", client_id = "c", principal_id = "p" }
  }

  expect_failures = [var.private_dns_zone_id, var.api_server_subnet_id, var.kubelet_identity]
}

run "refuses_an_api_server_that_nobody_can_resolve" {
  command = plan

  variables {
    private_dns_zone_id = "None"
  }

  expect_failures = [var.private_dns_zone_id]
}

run "refuses_ranges_for_a_private_api_server" {
  command = plan

  variables {
    authorized_ip_ranges = ["192.0.2.0/24"]
  }

  expect_failures = [var.authorized_ip_ranges]
}

run "refuses_a_range_that_is_none" {
  command = plan

  variables {
    private_cluster_enabled = false
    authorized_ip_ranges    = ["pip-unknown"]
  }

  expect_failures = [var.authorized_ip_ranges]
}

run "refuses_an_isolated_cluster_without_a_registry" {
  command = plan

  variables {
    outbound_type = "none"
  }

  expect_failures = [var.outbound_type]
}

run "refuses_overlay_with_pod_subnets" {
  command = plan

  variables {
    network_plugin_mode = "overlay"
  }

  expect_failures = [var.network_plugin_mode]
}

run "refuses_cilium_with_pods_in_the_node_subnet" {
  command = plan

  variables {
    default_node_pool = { name = "system", subnet = "vnet-aks/AksSubnet", vm_size = "Standard_D4ds_v5", node_count = 3 }
  }

  expect_failures = [var.network_data_plane]
}

run "refuses_calico_on_the_data_plane_of_cilium" {
  command = plan

  variables {
    network_policy = "calico"
  }

  expect_failures = [var.network_policy]
}

run "refuses_a_pod_range_that_is_none" {
  command = plan

  variables {
    network_plugin_mode = "overlay"
    pod_cidr            = "10.244.0.0"
    default_node_pool   = { name = "system", subnet = "vnet-aks/AksSubnet", vm_size = "Standard_D4ds_v5", node_count = 3 }
    node_pools          = {}
  }

  expect_failures = [var.pod_cidr]
}

run "refuses_a_pod_range_without_overlay" {
  command = plan

  variables {
    pod_cidr = "10.244.0.0/16"
  }

  expect_failures = [var.pod_cidr]
}

run "refuses_services_in_ranges_that_do_not_fit" {
  command = plan

  variables {
    service_cidr = "172.16.0.0/12"
  }

  expect_failures = [var.service_cidr]
}

run "refuses_a_dns_service_outside_its_range" {
  command = plan

  variables {
    dns_service_ip = "10.0.0.10"
  }

  expect_failures = [var.dns_service_ip]
}

run "refuses_a_channel_that_fights_a_pinned_version" {
  command = plan

  variables {
    automatic_upgrade_channel = "stable"
    kubernetes_version        = "1.36.2"
  }

  expect_failures = [var.automatic_upgrade_channel]
}

run "refuses_two_channels_that_disagree" {
  command = plan

  variables {
    automatic_upgrade_channel = "node-image"
    node_os_upgrade_channel   = "SecurityPatch"
  }

  expect_failures = [var.node_os_upgrade_channel]
}

run "refuses_a_network_isolated_cluster_that_must_reach_out" {
  command = plan

  variables {
    outbound_type                   = "none"
    bootstrap_container_registry_id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.ContainerRegistry/registries/contosoregistry"
    node_os_upgrade_channel         = "Unmanaged"
    extensions                      = { flux = "microsoft.flux" }
  }

  expect_failures = [var.node_os_upgrade_channel, var.extensions]
}

run "refuses_kubenet_with_routes_and_no_identity" {
  command = plan

  variables {
    user_assigned_identity_id = null
    network_plugin            = "kubenet"
    network_data_plane        = "azure"
    network_policy            = "calico"
  }

  expect_failures = [var.user_assigned_identity_id]
}

run "refuses_long_names_of_pools" {
  command = plan

  variables {
    default_node_pool = { name = "systemnodepool", subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 3 }
    node_pools        = { windows = { subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 2, os_sku = "Windows2022" } }
  }

  expect_failures = [var.default_node_pool, var.node_pools]
}

run "refuses_a_default_pool_of_windows_and_unknown_modes" {
  command = plan

  variables {
    default_node_pool = { name = "system", subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 3, os_sku = "Windows2022" }
    node_pools        = { user = { subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 2, mode = "Spot" } }
  }

  expect_failures = [var.default_node_pool, var.node_pools]
}

run "refuses_pools_with_one_limit" {
  command = plan

  variables {
    default_node_pool = { name = "system", subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 3, min_count = 2 }
    node_pools        = { user = { subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 2, max_count = 2 } }
  }

  expect_failures = [var.default_node_pool, var.node_pools]
}

run "refuses_a_default_pool_without_nodes_and_unknown_disks" {
  command = plan

  variables {
    default_node_pool = { name = "system", subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 3, min_count = 0, max_count = 3 }
    node_pools        = { user = { subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 2, os_disk_type = "Ultra" } }
  }

  expect_failures = [var.default_node_pool, var.node_pools]
}

run "refuses_numbers_of_pods_out_of_range" {
  command = plan

  variables {
    default_node_pool = { name = "system", subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 3, max_pods = 5 }
    node_pools        = { user = { subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 2, max_pods = 500 } }
  }

  expect_failures = [var.default_node_pool, var.node_pools]
}

run "refuses_pools_in_no_subnet_and_in_a_fourth_zone" {
  command = plan

  variables {
    default_node_pool = { name = "system", subnet = "AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 3 }
    node_pools        = { user = { subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 2, zones = ["4"] } }
  }

  expect_failures = [var.default_node_pool, var.node_pools]
}

run "refuses_cost_analysis_in_the_free_tier" {
  command = plan

  variables {
    sku_tier              = "Free"
    cost_analysis_enabled = true
  }

  expect_failures = [var.cost_analysis_enabled]
}

run "refuses_logs_without_a_workspace" {
  command = plan

  variables {
    oms_agent_enabled          = true
    microsoft_defender_enabled = true
  }

  expect_failures = [var.oms_agent_enabled, var.microsoft_defender_enabled]
}

run "refuses_two_control_planes_of_istio" {
  command = plan

  variables {
    ingress              = "application-routing"
    service_mesh_enabled = true
  }

  expect_failures = [var.service_mesh_enabled]
}

run "refuses_the_add_on_without_a_gateway" {
  command = plan

  variables {
    ingress = "application-gateway"
  }

  expect_failures = [var.application_gateway_id]
}

run "refuses_an_unknown_channel_of_nodes" {
  command = plan

  variables {
    node_os_upgrade_channel = "Weekly"
  }

  expect_failures = [var.node_os_upgrade_channel]
}

run "refuses_limits_that_contradict_the_size" {
  command = plan

  variables {
    default_node_pool = { name = "system", subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 3, min_count = 5, max_count = 2 }
    node_pools        = { user = { subnet = "vnet-aks/AksSubnet", pod_subnet = "vnet-aks/PodSubnet", vm_size = "Standard_D4ds_v5", node_count = 2, min_count = 3, max_count = 9 } }
  }

  expect_failures = [var.default_node_pool, var.node_pools]
}
