variable "name" {
  description = "Name of the account; unique in Azure."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.name))
    error_message = "name: write 3 to 24 lower-case letters or digits."
  }
}

variable "resource_group_name" {
  description = "Resource group of the account."
  type        = string
}

variable "location" {
  description = "Azure region, for instance `westeurope`."
  type        = string
}

variable "tags" {
  description = "Tags of the account."
  type        = map(string)
  default     = {}
}

variable "account_replication_type" {
  description = "Where copies are kept: `LRS`, `ZRS`, `GRS`, `RAGRS`, `GZRS` or `RAGZRS`."
  type        = string
  default     = "ZRS"

  validation {
    condition     = contains(["LRS", "ZRS", "GRS", "RAGRS", "GZRS", "RAGZRS"], var.account_replication_type)
    error_message = "account_replication_type: write `LRS`, `ZRS`, `GRS`, `RAGRS`, `GZRS` or `RAGZRS`."
  }
}

variable "public_network_access_enabled" {
  description = "Whether the account answers on its public addresses."
  type        = bool
  default     = false
}

variable "network_rules_default_action" {
  description = "What happens to public callers of no rule, while public access is on: `Allow` or `Deny`."
  type        = string
  default     = "Deny"

  validation {
    condition     = contains(["Allow", "Deny"], var.network_rules_default_action)
    error_message = "network_rules_default_action: write `Deny`, or `Allow` to let everybody in while public access is on."
  }
}

variable "shared_access_key_enabled" {
  description = "Whether the account's keys open it; without them, Entra does."
  type        = bool
  default     = false
}
