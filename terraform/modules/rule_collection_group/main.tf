# Two resources of the same content, since `ignore_changes` takes no condition: one that Terraform
# keeps as it is written, and one that it makes once and then leaves to others.

resource "azurerm_firewall_policy_rule_collection_group" "this" {
  count = var.managed_elsewhere ? 0 : 1

  name               = var.name
  firewall_policy_id = var.firewall_policy_id
  priority           = var.priority

  dynamic "nat_rule_collection" {
    for_each = var.nat_rule_collections

    content {
      name     = nat_rule_collection.value.name
      priority = nat_rule_collection.value.priority
      action   = "Dnat"

      dynamic "rule" {
        for_each = nat_rule_collection.value.rules

        content {
          name                = rule.value.name
          protocols           = rule.value.protocols
          source_addresses    = rule.value.source_addresses
          source_ip_groups    = [for name in rule.value.source_ip_groups : var.ip_group_ids[name]]
          destination_address = try(var.public_ip_addresses[rule.value.destination_address], rule.value.destination_address)
          destination_ports   = rule.value.destination_ports
          translated_address  = try(var.public_ip_addresses[rule.value.translated_address], rule.value.translated_address)
          translated_fqdn     = rule.value.translated_fqdn
          translated_port     = rule.value.translated_port
        }
      }
    }
  }

  dynamic "network_rule_collection" {
    for_each = var.network_rule_collections

    content {
      name     = network_rule_collection.value.name
      priority = network_rule_collection.value.priority
      action   = network_rule_collection.value.action

      dynamic "rule" {
        for_each = network_rule_collection.value.rules

        content {
          name                  = rule.value.name
          protocols             = rule.value.protocols
          source_addresses      = rule.value.source_addresses
          source_ip_groups      = [for name in rule.value.source_ip_groups : var.ip_group_ids[name]]
          destination_addresses = rule.value.destination_addresses
          destination_ip_groups = [for name in rule.value.destination_ip_groups : var.ip_group_ids[name]]
          destination_fqdns     = rule.value.destination_fqdns
          destination_ports     = rule.value.destination_ports
        }
      }
    }
  }

  dynamic "application_rule_collection" {
    for_each = var.application_rule_collections

    content {
      name     = application_rule_collection.value.name
      priority = application_rule_collection.value.priority
      action   = application_rule_collection.value.action

      dynamic "rule" {
        for_each = application_rule_collection.value.rules

        content {
          name                  = rule.value.name
          source_addresses      = rule.value.source_addresses
          source_ip_groups      = [for name in rule.value.source_ip_groups : var.ip_group_ids[name]]
          destination_fqdns     = rule.value.destination_fqdns
          destination_fqdn_tags = rule.value.destination_fqdn_tags
          destination_urls      = rule.value.destination_urls
          web_categories        = rule.value.web_categories
          terminate_tls         = rule.value.terminate_tls

          dynamic "protocols" {
            for_each = rule.value.protocols

            content {
              type = protocols.value.type
              port = protocols.value.port
            }
          }
        }
      }
    }
  }

  # Azure writes the groups of a policy one after the other, and the clock runs while one waits.
  timeouts {
    create = "90m"
    update = "90m"
    delete = "90m"
  }
}

resource "azurerm_firewall_policy_rule_collection_group" "managed_elsewhere" {
  count = var.managed_elsewhere ? 1 : 0

  name               = var.name
  firewall_policy_id = var.firewall_policy_id
  priority           = var.priority

  dynamic "nat_rule_collection" {
    for_each = var.nat_rule_collections

    content {
      name     = nat_rule_collection.value.name
      priority = nat_rule_collection.value.priority
      action   = "Dnat"

      dynamic "rule" {
        for_each = nat_rule_collection.value.rules

        content {
          name                = rule.value.name
          protocols           = rule.value.protocols
          source_addresses    = rule.value.source_addresses
          source_ip_groups    = [for name in rule.value.source_ip_groups : var.ip_group_ids[name]]
          destination_address = try(var.public_ip_addresses[rule.value.destination_address], rule.value.destination_address)
          destination_ports   = rule.value.destination_ports
          translated_address  = try(var.public_ip_addresses[rule.value.translated_address], rule.value.translated_address)
          translated_fqdn     = rule.value.translated_fqdn
          translated_port     = rule.value.translated_port
        }
      }
    }
  }

  dynamic "network_rule_collection" {
    for_each = var.network_rule_collections

    content {
      name     = network_rule_collection.value.name
      priority = network_rule_collection.value.priority
      action   = network_rule_collection.value.action

      dynamic "rule" {
        for_each = network_rule_collection.value.rules

        content {
          name                  = rule.value.name
          protocols             = rule.value.protocols
          source_addresses      = rule.value.source_addresses
          source_ip_groups      = [for name in rule.value.source_ip_groups : var.ip_group_ids[name]]
          destination_addresses = rule.value.destination_addresses
          destination_ip_groups = [for name in rule.value.destination_ip_groups : var.ip_group_ids[name]]
          destination_fqdns     = rule.value.destination_fqdns
          destination_ports     = rule.value.destination_ports
        }
      }
    }
  }

  dynamic "application_rule_collection" {
    for_each = var.application_rule_collections

    content {
      name     = application_rule_collection.value.name
      priority = application_rule_collection.value.priority
      action   = application_rule_collection.value.action

      dynamic "rule" {
        for_each = application_rule_collection.value.rules

        content {
          name                  = rule.value.name
          source_addresses      = rule.value.source_addresses
          source_ip_groups      = [for name in rule.value.source_ip_groups : var.ip_group_ids[name]]
          destination_fqdns     = rule.value.destination_fqdns
          destination_fqdn_tags = rule.value.destination_fqdn_tags
          destination_urls      = rule.value.destination_urls
          web_categories        = rule.value.web_categories
          terminate_tls         = rule.value.terminate_tls

          dynamic "protocols" {
            for_each = rule.value.protocols

            content {
              type = protocols.value.type
              port = protocols.value.port
            }
          }
        }
      }
    }
  }

  # Azure writes the groups of a policy one after the other, and the clock runs while one waits.
  timeouts {
    create = "90m"
    update = "90m"
    delete = "90m"
  }

  lifecycle {
    ignore_changes = [nat_rule_collection, network_rule_collection, application_rule_collection]
  }
}
