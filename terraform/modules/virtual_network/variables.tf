variable "name" {
  description = "Name of the virtual network."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the virtual network."
  type        = string
}

variable "location" {
  description = "Azure region of the virtual network."
  type        = string
}

variable "tags" {
  description = "Tags of the virtual network."
  type        = map(string)
  default     = {}
}

variable "address_space" {
  description = "IPv4 prefixes of the virtual network."
  type        = list(string)

  validation {
    condition     = length(var.address_space) > 0 && alltrue([for prefix in var.address_space : can(cidrnetmask(prefix))])
    error_message = "address_space: write at least one IPv4 prefix, for instance `10.0.0.0/16`."
  }
}

variable "dns_servers" {
  description = "Custom DNS servers in order; empty means Azure DNS."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for server in var.dns_servers : can(cidrhost("${server}/32", 0))])
    error_message = "dns_servers: write IPv4 addresses, for instance the firewall's private address."
  }
}

variable "ddos_protection_plan_id" {
  description = "Id of the DDoS protection plan; null leaves Azure's free infrastructure protection."
  type        = string
  default     = null
}

variable "subnets" {
  description = "Subnets by name. Groups, tables and gateways are names in the maps of ids."
  type = map(object({
    address_prefixes                  = list(string)
    network_security_group            = optional(string)
    route_table                       = optional(string)
    nat_gateway                       = optional(string)
    default_outbound_access_enabled   = optional(bool, false)
    private_endpoint_network_policies = optional(string, "Disabled")
    service_endpoints                 = optional(list(string), [])
    delegation                        = optional(string)
  }))
  default = {}

  validation {
    condition = alltrue(flatten([
      for subnet in values(var.subnets) : [for prefix in subnet.address_prefixes : can(cidrnetmask(prefix))]
    ]))
    error_message = "subnets: write IPv4 prefixes in `address_prefixes`, for instance `10.0.0.0/24`."
  }

  validation {
    condition = alltrue([
      for subnet in values(var.subnets) :
      contains(["Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"], subnet.private_endpoint_network_policies)
    ])
    error_message = "subnets: write `Disabled`, `Enabled`, `NetworkSecurityGroupEnabled` or `RouteTableEnabled` as `private_endpoint_network_policies`."
  }

  # Source: learn.microsoft.com/azure/firewall/firewall-faq (2026): no NSG on its subnets.
  validation {
    condition = alltrue([
      for name in ["AzureFirewallSubnet", "AzureFirewallManagementSubnet"] :
      try(var.subnets[name].network_security_group, null) == null
    ])
    error_message = "subnets: remove `network_security_group` from the firewall's subnets, Azure refuses it there."
  }

  # Source: learn.microsoft.com/azure/bastion/configuration-settings#subnet (2026).
  validation {
    condition = alltrue([
      for prefix in try(var.subnets["AzureBastionSubnet"].address_prefixes, []) : tonumber(split("/", prefix)[1]) <= 26
    ])
    error_message = "subnets: give AzureBastionSubnet a prefix of /26 or larger."
  }

  # Source: learn.microsoft.com/azure/firewall/firewall-faq (2026).
  validation {
    condition = alltrue(flatten([
      for name in ["AzureFirewallSubnet", "AzureFirewallManagementSubnet"] :
      [for prefix in try(var.subnets[name].address_prefixes, []) : tonumber(split("/", prefix)[1]) <= 26]
    ]))
    error_message = "subnets: give the firewall's subnets prefixes of /26 or larger."
  }

  validation {
    condition     = alltrue([for subnet in values(var.subnets) : try(length(subnet.delegation) > 0 && strcontains(subnet.delegation, "/"), subnet.delegation == null)])
    error_message = "subnets: write `delegation` as a service, for instance `Microsoft.DevOpsInfrastructure/pools`."
  }
}

variable "network_security_group_ids" {
  description = "Ids of network security groups by name; those that `subnets` names must be in it."
  type        = map(string)
  default     = {}
}

variable "route_table_ids" {
  description = "Ids of route tables by name; those that `subnets` names must be in it."
  type        = map(string)
  default     = {}
}

variable "nat_gateway_ids" {
  description = "Ids of NAT gateways by name; those that `subnets` names must be in it."
  type        = map(string)
  default     = {}
}
