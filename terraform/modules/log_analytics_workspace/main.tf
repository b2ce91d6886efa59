resource "azurerm_log_analytics_workspace" "this" {
  name                           = var.name
  resource_group_name            = var.resource_group_name
  location                       = var.location
  sku                            = "PerGB2018"
  retention_in_days              = var.retention_in_days
  internet_ingestion_access_type = var.internet_ingestion_access_type
  internet_query_access_type     = var.internet_query_access_type
  tags                           = var.tags

  # The workspace's keys would let anybody who has one write to it; agents sign in with Entra.
  local_authentication_enabled = false

  lifecycle {
    ignore_changes = [tags]
  }
}
