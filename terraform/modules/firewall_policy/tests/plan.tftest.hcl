variables {
  name                = "afwp-hub"
  resource_group_name = "rg-hub"
  location            = "westeurope"
  sku                 = "Premium"
}

run "plans_premium" {
  command = plan

  variables {
    base_policy_id                             = "/afwp-company"
    threat_intelligence_mode                   = "Deny"
    threat_intelligence_allowlist_fqdns        = ["update.contoso.com"]
    threat_intelligence_allowlist_ip_addresses = ["198.51.100.7", "198.51.100.128/25"]
    dns_proxy_enabled                          = true
    dns_servers                                = ["10.0.2.4"]
    private_ip_ranges                          = ["IANAPrivateRanges", "192.0.2.0/24"]
    intrusion_detection_mode                   = "Alert"
    user_assigned_identity_id                  = "/id-afw"
    tls_certificate_secret_id                  = "https://contoso-vault.vault.azure.net/secrets/ca"
    insights_workspace_id                      = "/log"
  }

  assert {
    condition     = azurerm_firewall_policy.this.sku == "Premium" && azurerm_firewall_policy.this.base_policy_id == "/afwp-company"
    error_message = "The policy has the tier and parent that were asked for."
  }

  assert {
    condition     = azurerm_firewall_policy.this.dns[0].proxy_enabled && azurerm_firewall_policy.this.dns[0].servers == tolist(["10.0.2.4"])
    error_message = "The firewall answers DNS and asks the servers that were named."
  }

  assert {
    condition     = azurerm_firewall_policy.this.threat_intelligence_mode == "Deny" && azurerm_firewall_policy.this.threat_intelligence_allowlist[0].fqdns == toset(["update.contoso.com"])
    error_message = "Threat intelligence is a setting of the policy."
  }

  assert {
    condition     = azurerm_firewall_policy.this.intrusion_detection[0].mode == "Alert" && azurerm_firewall_policy.this.private_ip_ranges == tolist(["IANAPrivateRanges", "192.0.2.0/24"])
    error_message = "Intrusion detection and private ranges are what was asked for."
  }

  assert {
    condition     = azurerm_firewall_policy.this.tls_certificate[0].key_vault_secret_id == "https://contoso-vault.vault.azure.net/secrets/ca" && azurerm_firewall_policy.this.identity[0].identity_ids == toset(["/id-afw"])
    error_message = "TLS inspection reads its certificate with the identity."
  }

  assert {
    condition     = azurerm_firewall_policy.this.insights[0].default_log_analytics_workspace_id == "/log"
    error_message = "Policy analytics writes to the workspace."
  }
}

run "plans_basic_without_what_it_lacks" {
  command = plan

  variables {
    sku = "Basic"
  }

  assert {
    condition     = length(azurerm_firewall_policy.this.dns) == 0 && length(azurerm_firewall_policy.this.intrusion_detection) == 0 && length(azurerm_firewall_policy.this.tls_certificate) == 0
    error_message = "A Basic policy has no DNS, intrusion detection or TLS settings."
  }
}

run "refuses_unknown_tiers" {
  command = plan

  variables {
    sku = "Ultra"
  }

  expect_failures = [var.sku]
}

run "refuses_unknown_modes" {
  command = plan

  variables {
    threat_intelligence_mode = "Block"
    intrusion_detection_mode = "Block"
  }

  expect_failures = [var.threat_intelligence_mode, var.intrusion_detection_mode]
}

run "refuses_what_basic_cannot_do" {
  command = plan

  variables {
    sku                      = "Basic"
    threat_intelligence_mode = "Deny"
    dns_proxy_enabled        = true
    dns_servers              = ["10.0.2.4"]
  }

  expect_failures = [var.threat_intelligence_mode, var.dns_proxy_enabled, var.dns_servers]
}

run "refuses_what_standard_cannot_do" {
  command = plan

  variables {
    sku                       = "Standard"
    intrusion_detection_mode  = "Alert"
    user_assigned_identity_id = "/id-afw"
    tls_certificate_secret_id = "https://contoso-vault.vault.azure.net/secrets/ca"
  }

  expect_failures = [var.intrusion_detection_mode, var.tls_certificate_secret_id]
}

run "refuses_tls_inspection_without_an_identity" {
  command = plan

  variables {
    tls_certificate_secret_id = "https://contoso-vault.vault.azure.net/secrets/ca"
  }

  expect_failures = [var.tls_certificate_secret_id]
}

run "refuses_names_for_addresses" {
  command = plan

  variables {
    threat_intelligence_allowlist_ip_addresses = ["update.contoso.com"]
    dns_servers                                = ["dns.contoso.com"]
    private_ip_ranges                          = ["private"]
  }

  expect_failures = [var.threat_intelligence_allowlist_ip_addresses, var.dns_servers, var.private_ip_ranges]
}
