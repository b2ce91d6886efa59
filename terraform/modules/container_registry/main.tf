resource "azurerm_container_registry" "this" {
  name                          = var.name
  resource_group_name           = var.resource_group_name
  location                      = var.location
  sku                           = var.sku
  admin_enabled                 = var.admin_enabled
  anonymous_pull_enabled        = false
  data_endpoint_enabled         = var.data_endpoint_enabled
  public_network_access_enabled = var.public_network_access_enabled
  zone_redundancy_enabled       = var.zone_redundancy_enabled
  tags                          = var.tags

  # A private registry gives no images to others either: a transfer to a registry elsewhere would
  # pass no firewall. Azure takes the switch off only for Premium with public access off.
  export_policy_enabled = var.sku != "Premium" || var.public_network_access_enabled

  # Trusted services of Microsoft, such as Defender's image scan, have no private endpoint.
  network_rule_bypass_option = var.sku == "Premium" ? "AzureServices" : null

  dynamic "georeplications" {
    for_each = sort(var.georeplications)

    content {
      location                        = georeplications.value
      global_endpoint_routing_enabled = true
      zone_redundancy_enabled         = var.zone_redundancy_enabled
      tags                            = var.tags
    }
  }

  lifecycle {
    ignore_changes = [tags]
  }
}

resource "azurerm_container_registry_cache_rule" "this" {
  for_each = var.cache_rules

  name                  = each.key
  container_registry_id = azurerm_container_registry.this.id
  source_repo           = each.value.source_repo
  target_repo           = each.value.target_repo
}
