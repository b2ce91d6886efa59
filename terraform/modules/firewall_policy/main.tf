resource "azurerm_firewall_policy" "this" {
  name                     = var.name
  resource_group_name      = var.resource_group_name
  location                 = var.location
  sku                      = var.sku
  base_policy_id           = var.base_policy_id
  threat_intelligence_mode = var.threat_intelligence_mode
  private_ip_ranges        = length(var.private_ip_ranges) > 0 ? var.private_ip_ranges : null
  tags                     = var.tags

  # Azure has no DNS settings in Basic policies.
  dynamic "dns" {
    for_each = var.dns_proxy_enabled || length(var.dns_servers) > 0 ? [true] : []

    content {
      proxy_enabled = var.dns_proxy_enabled
      servers       = var.dns_servers
    }
  }

  dynamic "threat_intelligence_allowlist" {
    for_each = length(var.threat_intelligence_allowlist_fqdns) + length(var.threat_intelligence_allowlist_ip_addresses) > 0 ? [true] : []

    content {
      fqdns        = var.threat_intelligence_allowlist_fqdns
      ip_addresses = var.threat_intelligence_allowlist_ip_addresses
    }
  }

  dynamic "intrusion_detection" {
    for_each = var.sku == "Premium" ? [true] : []

    content {
      mode = var.intrusion_detection_mode
    }
  }

  dynamic "identity" {
    for_each = var.user_assigned_identity_id[*]

    content {
      type         = "UserAssigned"
      identity_ids = [identity.value]
    }
  }

  dynamic "tls_certificate" {
    for_each = var.tls_certificate_secret_id[*]

    content {
      name                = "tls-inspection"
      key_vault_secret_id = tls_certificate.value
    }
  }

  dynamic "insights" {
    for_each = var.insights_workspace_id[*]

    content {
      enabled                            = true
      default_log_analytics_workspace_id = insights.value
      retention_in_days                  = 30
    }
  }

  # Azure updates every firewall and child policy with it, one after the other.
  timeouts {
    create = "60m"
    update = "90m"
    delete = "60m"
  }

  lifecycle {
    ignore_changes = [tags]
  }
}
