output "id" {
  description = "Id of the rule collection group."
  value       = one(concat(azurerm_firewall_policy_rule_collection_group.this[*].id, azurerm_firewall_policy_rule_collection_group.managed_elsewhere[*].id))
}

output "name" {
  description = "Name of the rule collection group."
  value       = var.name
}
