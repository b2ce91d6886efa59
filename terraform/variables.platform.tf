variable "container_registries" {
  description = "Container registries by name."
  type = map(object({
    resource_group_name           = string
    location                      = string
    sku                           = optional(string, "Premium")
    public_network_access_enabled = optional(bool, false)
    zone_redundancy_enabled       = optional(bool, true)
    admin_enabled                 = optional(bool, false)
    georeplications               = optional(list(string), [])
    data_endpoint_enabled         = optional(bool, true)
  }))
  default = {}
}

variable "key_vaults" {
  description = "Key vaults by name."
  type = map(object({
    resource_group_name           = string
    public_network_access_enabled = optional(bool, false)
    network_acls_default_action   = optional(string, "Deny")
    purge_protection_enabled      = optional(bool, true)
    rbac_authorization_enabled    = optional(bool, true)
  }))
  default = {}
}

variable "storage_accounts" {
  description = "Storage accounts by name."
  type = map(object({
    resource_group_name           = string
    public_network_access_enabled = optional(bool, false)
    network_rules_default_action  = optional(string, "Deny")
    account_replication_type      = optional(string, "ZRS")
    shared_access_key_enabled     = optional(bool, false)
  }))
  default = {}
}

variable "log_analytics_workspaces" {
  description = "Log Analytics workspaces by name."
  type = map(object({
    resource_group_name            = string
    retention_in_days              = optional(number, 30)
    internet_ingestion_access_type = optional(string, "Enabled")
    internet_query_access_type     = optional(string, "Enabled")
  }))
  default = {}
}

variable "monitor_workspaces" {
  description = "Azure Monitor workspaces, which keep Prometheus metrics, by name."
  type = map(object({
    resource_group_name           = string
    public_network_access_enabled = optional(bool, false)
  }))
  default = {}
}
