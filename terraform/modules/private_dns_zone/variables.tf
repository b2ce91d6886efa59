variable "name" {
  description = "The zone itself, for instance `privatelink.vaultcore.azure.net`."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.name))
    error_message = "name: write a domain of at least two lower-case labels, no dot at the end."
  }
}

variable "resource_group_name" {
  description = "Resource group of the zone."
  type        = string
}

variable "tags" {
  description = "Tags of the zone and its links."
  type        = map(string)
  default     = {}
}

variable "virtual_network_links" {
  description = "Networks that resolve through the zone, by name of the link."
  type = map(object({
    virtual_network   = string
    resolution_policy = optional(string, "Default")
  }))
  default = {}

  validation {
    condition     = alltrue([for link in values(var.virtual_network_links) : contains(["Default", "NxDomainRedirect"], link.resolution_policy)])
    error_message = "virtual_network_links: write `Default` or `NxDomainRedirect` as `resolution_policy`."
  }

  validation {
    condition     = alltrue([for link in values(var.virtual_network_links) : link.resolution_policy == "Default" || startswith(var.name, "privatelink.")])
    error_message = "virtual_network_links: only zones of Private Link (`privatelink.`) have `NxDomainRedirect`; write `Default`."
  }

  validation {
    condition     = length(distinct([for link in values(var.virtual_network_links) : link.virtual_network])) == length(var.virtual_network_links)
    error_message = "virtual_network_links: link each network once."
  }
}

variable "virtual_network_ids" {
  description = "Ids of virtual networks by name."
  type        = map(string)
  default     = {}
}
