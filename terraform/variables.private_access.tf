variable "private_dns_zones" {
  description = "Private DNS zones by name, with the networks that resolve through them by name of the link."
  type = map(object({
    resource_group_name = string
    virtual_network_links = optional(map(object({
      virtual_network   = string
      resolution_policy = optional(string, "Default")
    })), {})
  }))
  default = {}

  validation {
    condition = alltrue([
      for zone in values(var.private_dns_zones) :
      length(setsubtract([for link in values(zone.virtual_network_links) : link.virtual_network], keys(var.virtual_networks))) == 0
    ])
    error_message = "private_dns_zones: links name one of `virtual_networks`."
  }
}

variable "private_endpoints" {
  description = "Private endpoints by name. `target` is a service of the estate by name, or the id of any other."
  type = map(object({
    resource_group_name = string
    subnet              = string
    target              = string
    subresource         = string
    fqdns               = optional(list(string), [])
    private_dns_zones   = optional(list(string), [])
  }))
  default = {}

  validation {
    condition     = alltrue([for item in values(var.private_endpoints) : can(var.virtual_networks[split("/", item.subnet)[0]].subnets[split("/", item.subnet)[1]])])
    error_message = "private_endpoints: `subnet` is `<virtual network>/<subnet>` of `virtual_networks`."
  }

  validation {
    condition     = alltrue([for item in values(var.private_endpoints) : length(setsubtract(item.private_dns_zones, keys(var.private_dns_zones))) == 0])
    error_message = "private_endpoints: name zones of `private_dns_zones`."
  }

  validation {
    condition = alltrue([
      for item in values(var.private_endpoints) :
      startswith(item.target, "/") || endswith(item.target, ".azure.privatelinkservice") || contains(concat(
        keys(var.private_endpoint_target_ids), keys(var.container_registries), keys(var.key_vaults), keys(var.storage_accounts),
        keys(var.monitor_private_link_scopes), keys(var.monitor_workspaces)
      ), item.target)
    ])
    error_message = "private_endpoints: `target` is a registry, vault, storage account or monitoring scope of the estate, an id, an alias, or a key of `private_endpoint_target_ids`; give the id of what is not in the estate there."
  }
}

variable "private_endpoint_target_ids" {
  description = "Ids of what private endpoints lead to outside the estate, by the name that the design has for it."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for id in values(var.private_endpoint_target_ids) : startswith(id, "/subscriptions/")])
    error_message = "private_endpoint_target_ids: write resource ids, each begins with `/subscriptions/`."
  }
}
