output "estate" {
  description = "What no resource carries, so that a plan alone tells the whole estate."
  value = {
    name     = var.name
    location = var.location
    cloud    = var.cloud
    hub      = var.hub
    tags     = var.tags
    features = sort(distinct(flatten([for cluster in values(var.kubernetes_clusters) : cluster.features])))
    ingress  = join("", distinct(compact([for cluster in values(var.kubernetes_clusters) : cluster.ingress])))
    purposes = { for name, machine in var.virtual_machines : name => machine.purpose if machine.purpose != "" }
  }
}

output "workloads" {
  description = "Services of type LoadBalancer by name, with the annotations that put them where the firewall sends traffic."
  value = {
    for name, workload in var.workloads : name => {
      cluster       = workload.cluster
      load_balancer = workload.load_balancer
      port          = workload.port
      target_port   = workload.target_port
      frontend      = workload.frontend
      annotations = workload.load_balancer == "internal" ? {
        "service.beta.kubernetes.io/azure-load-balancer-internal" = "true"
        "service.beta.kubernetes.io/azure-load-balancer-ipv4"     = workload.frontend
        } : {
        "service.beta.kubernetes.io/azure-load-balancer-resource-group" = var.public_ips[workload.frontend].resource_group_name
        "service.beta.kubernetes.io/azure-pip-name"                     = workload.frontend
      }
    }
  }
}

output "public_ip_addresses" {
  description = "Addresses of the public IPs by name."
  value       = { for name, item in module.public_ip : name => item.ip_address }
}

output "firewall_private_ip_addresses" {
  description = "Private addresses of the firewalls by name: next hop of routes, and DNS server where the proxy is on."
  value       = { for name, item in module.firewall : name => item.private_ip_address }
}

output "virtual_network_ids" {
  description = "Ids of the virtual networks by name."
  value       = { for name, item in module.virtual_network : name => item.id }
}

output "subnet_ids" {
  description = "Ids of the subnets by `<virtual network>/<subnet>`."
  value = merge([
    for network, item in module.virtual_network : { for name, id in item.subnet_ids : "${network}/${name}" => id }
  ]...)
}

output "kubernetes_clusters" {
  description = "What pipelines need of the clusters by name: how to reach each, and whom its federated credentials trust."
  value = {
    for name, item in module.kubernetes_cluster : name => {
      id                  = item.id
      private_fqdn        = item.private_fqdn
      oidc_issuer_url     = item.oidc_issuer_url
      node_resource_group = item.node_resource_group
    }
  }
}

output "container_registry_login_servers" {
  description = "Hosts that images and charts are pushed to, by registry."
  value       = { for name, item in module.container_registry : name => item.login_server }
}

output "key_vault_uris" {
  description = "URLs of the vaults by name."
  value       = { for name, item in module.key_vault : name => item.vault_uri }
}

output "user_assigned_identity_client_ids" {
  description = "Application ids of the identities by name: what service accounts are annotated with."
  value       = { for name, item in module.user_assigned_identity : name => item.client_id }
}

output "application_load_balancers" {
  description = "Application Gateways for Containers by name: what Gateway resources are annotated with, and the public names of their frontends."
  value = {
    for name, item in module.application_load_balancer : name => {
      id                           = item.id
      fully_qualified_domain_names = item.fully_qualified_domain_names
      security_policy_id           = item.security_policy_id
    }
  }
}

output "agents" {
  description = "Where pipelines run: ids of scale sets, which Azure DevOps makes an agent pool of, and names of Managed DevOps Pools."
  value = {
    scale_sets           = { for name, item in module.linux_virtual_machine_scale_set : name => item.id }
    managed_devops_pools = [for name, item in module.managed_devops_pool : item.name]
  }
}
