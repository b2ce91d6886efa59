output "id" {
  description = "Id of the gateway: what the controller is told by annotation."
  value       = azurerm_application_load_balancer.this.id

  depends_on = [azurerm_application_load_balancer_subnet_association.this]
}

output "fully_qualified_domain_names" {
  description = "Public names of the frontends by their name."
  value       = { for name, frontend in azurerm_application_load_balancer_frontend.this : name => frontend.fully_qualified_domain_name }
}

output "security_policy_id" {
  description = "Id of its security policy, which routes refer to; null without a web application firewall."
  value       = one(azurerm_application_load_balancer_security_policy.this[*].id)
}
