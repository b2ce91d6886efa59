output "id" {
  description = "Id of the network security group; whoever waits for it also waits for its rules, which Azure wants to see before it lets the group onto AzureBastionSubnet."
  value       = azurerm_network_security_group.this.id

  depends_on = [azurerm_network_security_rule.this]
}

output "name" {
  description = "Name of the network security group."
  value       = azurerm_network_security_group.this.name
}
