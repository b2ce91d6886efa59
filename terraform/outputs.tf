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
