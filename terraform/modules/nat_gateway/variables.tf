variable "name" {
  description = "Name of the NAT gateway."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the NAT gateway."
  type        = string
}

variable "location" {
  description = "Azure region of the NAT gateway."
  type        = string
}

variable "tags" {
  description = "Tags of the NAT gateway."
  type        = map(string)
  default     = {}
}

variable "public_ips" {
  description = "Names of the public IPs that traffic leaves from."
  type        = list(string)

  # Source: learn.microsoft.com/azure/nat-gateway/nat-gateway-resource (2026).
  validation {
    condition     = length(var.public_ips) >= 1 && length(var.public_ips) <= 16
    error_message = "public_ips: name 1 to 16 public IPs."
  }
}

variable "public_ip_ids" {
  description = "Ids of public IPs by name; those of `public_ips` must be in it."
  type        = map(string)
}
