output "id" {
  description = "Id of the credential."
  value       = azurerm_federated_identity_credential.this.id
}
