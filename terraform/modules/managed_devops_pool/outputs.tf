output "id" {
  description = "Id of the pool."
  value       = azurerm_managed_devops_pool.this.id
}

output "name" {
  description = "Name of the pool: what `pool:` says in a pipeline."
  value       = azurerm_managed_devops_pool.this.name
}
