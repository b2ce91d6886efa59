variable "name" {
  description = "Name of the vault; `<name>.vault.azure.net` is unique in Azure, deleted vaults included."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z](-?[A-Za-z0-9]){2,23}$", var.name)) && length(var.name) <= 24
    error_message = "name: write 3 to 24 letters, digits or single hyphens, a letter first and no hyphen at the end."
  }
}

variable "resource_group_name" {
  description = "Resource group of the vault."
  type        = string
}

variable "location" {
  description = "Azure region, for instance `westeurope`."
  type        = string
}

variable "tags" {
  description = "Tags of the vault."
  type        = map(string)
  default     = {}
}

variable "tenant_id" {
  description = "Entra tenant whose users and identities sign in."
  type        = string
}

variable "sku_name" {
  description = "`standard`, or `premium` for keys in hardware."
  type        = string
  default     = "standard"

  validation {
    condition     = contains(["standard", "premium"], var.sku_name)
    error_message = "sku_name: write `standard` or `premium`."
  }
}

variable "public_network_access_enabled" {
  description = "Whether the vault answers on its public address."
  type        = bool
  default     = false
}

variable "network_acls_default_action" {
  description = "What happens to public callers of no rule, while public access is on: `Allow` or `Deny`."
  type        = string
  default     = "Deny"

  validation {
    condition     = contains(["Allow", "Deny"], var.network_acls_default_action)
    error_message = "network_acls_default_action: write `Deny`, or `Allow` to let everybody in while public access is on."
  }
}

variable "purge_protection_enabled" {
  description = "Whether nobody can purge a deleted vault before its retention ends. It cannot be taken off again."
  type        = bool
  default     = true
}

variable "rbac_authorization_enabled" {
  description = "Whether Azure roles decide who reads secrets, and not access policies of the vault."
  type        = bool
  default     = true
}

variable "soft_delete_retention_days" {
  description = "Days that a deleted vault or secret can be recovered. A change makes a new vault."
  type        = number
  default     = 90

  validation {
    condition     = var.soft_delete_retention_days >= 7 && var.soft_delete_retention_days <= 90
    error_message = "soft_delete_retention_days: write 7 to 90."
  }
}
