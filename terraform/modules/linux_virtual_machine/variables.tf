variable "name" {
  description = "Name of the machine."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9_-]{0,62}[A-Za-z0-9])?$", var.name))
    error_message = "name: write up to 64 letters, digits, hyphens or underscores, a letter or digit at both ends."
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
  description = "Administrator of the machine, who signs in with a key."
  type        = string
  default     = "azureadmin"

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_-]{0,31}$", var.admin_username)) && !contains(["root", "admin", "administrator", "guest"], var.admin_username)
    error_message = "admin_username: write a Linux user name, not `root`, `admin`, `administrator` or `guest`."
  }
}

variable "admin_ssh_public_key" {
  description = "Public half of the administrator's SSH key. There is no password."
  type        = string

  validation {
    condition     = can(regex("^(ssh-rsa|ssh-ed25519) [A-Za-z0-9+/=]+( .*)?$", trimspace(var.admin_ssh_public_key)))
    error_message = "admin_ssh_public_key: give the public key, a line that begins with `ssh-rsa` or `ssh-ed25519`; never the private one."
  }
}

variable "custom_data" {
  description = "What cloud-init does at the first boot, in base64. It stands in the state: no secrets."
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
