output "id" {
  description = "Id of the scale set: what an agent pool of Azure DevOps is made with."
  value       = azurerm_linux_virtual_machine_scale_set.this.id
}

output "name" {
  description = "Name of the scale set."
  value       = azurerm_linux_virtual_machine_scale_set.this.name
}
