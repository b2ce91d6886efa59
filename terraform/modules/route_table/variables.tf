variable "name" {
  description = "Name of the route table."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the route table."
  type        = string
}

variable "location" {
  description = "Azure region of the route table."
  type        = string
}

variable "tags" {
  description = "Tags of the route table."
  type        = map(string)
  default     = {}
}

variable "bgp_route_propagation_enabled" {
  description = "Whether routes that a gateway learns enter the table; with a firewall as next hop they would lead past it."
  type        = bool
  default     = false
}

variable "routes" {
  description = "Routes by name. `pip:<name>/32` as prefix stands for the address of a public IP."
  type = map(object({
    address_prefix         = string
    next_hop_type          = string
    next_hop_in_ip_address = optional(string)
  }))
  default = {}

  validation {
    condition     = alltrue([for route in values(var.routes) : contains(["VirtualAppliance", "VirtualNetworkGateway", "VnetLocal", "Internet", "None"], route.next_hop_type)])
    error_message = "routes: write `VirtualAppliance`, `VirtualNetworkGateway`, `VnetLocal`, `Internet` or `None` as `next_hop_type`."
  }

  validation {
    condition = alltrue([
      for route in values(var.routes) :
      route.next_hop_type == "VirtualAppliance" ? can(cidrhost("${route.next_hop_in_ip_address}/32", 0)) : route.next_hop_in_ip_address == null
    ])
    error_message = "routes: write an address as `next_hop_in_ip_address` where `next_hop_type` is `VirtualAppliance`, and none elsewhere."
  }

  validation {
    condition     = length(distinct([for route in values(var.routes) : route.address_prefix])) == length(var.routes)
    error_message = "routes: keep one route a prefix, Azure refuses a second."
  }

  # Source: learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits (2026).
  validation {
    condition     = length(var.routes) <= 400
    error_message = "routes: keep to 400 routes, the limit of a table."
  }
}

variable "public_ip_addresses" {
  description = "Addresses of public IPs by name; those that routes name as `pip:<name>/32` must be in it."
  type        = map(string)
  default     = {}
}
