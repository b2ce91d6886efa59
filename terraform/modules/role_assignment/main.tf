resource "azurerm_role_assignment" "this" {
  scope                = var.scope
  role_definition_name = var.role_definition_name
  principal_id         = var.principal_id
  principal_type       = var.principal_type
  description          = var.description

  # A service principal made a moment ago is not yet known everywhere in Entra.
  skip_service_principal_aad_check = var.principal_type == "ServicePrincipal" ? true : null
}
