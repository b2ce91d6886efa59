variable "name" {
  description = "Name of the rule collection group, unique in its policy."
  type        = string
}

variable "firewall_policy_id" {
  description = "Id of the firewall policy that it belongs to."
  type        = string
}

variable "priority" {
  description = "100 to 65000; lower comes first."
  type        = number

  validation {
    condition     = var.priority >= 100 && var.priority <= 65000
    error_message = "priority: write 100 to 65000."
  }
}

variable "managed_elsewhere" {
  description = "Whether Terraform makes the group once and then leaves its collections to others."
  type        = bool
  default     = false
}

variable "nat_rule_collections" {
  description = "DNAT collections. A destination or translated address is an address, or the name of a public IP."
  type = list(object({
    name     = string
    priority = number
    rules = list(object({
      name                = string
      protocols           = list(string)
      source_addresses    = optional(list(string), [])
      source_ip_groups    = optional(list(string), [])
      destination_address = string
      destination_ports   = list(string)
      translated_address  = optional(string)
      translated_fqdn     = optional(string)
      translated_port     = number
    }))
  }))
  default = []

  validation {
    condition = alltrue(flatten([
      for collection in var.nat_rule_collections : [
        for rule in collection.rules : (rule.translated_address == null) != (rule.translated_fqdn == null)
      ]
    ]))
    error_message = "nat_rule_collections: give each rule either `translated_address` or `translated_fqdn`."
  }

  validation {
    condition = alltrue(flatten([
      for collection in var.nat_rule_collections : [
        for rule in collection.rules : length(setsubtract(rule.protocols, ["TCP", "UDP"])) == 0
      ]
    ]))
    error_message = "nat_rule_collections: write `TCP` or `UDP` as `protocols`."
  }
}

variable "network_rule_collections" {
  description = "Network collections; their rules are taken top-down."
  type = list(object({
    name     = string
    priority = number
    action   = string
    rules = list(object({
      name                  = string
      protocols             = list(string)
      source_addresses      = optional(list(string), [])
      source_ip_groups      = optional(list(string), [])
      destination_addresses = optional(list(string), [])
      destination_ip_groups = optional(list(string), [])
      destination_fqdns     = optional(list(string), [])
      destination_ports     = list(string)
    }))
  }))
  default = []

  validation {
    condition     = alltrue([for collection in var.network_rule_collections : contains(["Allow", "Deny"], collection.action)])
    error_message = "network_rule_collections: write `Allow` or `Deny` as `action`."
  }

  validation {
    condition = alltrue(flatten([
      for collection in var.network_rule_collections : [
        for rule in collection.rules : length(setsubtract(rule.protocols, ["TCP", "UDP", "ICMP", "Any"])) == 0
      ]
    ]))
    error_message = "network_rule_collections: write `TCP`, `UDP`, `ICMP` or `Any` as `protocols`."
  }

  validation {
    condition = alltrue(flatten([
      for collection in var.network_rule_collections : [
        for rule in collection.rules : length(rule.destination_ports) > 0 && length(concat(rule.source_addresses, rule.source_ip_groups)) > 0
        && length(concat(rule.destination_addresses, rule.destination_ip_groups, rule.destination_fqdns)) > 0
      ]
    ]))
    error_message = "network_rule_collections: give each rule a source, a destination and `destination_ports` (`*` for ICMP)."
  }
}

variable "application_rule_collections" {
  description = "Application collections; their rules are taken top-down."
  type = list(object({
    name     = string
    priority = number
    action   = string
    rules = list(object({
      name                  = string
      protocols             = list(object({ type = string, port = number }))
      source_addresses      = optional(list(string), [])
      source_ip_groups      = optional(list(string), [])
      destination_fqdns     = optional(list(string), [])
      destination_fqdn_tags = optional(list(string), [])
      destination_urls      = optional(list(string), [])
      web_categories        = optional(list(string), [])
      terminate_tls         = optional(bool, false)
    }))
  }))
  default = []

  validation {
    condition     = alltrue([for collection in var.application_rule_collections : contains(["Allow", "Deny"], collection.action)])
    error_message = "application_rule_collections: write `Allow` or `Deny` as `action`."
  }

  validation {
    condition = alltrue(flatten([
      for collection in var.application_rule_collections : [
        for rule in collection.rules : [for protocol in rule.protocols : contains(["Http", "Https", "Mssql"], protocol.type)]
      ]
    ]))
    error_message = "application_rule_collections: write `Http`, `Https` or `Mssql` as the `type` of a protocol."
  }

  validation {
    condition = alltrue(flatten([
      for collection in var.application_rule_collections : [
        for rule in collection.rules : length(rule.destination_urls) == 0 || rule.terminate_tls || alltrue([for protocol in rule.protocols : protocol.type == "Http"])
      ]
    ]))
    error_message = "application_rule_collections: set `terminate_tls`, a rule sees no `destination_urls` inside HTTPS without it."
  }
}

variable "ip_group_ids" {
  description = "Ids of IP groups by name; those that rules name must be in it."
  type        = map(string)
  default     = {}
}

variable "public_ip_addresses" {
  description = "Addresses of public IPs by name; those that DNAT rules name must be in it."
  type        = map(string)
  default     = {}
}
