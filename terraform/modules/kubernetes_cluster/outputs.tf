output "id" {
  description = "Id of the cluster."
  value       = azurerm_kubernetes_cluster.this.id
}

output "name" {
  description = "Name of the cluster."
  value       = azurerm_kubernetes_cluster.this.name
}

output "private_fqdn" {
  description = "Name of the API server in its private zone."
  value       = azurerm_kubernetes_cluster.this.private_fqdn
}

output "oidc_issuer_url" {
  description = "Issuer of the tokens of service accounts: what federated credentials trust."
  value       = azurerm_kubernetes_cluster.this.oidc_issuer_url
}

output "node_resource_group" {
  description = "Resource group of nodes, disks and load balancers, which AKS makes."
  value       = azurerm_kubernetes_cluster.this.node_resource_group
}

output "node_resource_group_id" {
  description = "Id of that resource group."
  value       = azurerm_kubernetes_cluster.this.node_resource_group_id
}

output "principal_id" {
  description = "Object id of the cluster's system-assigned identity; null when it has a user-assigned one."
  value       = var.user_assigned_identity_id == null ? one(azurerm_kubernetes_cluster.this.identity[*].principal_id) : null
}

output "kubelet_identity_object_id" {
  description = "Object id of the kubelets' identity: what pulls images."
  value       = one(azurerm_kubernetes_cluster.this.kubelet_identity[*].object_id)
}

output "ingress_application_gateway_object_id" {
  description = "Object id of the identity of the Application Gateway ingress add-on; null without it."
  value       = var.ingress == "application-gateway" ? one(one(azurerm_kubernetes_cluster.this.ingress_application_gateway[*].ingress_application_gateway_identity)[*].object_id) : null
}

output "key_vault_secrets_provider_object_id" {
  description = "Object id of the identity of the Key Vault add-on; null without it."
  value       = var.key_vault_secrets_provider_enabled ? one(one(azurerm_kubernetes_cluster.this.key_vault_secrets_provider[*].secret_identity)[*].object_id) : null
}
