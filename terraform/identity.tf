module "user_assigned_identity" {
  source   = "./modules/user_assigned_identity"
  for_each = var.user_assigned_identities

  name                = each.key
  resource_group_name = module.resource_group[each.value.resource_group_name].name
  location            = module.resource_group[each.value.resource_group_name].location
  tags                = var.tags
}

# What must hold before the cluster is made: a cluster whose identity has no rights on its network
# is refused, and nodes that cannot pull do not start.
module "role_assignment" {
  source   = "./modules/role_assignment"
  for_each = { for key, item in var.role_assignments : key => item if !item.needs_cluster }

  role_definition_name = each.value.role_definition_name
  principal_type       = startswith(each.value.principal, "group:") ? "Group" : "ServicePrincipal"

  scope = merge(
    { "subscription:" = "/subscriptions/${data.azurerm_client_config.current.subscription_id}" },
    { for name, item in module.resource_group : "resource_group:${name}" => item.id },
    { for name, item in module.virtual_network : "virtual_network:${name}" => item.id },
    merge([for network, item in module.virtual_network : { for name, id in item.subnet_ids : "subnet:${network}/${name}" => id }]...),
    { for name, item in module.route_table : "route_table:${name}" => item.id },
    { for name, item in module.public_ip : "public_ip:${name}" => item.id },
    { for name, item in module.bastion_host : "bastion_host:${name}" => item.id },
    { for name, item in module.private_dns_zone : "private_dns_zone:${name}" => item.id },
    { for name, item in module.user_assigned_identity : "user_assigned_identity:${name}" => item.id },
    { for name, item in module.container_registry : "container_registry:${name}" => item.id },
    { for name, item in module.key_vault : "key_vault:${name}" => item.id },
    { for name, item in module.storage_account : "storage_account:${name}" => item.id },
    { for name, item in module.application_gateway : "application_gateway:${name}" => item.id },
    { for name, item in module.application_load_balancer : "application_load_balancer:${name}" => item.id },
  )[each.value.scope]

  principal_id = (
    startswith(each.value.principal, "group:") ? trimprefix(each.value.principal, "group:") :
    startswith(each.value.principal, "service_principal:") ? var.service_principal_object_ids[trimprefix(each.value.principal, "service_principal:")] :
    module.user_assigned_identity[trimprefix(each.value.principal, "user_assigned_identity:")].principal_id
  )
}

# What the cluster or a machine has part in: scopes that it makes, and identities that come with it.
module "role_assignment_of_cluster" {
  source   = "./modules/role_assignment"
  for_each = { for key, item in var.role_assignments : key => item if item.needs_cluster }

  role_definition_name = each.value.role_definition_name
  principal_type       = startswith(each.value.principal, "group:") ? "Group" : "ServicePrincipal"

  scope = merge(
    { for name, item in module.resource_group : "resource_group:${name}" => item.id },
    merge([for network, item in module.virtual_network : { for name, id in item.subnet_ids : "subnet:${network}/${name}" => id }]...),
    { for name, item in module.container_registry : "container_registry:${name}" => item.id },
    { for name, item in module.key_vault : "key_vault:${name}" => item.id },
    { for name, item in module.application_gateway : "application_gateway:${name}" => item.id },
    { for name, item in module.kubernetes_cluster : "kubernetes_cluster:${name}" => item.id },
    { for name, item in module.kubernetes_cluster : "node_resource_group:${name}" => item.node_resource_group_id },
    { for name, item in module.linux_virtual_machine : "linux_virtual_machine:${name}" => item.id },
    { for name, item in module.windows_virtual_machine : "windows_virtual_machine:${name}" => item.id },
  )[each.value.scope]

  principal_id = (
    startswith(each.value.principal, "group:") ? trimprefix(each.value.principal, "group:") :
    startswith(each.value.principal, "kubelet:") ? module.kubernetes_cluster[trimprefix(each.value.principal, "kubelet:")].kubelet_identity_object_id :
    startswith(each.value.principal, "ingress_application_gateway:") ? module.kubernetes_cluster[trimprefix(each.value.principal, "ingress_application_gateway:")].ingress_application_gateway_object_id :
    startswith(each.value.principal, "kubernetes_cluster:") ? module.kubernetes_cluster[trimprefix(each.value.principal, "kubernetes_cluster:")].principal_id :
    module.user_assigned_identity[trimprefix(each.value.principal, "user_assigned_identity:")].principal_id
  )
}

module "federated_identity_credential" {
  source   = "./modules/federated_identity_credential"
  for_each = var.federated_identity_credentials

  name                      = each.key
  user_assigned_identity_id = module.user_assigned_identity[each.value.user_assigned_identity].id
  issuer                    = module.kubernetes_cluster[each.value.cluster].oidc_issuer_url
  subject                   = each.value.subject
  audience = {
    public       = "api://AzureADTokenExchange"
    china        = "api://AzureADTokenExchangeChina"
    usgovernment = "api://AzureADTokenExchangeUSGov"
  }[var.cloud]
}

data "azurerm_client_config" "current" {}
