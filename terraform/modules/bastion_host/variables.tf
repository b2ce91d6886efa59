variable "name" {
  description = "Name of the Bastion host."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the Bastion host."
  type        = string
}

variable "location" {
  description = "Azure region of the Bastion host."
  type        = string
}

variable "tags" {
  description = "Tags of the Bastion host."
  type        = map(string)
  default     = {}
}

variable "sku" {
  description = "`Developer`, `Basic`, `Standard` or `Premium`."
  type        = string
  default     = "Standard"

  validation {
    condition     = contains(["Developer", "Basic", "Standard", "Premium"], var.sku)
    error_message = "sku: write `Developer`, `Basic`, `Standard` or `Premium`."
  }
}

variable "virtual_network_id" {
  description = "Id of the virtual network; Developer is attached to it."
  type        = string
}

variable "subnet_id" {
  description = "Id of AzureBastionSubnet; every tier but Developer needs it."
  type        = string
  default     = null

  validation {
    condition     = var.sku == "Developer" || try(endswith(var.subnet_id, "/AzureBastionSubnet"), false)
    error_message = "subnet_id: name the subnet `AzureBastionSubnet`, Azure takes no other."
  }
}

variable "public_ip_id" {
  description = "Id of the public IP that browsers reach; null for a private Premium host, and for Developer."
  type        = string
  default     = null
}

variable "tunneling_enabled" {
  description = "Whether native clients (`az network bastion ssh`) are let in; Standard and Premium."
  type        = bool
  default     = false

  validation {
    condition     = !var.tunneling_enabled || contains(["Standard", "Premium"], var.sku)
    error_message = "tunneling_enabled: turn it off, or take sku Standard."
  }
}

variable "zones" {
  description = "Availability zones; empty means none in particular."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.zones, ["1", "2", "3"])) == 0
    error_message = "zones: write `1`, `2` or `3`."
  }
}
