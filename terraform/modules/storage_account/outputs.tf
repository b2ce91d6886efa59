output "id" {
  description = "Id of the account."
  value       = azurerm_storage_account.this.id
}

output "name" {
  description = "Name of the account."
  value       = azurerm_storage_account.this.name
}

output "primary_blob_endpoint" {
  description = "URL of its blobs."
  value       = azurerm_storage_account.this.primary_blob_endpoint
}
