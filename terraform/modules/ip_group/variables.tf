variable "name" {
  description = "Name of the IP group."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the IP group."
  type        = string
}

variable "location" {
  description = "Azure region of the IP group."
  type        = string
}

variable "tags" {
  description = "Tags of the IP group."
  type        = map(string)
  default     = {}
}

variable "cidrs" {
  description = "Addresses, prefixes and ranges (`10.0.0.4-10.0.0.9`) of the group."
  type        = set(string)

  validation {
    condition = alltrue([
      for item in var.cidrs :
      can(cidrhost(strcontains(item, "/") ? item : "${item}/32", 0)) || can(regex("^[0-9.]+-[0-9.]+$", item))
    ])
    error_message = "cidrs: write IPv4 addresses, prefixes, or ranges as `10.0.0.4-10.0.0.9`."
  }

  # Source: learn.microsoft.com/azure/firewall/ip-groups (2026).
  validation {
    condition     = length(var.cidrs) <= 5000
    error_message = "cidrs: split the group, Azure keeps 5000 entries in one."
  }
}
