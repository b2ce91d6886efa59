variable "network_ddos_protection_plans" {
  description = "DDoS protection plans by name."
  type        = map(object({ resource_group_name = string }))
  default     = {}
}

variable "virtual_networks" {
  description = "Virtual networks by name, with their subnets by name."
  type = map(object({
    resource_group_name  = string
    location             = string
    address_space        = list(string)
    dns_servers          = optional(list(string), [])
    ddos_protection_plan = optional(string)
    subnets = optional(map(object({
      address_prefixes                  = list(string)
      network_security_group            = optional(string)
      route_table                       = optional(string)
      nat_gateway                       = optional(string)
      default_outbound_access_enabled   = optional(bool, false)
      private_endpoint_network_policies = optional(string, "Disabled")
      service_endpoints                 = optional(list(string), [])
      delegation                        = optional(string)
    })), {})
  }))

  validation {
    condition     = alltrue([for network in values(var.virtual_networks) : contains(keys(var.resource_groups), network.resource_group_name)])
    error_message = "virtual_networks: name one of `resource_groups` as `resource_group_name`."
  }

  validation {
    condition = alltrue([
      for network in values(var.virtual_networks) :
      length(setsubtract(compact([for subnet in values(network.subnets) : subnet.network_security_group]), keys(var.network_security_groups))) == 0
      && length(setsubtract(compact([for subnet in values(network.subnets) : subnet.route_table]), keys(var.route_tables))) == 0
      && length(setsubtract(compact([for subnet in values(network.subnets) : subnet.nat_gateway]), keys(var.nat_gateways))) == 0
    ])
    error_message = "virtual_networks: subnets refer to `network_security_groups`, `route_tables` and `nat_gateways` by name; add the one that is missing."
  }
}

variable "virtual_network_peerings" {
  description = "Peerings by `<virtual network>/<name>`; each is one direction."
  type = map(object({
    name                         = string
    virtual_network              = string
    remote_virtual_network       = string
    allow_virtual_network_access = optional(bool, true)
    allow_forwarded_traffic      = optional(bool, false)
    allow_gateway_transit        = optional(bool, false)
    use_remote_gateways          = optional(bool, false)
  }))
  default = {}

  validation {
    condition = alltrue([
      for peering in values(var.virtual_network_peerings) : anytrue([
        for other in values(var.virtual_network_peerings) :
        other.virtual_network == peering.remote_virtual_network && other.remote_virtual_network == peering.virtual_network
      ])
    ])
    error_message = "virtual_network_peerings: add the other direction, a peering carries nothing before it has both."
  }
}

variable "route_tables" {
  description = "Route tables by name, with their routes by name. `pip:<name>/32` stands for the address of a public IP."
  type = map(object({
    resource_group_name           = string
    bgp_route_propagation_enabled = optional(bool, false)
    routes = optional(map(object({
      address_prefix         = string
      next_hop_type          = string
      next_hop_in_ip_address = optional(string)
    })), {})
  }))
  default = {}
}

variable "network_security_groups" {
  description = "Network security groups by name, with their rules by name. `pip:<name>` stands for the address of a public IP."
  type = map(object({
    resource_group_name = string
    security_rules = optional(map(object({
      priority                     = number
      direction                    = string
      access                       = string
      protocol                     = optional(string, "*")
      source_port_ranges           = optional(list(string), ["*"])
      destination_port_ranges      = optional(list(string), ["*"])
      source_address_prefixes      = optional(list(string), ["*"])
      destination_address_prefixes = optional(list(string), ["*"])
    })), {})
  }))
  default = {}
}

variable "public_ips" {
  description = "Public IPs by name."
  type = map(object({
    resource_group_name = string
    zones               = optional(list(string), [])
  }))
  default = {}
}

variable "nat_gateways" {
  description = "NAT gateways by name, with the names of their public IPs."
  type = map(object({
    resource_group_name = string
    public_ips          = list(string)
  }))
  default = {}
}

variable "bastion_hosts" {
  description = "Bastion hosts by name."
  type = map(object({
    resource_group_name = string
    virtual_network     = string
    sku                 = optional(string, "Standard")
    public_ip           = optional(string)
    tunneling_enabled   = optional(bool, false)
    zones               = optional(list(string), [])
  }))
  default = {}
}

variable "network_watcher_flow_logs" {
  description = "Flow logs of virtual networks by name."
  type = map(object({
    virtual_network         = string
    storage_account         = string
    log_analytics_workspace = optional(string)
    retention_in_days       = optional(number, 30)
  }))
  default = {}
}

variable "network_watcher" {
  description = "The region's network watcher; by default the one that Azure makes with the first virtual network."
  type = object({
    name                = optional(string)
    resource_group_name = optional(string, "NetworkWatcherRG")
  })
  default = {}
}
