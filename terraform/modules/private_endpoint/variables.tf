variable "name" {
  description = "Name of the endpoint."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9_.-]{0,74}[A-Za-z0-9_])?$", var.name))
    error_message = "name: write up to 76 letters, digits, hyphens, dots or underscores, a letter or digit first; `nic-<name>` must fit into 80."
  }
}

variable "resource_group_name" {
  description = "Resource group of the endpoint."
  type        = string
}

variable "location" {
  description = "Region of the subnet, for instance `westeurope`; the service may be in another."
  type        = string
}

variable "tags" {
  description = "Tags of the endpoint."
  type        = map(string)
  default     = {}
}

variable "subnet_id" {
  description = "Subnet that its addresses are taken from."
  type        = string
}

variable "private_connection_resource_id" {
  description = "Id of the resource behind it."
  type        = string
  default     = null
}

variable "private_connection_resource_alias" {
  description = "Alias of a Private Link service of somebody else, who must approve the connection; in place of the id."
  type        = string
  default     = null

  validation {
    condition     = var.private_connection_resource_alias == null || can(regex("\\.azure\\.privatelinkservice$", var.private_connection_resource_alias))
    error_message = "private_connection_resource_alias: an alias ends in `.azure.privatelinkservice`; its owner tells it."
  }
}

variable "subresource" {
  description = "Part of the resource: `vault`, `registry`, `blob`, ...; empty for a Private Link service."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_ ]{0,50}$", var.subresource))
    error_message = "subresource: write the group id that Azure lists for the service, for instance `vault`, or nothing for a Private Link service."
  }
}

variable "private_dns_zone_ids" {
  description = "Zones that get its records."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.private_dns_zone_ids) <= 5
    error_message = "private_dns_zone_ids: a zone group holds five zones at most."
  }
}
