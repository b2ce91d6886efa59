mock_provider "azapi" {}
mock_provider "azurerm" {}

variables {
  name     = "contoso"
  location = "westeurope"

  resource_groups = { rg-aks = { location = "westeurope" } }
  virtual_networks = {
    vnet-aks = {
      resource_group_name = "rg-aks"
      location            = "westeurope"
      address_space       = ["10.1.0.0/16"]
      subnets = {
        AksSubnet   = { address_prefixes = ["10.1.0.0/20"] }
        VmSubnet    = { address_prefixes = ["10.1.16.0/24"] }
        AgentSubnet = { address_prefixes = ["10.1.17.0/24"], delegation = "Microsoft.DevOpsInfrastructure/pools" }
        AlbSubnet   = { address_prefixes = ["10.1.18.0/24"], delegation = "Microsoft.ServiceNetworking/trafficControllers" }
      }
    }
  }
  user_assigned_identities = { id-aks = { resource_group_name = "rg-aks" } }
  role_assignments = {
    "Network Contributor|virtual_network:vnet-aks|user_assigned_identity:id-aks" = {
      scope                = "virtual_network:vnet-aks"
      role_definition_name = "Network Contributor"
      principal            = "user_assigned_identity:id-aks"
    }
    "Reader|virtual_network:vnet-aks|service_principal:DevOpsInfrastructure" = {
      scope                = "virtual_network:vnet-aks"
      role_definition_name = "Reader"
      principal            = "service_principal:DevOpsInfrastructure"
    }
    "AcrPull|container_registry:contosoregistry|kubelet:aks" = {
      scope                = "container_registry:contosoregistry"
      role_definition_name = "AcrPull"
      principal            = "kubelet:aks"
      needs_cluster        = true
    }
  }
  service_principal_object_ids   = { DevOpsInfrastructure = "33333333-3333-3333-3333-333333333333" }
  federated_identity_credentials = { fc-shop = { user_assigned_identity = "id-aks", cluster = "aks", subject = "system:serviceaccount:shop:shop" } }
  container_registries           = { contosoregistry = { resource_group_name = "rg-aks", location = "westeurope" } }
  key_vaults                     = { contoso-vault = { resource_group_name = "rg-aks" } }
  log_analytics_workspaces       = { log-contoso = { resource_group_name = "rg-aks" } }
  private_dns_zones = {
    "privatelink.vaultcore.azure.net" = {
      resource_group_name   = "rg-aks"
      virtual_network_links = { link-vnet-aks = { virtual_network = "vnet-aks" } }
    }
  }
  private_endpoints = {
    pe-vault  = { resource_group_name = "rg-aks", subnet = "vnet-aks/VmSubnet", target = "contoso-vault", subresource = "vault", private_dns_zones = ["privatelink.vaultcore.azure.net"] }
    pe-orders = { resource_group_name = "rg-aks", subnet = "vnet-aks/VmSubnet", target = "orders", subresource = "sqlServer" }
  }
  private_endpoint_target_ids = { orders = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-data/providers/Microsoft.Sql/servers/orders" }
  kubernetes_clusters = {
    aks = {
      resource_group_name     = "rg-aks"
      location                = "westeurope"
      dns_prefix              = "aks"
      network_plugin_mode     = "overlay"
      network_policy          = "cilium"
      pod_cidr                = "10.244.0.0/16"
      user_assigned_identity  = "id-aks"
      log_analytics_workspace = "log-contoso"
      oms_agent_enabled       = true
      features                = ["container-insights", "docker-hub"]
      default_node_pool       = { name = "system", subnet = "vnet-aks/AksSubnet", vm_size = "Standard_D4ds_v5", node_count = 3 }
    }
  }
  virtual_machines           = { vm-jumpbox = { resource_group_name = "rg-aks", subnet = "vnet-aks/VmSubnet", purpose = "jumpbox" } }
  virtual_machine_scale_sets = { vmss-agents = { resource_group_name = "rg-aks", subnet = "vnet-aks/VmSubnet" } }
  managed_devops_pools = {
    mdp-contoso = { resource_group_name = "rg-aks", subnet = "vnet-aks/AgentSubnet", organization_url = "https://dev.azure.com/contoso", dev_center_name = "dc-contoso", dev_center_project_name = "dcp-contoso" }
  }
  admin_ssh_public_key       = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0wmN/Cr3JXqmLW7u+g9pTh+wyqDHpSQEIQczXkVx9q admin"
  application_load_balancers = { alb-contoso = { resource_group_name = "rg-aks", subnet = "vnet-aks/AlbSubnet" } }
  monitor_data_collection_rules = {
    dcr-aks = { resource_group_name = "rg-aks", log_analytics_workspace = "log-contoso", streams = ["Microsoft-ContainerInsights-Group-Default"], targets = ["kubernetes_cluster:aks"] }
  }
  monitor_diagnostic_settings = { diag-vault = { target = "key_vault:contoso-vault", log_analytics_workspace = "log-contoso", log_categories = ["AuditEvent"] } }
}

run "plans_a_cluster_and_what_stands_around_it" {
  command = plan

  assert {
    condition     = output.estate.features == tolist(["container-insights", "docker-hub"])
    error_message = "The plan tells features that are no switch too."
  }

  assert {
    condition     = output.agents.managed_devops_pools == ["mdp-contoso"]
    error_message = "Pipelines learn the name of their pool."
  }
}

run "refuses_a_key_that_says_something_else" {
  command = plan

  variables {
    role_assignments = {
      "reader" = { scope = "virtual_network:vnet-aks", role_definition_name = "Reader", principal = "user_assigned_identity:id-aks" }
    }
  }

  expect_failures = [var.role_assignments]
}

run "refuses_a_principal_of_no_type" {
  command = plan

  variables {
    role_assignments = {
      "Reader|virtual_network:vnet-aks|id-aks" = { scope = "virtual_network:vnet-aks", role_definition_name = "Reader", principal = "id-aks" }
    }
  }

  expect_failures = [var.role_assignments]
}

run "refuses_a_role_before_its_principal" {
  command = plan

  variables {
    role_assignments = {
      "AcrPull|container_registry:contosoregistry|kubelet:aks" = { scope = "container_registry:contosoregistry", role_definition_name = "AcrPull", principal = "kubelet:aks" }
    }
  }

  expect_failures = [var.role_assignments]
}

run "refuses_a_service_principal_without_an_id" {
  command = plan

  variables {
    service_principal_object_ids = {}
  }

  expect_failures = [var.role_assignments]
}

run "refuses_what_is_not_there" {
  command = plan

  variables {
    service_principal_object_ids   = { DevOpsInfrastructure = "DevOpsInfrastructure" }
    private_endpoint_target_ids    = { orders = "orders" }
    federated_identity_credentials = { fc-shop = { user_assigned_identity = "id-shop", cluster = "aks", subject = "system:serviceaccount:shop:shop" } }
    virtual_machine_scale_sets     = { vmss-agents = { resource_group_name = "rg-aks", subnet = "VmSubnet" } }
    managed_devops_pools = {
      mdp-contoso = { resource_group_name = "rg-aks", subnet = "vnet-aks/VmSubnet", organization_url = "https://dev.azure.com/contoso", dev_center_name = "dc-contoso", dev_center_project_name = "dcp-contoso" }
    }
    application_gateways       = { agw = { resource_group_name = "rg-aks", subnet = "vnet-aks/AppGatewaySubnet", private_ip_address = "10.1.49.10" } }
    application_load_balancers = { alb-contoso = { resource_group_name = "rg-aks", subnet = "vnet-aks/VmSubnet" } }
    monitor_data_collection_rules = {
      dcr-aks = { resource_group_name = "rg-aks", log_analytics_workspace = "log-other", streams = ["Microsoft-ContainerInsights-Group-Default"] }
    }
    monitor_diagnostic_settings = { diag-vault = { target = "key_vault:contoso-vault", log_analytics_workspace = "log-other" } }
  }

  expect_failures = [
    var.service_principal_object_ids,
    var.private_endpoint_target_ids,
    var.federated_identity_credentials,
    var.virtual_machine_scale_sets,
    var.managed_devops_pools,
    var.application_gateways,
    var.application_load_balancers,
    var.monitor_data_collection_rules,
    var.monitor_diagnostic_settings,
  ]
}

run "refuses_two_pools_in_one_subnet" {
  command = plan

  variables {
    managed_devops_pools = {
      mdp-one = { resource_group_name = "rg-aks", subnet = "vnet-aks/AgentSubnet", organization_url = "https://dev.azure.com/contoso", dev_center_name = "dc-one", dev_center_project_name = "dcp-one" }
      mdp-two = { resource_group_name = "rg-aks", subnet = "vnet-aks/AgentSubnet", organization_url = "https://dev.azure.com/contoso", dev_center_name = "dc-two", dev_center_project_name = "dcp-two" }
    }
  }

  expect_failures = [var.managed_devops_pools]
}

run "refuses_machines_without_a_key_and_a_password" {
  command = plan

  variables {
    admin_ssh_public_key   = null
    windows_admin_password = null
    virtual_machines = {
      vm-jumpbox = { resource_group_name = "rg-aks", subnet = "vnet-aks/VmSubnet" }
      vm-agent   = { resource_group_name = "rg-aks", subnet = "vnet-aks/VmSubnet", os_type = "Windows", computer_name = "vm-agent" }
    }
  }

  expect_failures = [var.admin_ssh_public_key, var.windows_admin_password]
}

run "refuses_an_unknown_purpose" {
  command = plan

  variables {
    virtual_machines = { vm = { resource_group_name = "rg-aks", subnet = "vnet-aks/VmSubnet", purpose = "build" } }
  }

  expect_failures = [var.virtual_machines]
}

run "refuses_a_machine_in_no_subnet" {
  command = plan

  variables {
    virtual_machines = { vm = { resource_group_name = "rg-aks", subnet = "vnet-aks/OtherSubnet" } }
  }

  expect_failures = [var.virtual_machines]
}

run "refuses_a_link_to_no_network" {
  command = plan

  variables {
    private_endpoints = {}
    private_dns_zones = {
      "privatelink.vaultcore.azure.net" = {
        resource_group_name   = "rg-aks"
        virtual_network_links = { link-vnet-hub = { virtual_network = "vnet-hub" } }
      }
    }
  }

  expect_failures = [var.private_dns_zones]
}

run "refuses_an_endpoint_in_no_subnet" {
  command = plan

  variables {
    private_endpoints = { pe-vault = { resource_group_name = "rg-aks", subnet = "VmSubnet", target = "contoso-vault", subresource = "vault", private_dns_zones = [] } }
  }

  expect_failures = [var.private_endpoints]
}

run "refuses_an_endpoint_with_no_zone_of_ours" {
  command = plan

  variables {
    private_endpoints = { pe-vault = { resource_group_name = "rg-aks", subnet = "vnet-aks/VmSubnet", target = "contoso-vault", subresource = "vault", private_dns_zones = ["privatelink.azurecr.io"] } }
  }

  expect_failures = [var.private_endpoints]
}

run "refuses_an_endpoint_to_nothing" {
  command = plan

  variables {
    private_endpoints = { pe-vault = { resource_group_name = "rg-aks", subnet = "vnet-aks/VmSubnet", target = "other-vault", subresource = "vault", private_dns_zones = [] } }
  }

  expect_failures = [var.private_endpoints]
}

run "refuses_a_cluster_in_no_subnet" {
  command = plan

  variables {
    kubernetes_clusters = {
      aks = {
        resource_group_name = "rg-aks"
        location            = "westeurope"
        dns_prefix          = "aks"
        network_plugin_mode = "overlay"
        network_policy      = "cilium"
        default_node_pool   = { name = "system", subnet = "AksSubnet", vm_size = "Standard_D4ds_v5", node_count = 3 }
      }
    }
  }

  expect_failures = [var.kubernetes_clusters]
}

run "refuses_a_cluster_with_an_unknown_identity" {
  command = plan

  variables {
    kubernetes_clusters = {
      aks = {
        resource_group_name    = "rg-aks"
        location               = "westeurope"
        dns_prefix             = "aks"
        network_plugin_mode    = "overlay"
        network_policy         = "cilium"
        user_assigned_identity = "id-other"
        default_node_pool      = { name = "system", subnet = "vnet-aks/AksSubnet", vm_size = "Standard_D4ds_v5", node_count = 3 }
      }
    }
  }

  expect_failures = [var.kubernetes_clusters]
}

run "refuses_a_cluster_with_an_unknown_zone" {
  command = plan

  variables {
    kubernetes_clusters = {
      aks = {
        resource_group_name = "rg-aks"
        location            = "westeurope"
        dns_prefix          = "aks"
        network_plugin_mode = "overlay"
        network_policy      = "cilium"
        private_dns_zone    = "privatelink.westeurope.azmk8s.io"
        default_node_pool   = { name = "system", subnet = "vnet-aks/AksSubnet", vm_size = "Standard_D4ds_v5", node_count = 3 }
      }
    }
  }

  expect_failures = [var.kubernetes_clusters]
}
