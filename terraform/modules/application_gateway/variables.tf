variable "name" {
  description = "Name of the gateway."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$", var.name))
    error_message = "name: write up to 80 letters, digits, hyphens, dots or underscores, a letter or digit first."
  }
}

variable "resource_group_name" {
  description = "Resource group of the gateway."
  type        = string
}

variable "location" {
  description = "Azure region, for instance `westeurope`."
  type        = string
}

variable "tags" {
  description = "Tags of the gateway. The controller adds its own."
  type        = map(string)
  default     = {}
}

variable "sku" {
  description = "`WAF_v2`, or `Standard_v2` without a web application firewall."
  type        = string
  default     = "WAF_v2"

  validation {
    condition     = contains(["Standard_v2", "WAF_v2"], var.sku)
    error_message = "sku: write `WAF_v2` or `Standard_v2`; version 1 cannot be made any more."
  }

  validation {
    condition     = (var.sku == "WAF_v2") == (var.firewall_policy_id != null)
    error_message = "sku: `WAF_v2` goes with a `firewall_policy_id`, and `Standard_v2` without."
  }
}

variable "subnet_id" {
  description = "Subnet of gateways alone, with no route to a virtual appliance."
  type        = string
}

variable "public_ip_address_id" {
  description = "Public IP of its public frontend."
  type        = string
  default     = null

  validation {
    condition     = var.public_ip_address_id != null || var.private_ip_address != null
    error_message = "public_ip_address_id: give a public IP or a `private_ip_address`; a gateway without a frontend serves nobody."
  }
}

variable "private_ip_address" {
  description = "Address in its subnet of its private frontend."
  type        = string
  default     = null

  validation {
    condition     = var.private_ip_address == null || can(cidrhost("${var.private_ip_address}/32", 0))
    error_message = "private_ip_address: write an IPv4 address, or null."
  }
}

variable "firewall_policy_id" {
  description = "Web application firewall policy."
  type        = string
  default     = null
}

variable "min_capacity" {
  description = "Fewest instances."
  type        = number
  default     = 0

  validation {
    condition     = var.min_capacity >= 0 && var.min_capacity <= 100
    error_message = "min_capacity: write 0 to 100."
  }
}

variable "max_capacity" {
  description = "Most instances."
  type        = number
  default     = 10

  validation {
    condition     = var.max_capacity >= 2 && var.max_capacity <= 125 && var.max_capacity >= var.min_capacity
    error_message = "max_capacity: write 2 to 125, not less than `min_capacity`."
  }
}

variable "zones" {
  description = "Zones that it spans."
  type        = list(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.zones, ["1", "2", "3"])) == 0
    error_message = "zones: zones are `1`, `2` and `3`."
  }
}
