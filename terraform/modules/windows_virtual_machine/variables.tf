variable "name" {
  description = "Name of the machine."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9_-]{0,62}[A-Za-z0-9])?$", var.name))
    error_message = "name: write up to 64 letters, digits, hyphens or underscores, a letter or digit at both ends."
  }
}

variable "computer_name" {
  description = "Name inside Windows, of 15 characters at most."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,13}[A-Za-z0-9])?$", var.computer_name)) && !can(regex("^[0-9]+$", var.computer_name))
    error_message = "computer_name: write up to 15 letters, digits or hyphens, not only digits."
  }
}

variable "resource_group_name" {
  description = "Resource group of the machine."
  type        = string
}

variable "location" {
  description = "Azure region, for instance `westeurope`."
  type        = string
}

variable "tags" {
  description = "Tags of the machine, its interface and its extensions."
  type        = map(string)
  default     = {}
}

variable "size" {
  description = "Size of the machine, for instance `Standard_D2ds_v5`."
  type        = string

  validation {
    condition     = can(regex("^(Standard|Basic)_[A-Za-z0-9_-]+$", var.size))
    error_message = "size: write a size as `Standard_D2ds_v5`; `az vm list-sizes` shows them."
  }
}

variable "subnet_id" {
  description = "Subnet of the machine."
  type        = string
}

variable "private_ip_address" {
  description = "Address in that subnet; null: Azure chooses."
  type        = string
  default     = null

  validation {
    condition     = var.private_ip_address == null || can(cidrhost("${var.private_ip_address}/32", 0))
    error_message = "private_ip_address: write an IPv4 address, or null."
  }
}

variable "public_ip_address_id" {
  description = "Public IP of the machine. Leave it null: Bastion is the way in, the firewall the way out."
  type        = string
  default     = null
}

variable "network_security_group" {
  description = "Group on the interface, beside that of the subnet: a key of `network_security_group_ids`."
  type        = string
  default     = null

  validation {
    condition     = var.network_security_group == null || contains(keys(var.network_security_group_ids), coalesce(var.network_security_group, "none"))
    error_message = "network_security_group: name one of `network_security_group_ids`, or null."
  }
}

variable "network_security_group_ids" {
  description = "Ids of network security groups by name."
  type        = map(string)
  default     = {}
}

variable "admin_username" {
  description = "Administrator of the machine, beside those who sign in with Entra."
  type        = string
  default     = "azureadmin"

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_-]{0,19}$", var.admin_username)) && !contains(["admin", "administrator", "guest", "user"], lower(var.admin_username))
    error_message = "admin_username: write up to 20 letters or digits, not `admin`, `administrator`, `guest` or `user`."
  }
}

variable "admin_password" {
  description = "First password of the administrator. It stands in the state: change it after the first boot."
  type        = string
  sensitive   = true

  validation {
    condition     = try(length(var.admin_password) >= 14 && length(var.admin_password) <= 123, false)
    error_message = "admin_password: give one of 14 to 123 characters, by TF_VAR_windows_admin_password and not in a file."
  }
}

variable "custom_data" {
  description = "What the machine finds in C:\\AzureData at the first boot, in base64. It stands in the state: no secrets."
  type        = string
  default     = null
}

variable "entra_login_enabled" {
  description = "Whether people sign in with Microsoft Entra."
  type        = bool
  default     = true
}

variable "azure_monitor_agent_enabled" {
  description = "Whether the monitoring agent runs; a data collection rule says what it sends."
  type        = bool
  default     = true
}

variable "boot_diagnostics_storage_uri" {
  description = "Blob endpoint of the account that keeps the log of the boot; null: the platform's own."
  type        = string
  default     = null
}

variable "user_assigned_identity_id" {
  description = "Identity that the machine has beside its own."
  type        = string
  default     = null
}
