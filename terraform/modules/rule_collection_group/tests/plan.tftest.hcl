variables {
  name               = "platform"
  firewall_policy_id = "/afwp-hub"
  priority           = 200
}

run "plans_every_kind_of_rule" {
  command = plan

  variables {
    ip_group_ids        = { ipg-offices = "/ipg-offices" }
    public_ip_addresses = { pip-afw-web = "203.0.113.3", pip-lb-web = "203.0.113.5" }

    nat_rule_collections = [{
      name     = "dnat"
      priority = 100
      rules = [
        { name = "web", protocols = ["TCP"], source_addresses = ["*"], destination_address = "pip-afw-web", destination_ports = ["80"], translated_address = "pip-lb-web", translated_port = 80 },
        { name = "shop", protocols = ["TCP"], source_ip_groups = ["ipg-offices"], destination_address = "203.0.113.2", destination_ports = ["443"], translated_address = "10.1.15.250", translated_port = 443 },
      ]
    }]
    network_rule_collections = [{
      name     = "egress-addresses"
      priority = 110
      action   = "Allow"
      rules    = [{ name = "ntp", protocols = ["UDP"], source_addresses = ["10.1.0.0/20"], destination_fqdns = ["ntp.ubuntu.com"], destination_ports = ["123"] }]
    }]
    application_rule_collections = [{
      name     = "aks"
      priority = 1100
      action   = "Allow"
      rules = [
        { name = "first", protocols = [{ type = "Https", port = 443 }], source_addresses = ["10.1.0.0/20"], destination_fqdns = ["mcr.microsoft.com"] },
        { name = "second", protocols = [{ type = "Https", port = 443 }], source_addresses = ["10.1.0.0/20"], destination_fqdn_tags = ["AzureKubernetesService"] },
      ]
    }]
  }

  assert {
    condition     = azurerm_firewall_policy_rule_collection_group.this[0].nat_rule_collection[0].rule[0].destination_address == "203.0.113.3" && azurerm_firewall_policy_rule_collection_group.this[0].nat_rule_collection[0].rule[0].translated_address == "203.0.113.5"
    error_message = "The name of a public IP is replaced by its address."
  }

  assert {
    condition     = azurerm_firewall_policy_rule_collection_group.this[0].nat_rule_collection[0].rule[1].destination_address == "203.0.113.2" && azurerm_firewall_policy_rule_collection_group.this[0].nat_rule_collection[0].rule[1].source_ip_groups == tolist(["/ipg-offices"])
    error_message = "An address stays an address, and the name of an IP group becomes its id."
  }

  assert {
    condition     = azurerm_firewall_policy_rule_collection_group.this[0].application_rule_collection[0].rule[*].name == tolist(["first", "second"])
    error_message = "Rules keep their order, which decides."
  }

  assert {
    condition     = azurerm_firewall_policy_rule_collection_group.this[0].network_rule_collection[0].rule[0].destination_fqdns == tolist(["ntp.ubuntu.com"])
    error_message = "Network rules may name FQDNs."
  }
}

run "plans_a_group_that_is_left_to_others" {
  command = plan

  variables {
    managed_elsewhere = true
  }

  assert {
    condition     = length(azurerm_firewall_policy_rule_collection_group.this) == 0 && azurerm_firewall_policy_rule_collection_group.managed_elsewhere[0].name == "platform"
    error_message = "The group is the one whose collections Terraform leaves alone."
  }
}

run "refuses_priorities_below_100" {
  command = plan

  variables {
    priority = 99
  }

  expect_failures = [var.priority]
}

run "refuses_two_translations" {
  command = plan

  variables {
    nat_rule_collections = [{
      name  = "dnat", priority = 100
      rules = [{ name = "web", protocols = ["TCP"], source_addresses = ["*"], destination_address = "203.0.113.3", destination_ports = ["80"], translated_address = "10.1.0.4", translated_fqdn = "web.contoso.com", translated_port = 80 }]
    }]
  }

  expect_failures = [var.nat_rule_collections]
}

run "refuses_unknown_protocols" {
  command = plan

  variables {
    nat_rule_collections = [{
      name  = "dnat", priority = 100
      rules = [{ name = "web", protocols = ["ICMP"], source_addresses = ["*"], destination_address = "203.0.113.3", destination_ports = ["80"], translated_address = "10.1.0.4", translated_port = 80 }]
    }]
    network_rule_collections = [{
      name  = "net", priority = 100, action = "Allow"
      rules = [{ name = "net", protocols = ["Tcp"], source_addresses = ["*"], destination_addresses = ["*"], destination_ports = ["80"] }]
    }]
    application_rule_collections = [{
      name  = "app", priority = 100, action = "Allow"
      rules = [{ name = "app", protocols = [{ type = "HTTPS", port = 443 }], source_addresses = ["*"], destination_fqdns = ["contoso.com"] }]
    }]
  }

  expect_failures = [var.nat_rule_collections, var.network_rule_collections, var.application_rule_collections]
}

run "refuses_unknown_actions" {
  command = plan

  variables {
    network_rule_collections     = [{ name = "net", priority = 100, action = "Permit", rules = [] }]
    application_rule_collections = [{ name = "app", priority = 100, action = "Permit", rules = [] }]
  }

  expect_failures = [var.network_rule_collections, var.application_rule_collections]
}

run "refuses_rules_without_destination_or_sight_of_urls" {
  command = plan

  variables {
    network_rule_collections = [{
      name  = "net", priority = 100, action = "Allow"
      rules = [{ name = "net", protocols = ["TCP"], source_addresses = ["*"], destination_ports = ["80"] }]
    }]
    application_rule_collections = [{
      name  = "app", priority = 100, action = "Allow"
      rules = [{ name = "app", protocols = [{ type = "Https", port = 443 }], source_addresses = ["*"], destination_urls = ["contoso.com/shop"] }]
    }]
  }

  expect_failures = [var.network_rule_collections, var.application_rule_collections]
}
