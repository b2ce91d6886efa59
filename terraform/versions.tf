terraform {
  required_version = ">= 1.11.0"

  required_providers {
    azapi = {
      source  = "azure/azapi"
      version = "~> 2.0"
    }
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 5.0"
    }
  }
}

provider "azurerm" {
  environment         = var.cloud
  subscription_id     = var.subscription_id
  storage_use_azuread = true

  # From version 5 on, azurerm registers no resource providers by itself.
  resource_provider_registrations = "none"
  resource_providers_to_register = [
    "Microsoft.AlertsManagement",
    "Microsoft.Authorization",
    "Microsoft.Compute",
    "Microsoft.ContainerRegistry",
    "Microsoft.ContainerService",
    "Microsoft.DevCenter",
    "Microsoft.DevOpsInfrastructure",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.KubernetesConfiguration",
    "Microsoft.ManagedIdentity",
    "Microsoft.Monitor",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
    "Microsoft.OperationsManagement",
    "Microsoft.PolicyInsights",
    "Microsoft.ServiceNetworking",
    "Microsoft.Storage",
  ]

  features {
    key_vault {
      # A deleted vault keeps its name for its retention time; take it back rather than fail.
      recover_soft_deleted_key_vaults = true
      purge_soft_delete_on_destroy    = false
    }

    resource_group {
      prevent_deletion_if_contains_resources = true
    }
  }
}
