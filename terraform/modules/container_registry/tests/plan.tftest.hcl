mock_provider "azurerm" {}

variables {
  name                = "contosoregistry"
  resource_group_name = "rg-aks"
  location            = "westeurope"
}

run "is_private_by_default" {
  command = plan

  assert {
    condition = (
      !azurerm_container_registry.this.public_network_access_enabled
      && !azurerm_container_registry.this.admin_enabled
      && !azurerm_container_registry.this.anonymous_pull_enabled
      && !azurerm_container_registry.this.export_policy_enabled
    )
    error_message = "Nobody reaches the registry from the internet, by password or without one."
  }
}

run "replicates" {
  command = plan

  variables {
    georeplications = ["northeurope", "francecentral"]
  }

  assert {
    condition     = [for item in azurerm_container_registry.this.georeplications : item.location] == ["francecentral", "northeurope"]
    error_message = "Replicas stand in a stable order."
  }
}

run "caches_what_an_isolated_cluster_starts_from" {
  command = plan

  variables {
    cache_rules = { aks-managed-mcr = { source_repo = "mcr.microsoft.com/*", target_repo = "aks-managed-repository/*" } }
  }

  assert {
    condition     = azurerm_container_registry_cache_rule.this["aks-managed-mcr"].target_repo == "aks-managed-repository/*"
    error_message = "The rule keeps Microsoft's images where AKS looks for them."
  }
}

run "refuses_hyphens_in_the_name" {
  command = plan

  variables {
    name = "contoso-registry"
  }

  expect_failures = [var.name]
}

run "refuses_unknown_tiers" {
  command = plan

  variables {
    sku                           = "Classic"
    public_network_access_enabled = true
    zone_redundancy_enabled       = false
    data_endpoint_enabled         = false
  }

  expect_failures = [var.sku]
}

run "refuses_what_only_premium_has" {
  command = plan

  variables {
    sku             = "Standard"
    georeplications = ["northeurope"]
  }

  expect_failures = [
    var.public_network_access_enabled, var.zone_redundancy_enabled, var.data_endpoint_enabled, var.georeplications,
  ]
}

run "refuses_a_replica_at_home" {
  command = plan

  variables {
    georeplications = ["westeurope"]
  }

  expect_failures = [var.georeplications]
}

run "refuses_a_region_twice" {
  command = plan

  variables {
    georeplications = ["northeurope", "northeurope"]
  }

  expect_failures = [var.georeplications]
}

run "refuses_short_names_of_cache_rules" {
  command = plan

  variables {
    cache_rules = { mcr = { source_repo = "mcr.microsoft.com/*", target_repo = "mcr/*" } }
  }

  expect_failures = [var.cache_rules]
}
