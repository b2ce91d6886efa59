resource "azurerm_private_endpoint" "this" {
  name                          = var.name
  resource_group_name           = var.resource_group_name
  location                      = var.location
  subnet_id                     = var.subnet_id
  custom_network_interface_name = "nic-${var.name}"
  tags                          = var.tags

  private_service_connection {
    name                              = "psc-${var.name}"
    private_connection_resource_id    = var.private_connection_resource_id
    private_connection_resource_alias = var.private_connection_resource_alias
    subresource_names                 = var.subresource == "" ? null : [var.subresource]

    # Whoever owns a service that is known by its alias alone must approve.
    is_manual_connection = var.private_connection_resource_alias != null
    request_message      = var.private_connection_resource_alias == null ? null : "Private endpoint ${var.name}"
  }

  # The zone group writes the records, and takes them away with the endpoint.
  dynamic "private_dns_zone_group" {
    for_each = length(var.private_dns_zone_ids) > 0 ? [true] : []

    content {
      name                 = "default"
      private_dns_zone_ids = var.private_dns_zone_ids
    }
  }

  lifecycle {
    ignore_changes = [tags]
  }
}
