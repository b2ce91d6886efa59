variable "name" {
  description = "Name of the peering, unique in its virtual network."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the virtual network."
  type        = string
}

variable "virtual_network_name" {
  description = "Virtual network that this direction starts from."
  type        = string
}

variable "remote_virtual_network_id" {
  description = "Id of the virtual network at the other end."
  type        = string
}

variable "remote_address_space" {
  description = "Address space of the virtual network at the other end; the peering is synced when it changes."
  type        = list(string)
  default     = []
}

variable "allow_virtual_network_access" {
  description = "Whether the networks reach each other."
  type        = bool
  default     = true
}

variable "allow_forwarded_traffic" {
  description = "Whether packets that the other network only forwards are let in: needed for whatever comes through a firewall."
  type        = bool
  default     = false
}

variable "allow_gateway_transit" {
  description = "Whether the other network may use this network's gateway."
  type        = bool
  default     = false
}

variable "use_remote_gateways" {
  description = "Whether this network uses the other network's gateway."
  type        = bool
  default     = false

  validation {
    condition     = !(var.use_remote_gateways && var.allow_gateway_transit)
    error_message = "use_remote_gateways: turn off `allow_gateway_transit`; a direction either lends a gateway or borrows one."
  }
}
