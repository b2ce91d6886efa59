variable "name" {
  description = "Name of the firewall."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the firewall."
  type        = string
}

variable "location" {
  description = "Azure region of the firewall."
  type        = string
}

variable "tags" {
  description = "Tags of the firewall."
  type        = map(string)
  default     = {}
}

variable "sku_tier" {
  description = "`Basic`, `Standard` or `Premium`."
  type        = string

  validation {
    condition     = contains(["Basic", "Standard", "Premium"], var.sku_tier)
    error_message = "sku_tier: write `Basic`, `Standard` or `Premium`."
  }
}

variable "firewall_policy_id" {
  description = "Id of the firewall policy."
  type        = string
}

variable "subnet_id" {
  description = "Id of AzureFirewallSubnet."
  type        = string

  validation {
    condition     = endswith(var.subnet_id, "/AzureFirewallSubnet")
    error_message = "subnet_id: name the subnet `AzureFirewallSubnet`, Azure takes no other."
  }
}

variable "public_ips" {
  description = "Names of the firewall's public IPs in order."
  type        = list(string)

  # Source: learn.microsoft.com/azure/firewall/firewall-faq (2026).
  validation {
    condition     = length(var.public_ips) >= 1 && length(var.public_ips) <= 250
    error_message = "public_ips: name 1 to 250 public IPs."
  }

  validation {
    condition     = length(distinct(var.public_ips)) == length(var.public_ips)
    error_message = "public_ips: name each public IP once."
  }
}

variable "public_ip_ids" {
  description = "Ids of public IPs by name; those of `public_ips` and `management_public_ip` must be in it."
  type        = map(string)
}

variable "management_subnet_id" {
  description = "Id of AzureFirewallManagementSubnet, with `management_public_ip`."
  type        = string
  default     = null

  validation {
    condition     = (var.management_subnet_id == null) == (var.management_public_ip == null)
    error_message = "management_subnet_id: give it together with `management_public_ip`, or neither."
  }
}

variable "management_public_ip" {
  description = "Name of the public IP that Azure manages the firewall through; Basic needs it."
  type        = string
  default     = null

  # Source: learn.microsoft.com/azure/firewall/deploy-firewall-basic-portal-policy (2026).
  validation {
    condition     = var.sku_tier != "Basic" || var.management_public_ip != null
    error_message = "management_public_ip: name a public IP, a Basic firewall is managed through it."
  }
}

variable "private_ip_address" {
  description = "Private address that routes and DNS settings count on; null does not check it."
  type        = string
  default     = null
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
