variable "name" {
  description = "Name of the scale set."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9_-]{0,62}[A-Za-z0-9])?$", var.name))
    error_message = "name: write up to 64 letters, digits, hyphens or underscores, a letter or digit at both ends."
  }
}

variable "resource_group_name" {
  description = "Resource group of the scale set."
  type        = string
}

variable "location" {
  description = "Azure region, for instance `westeurope`."
  type        = string
}

variable "tags" {
  description = "Tags of the scale set."
  type        = map(string)
  default     = {}
}

variable "sku" {
  description = "Size of the machines, for instance `Standard_D2ds_v5`."
  type        = string

  validation {
    condition     = can(regex("^(Standard|Basic)_[A-Za-z0-9_-]+$", var.sku))
    error_message = "sku: write a size as `Standard_D2ds_v5`; `az vm list-sizes` shows them."
  }
}

variable "instances" {
  description = "How many machines at first; Azure DevOps changes it."
  type        = number
  default     = 0

  validation {
    condition     = var.instances >= 0 && var.instances <= 1000
    error_message = "instances: write 0 to 1000; 0 lets Azure DevOps start what it needs."
  }
}

variable "zones" {
  description = "Zones that machines are spread over."
  type        = list(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.zones, ["1", "2", "3"])) == 0
    error_message = "zones: zones are `1`, `2` and `3`."
  }
}

variable "subnet_id" {
  description = "Subnet of the machines."
  type        = string
}

variable "admin_username" {
  description = "Administrator of the machines, who signs in with a key."
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
  description = "What cloud-init does at the first boot of each machine, in base64. It stands in the state: no secrets."
  type        = string
  default     = null
}

variable "user_assigned_identity_id" {
  description = "Identity of the machines; null: none."
  type        = string
  default     = null
}
