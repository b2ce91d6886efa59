variable "name" {
  description = "Name of the Azure Monitor workspace, which keeps Prometheus metrics."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$", var.name))
    error_message = "name: write 4 to 63 letters, digits or hyphens, no hyphen at either end."
  }
}

variable "resource_group_name" {
  description = "Resource group of the workspace."
  type        = string
}

variable "location" {
  description = "Azure region, for instance `westeurope`."
  type        = string
}

variable "tags" {
  description = "Tags of the workspace."
  type        = map(string)
  default     = {}
}

variable "public_network_access_enabled" {
  description = "Whether metrics are read over the internet; without it, through a private endpoint."
  type        = bool
  default     = false
}
