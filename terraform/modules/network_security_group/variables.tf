variable "name" {
  description = "Name of the network security group."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the network security group."
  type        = string
}

variable "location" {
  description = "Azure region of the network security group."
  type        = string
}

variable "tags" {
  description = "Tags of the network security group."
  type        = map(string)
  default     = {}
}

variable "security_rules" {
  description = "Rules by name. `pip:<name>` stands for the address of a public IP."
  type = map(object({
    priority                     = number
    direction                    = string
    access                       = string
    protocol                     = optional(string, "*")
    source_port_ranges           = optional(list(string), ["*"])
    destination_port_ranges      = optional(list(string), ["*"])
    source_address_prefixes      = optional(list(string), ["*"])
    destination_address_prefixes = optional(list(string), ["*"])
  }))
  default = {}

  validation {
    condition     = alltrue([for rule in values(var.security_rules) : rule.priority >= 100 && rule.priority <= 4096])
    error_message = "security_rules: write priorities from 100 to 4096."
  }

  validation {
    condition     = alltrue([for rule in values(var.security_rules) : contains(["Inbound", "Outbound"], rule.direction)])
    error_message = "security_rules: write `Inbound` or `Outbound` as `direction`."
  }

  validation {
    condition     = alltrue([for rule in values(var.security_rules) : contains(["Allow", "Deny"], rule.access)])
    error_message = "security_rules: write `Allow` or `Deny` as `access`."
  }

  validation {
    condition     = alltrue([for rule in values(var.security_rules) : contains(["Tcp", "Udp", "Icmp", "Esp", "Ah", "*"], rule.protocol)])
    error_message = "security_rules: write `Tcp`, `Udp`, `Icmp`, `Esp`, `Ah` or `*` as `protocol`."
  }

  validation {
    condition     = length(distinct([for rule in values(var.security_rules) : "${rule.direction} ${rule.priority}"])) == length(var.security_rules)
    error_message = "security_rules: give each rule of a direction a priority of its own."
  }

  validation {
    condition = alltrue(flatten([
      for rule in values(var.security_rules) : [
        for ranges in [rule.source_port_ranges, rule.destination_port_ranges, rule.source_address_prefixes, rule.destination_address_prefixes] :
        length(ranges) > 0 && (length(ranges) == 1 || !contains(ranges, "*"))
      ]
    ]))
    error_message = "security_rules: write `*` alone, or at least one port range or prefix without it."
  }

  # Source: registry.terraform.io, azurerm_network_security_rule 5.2.0: "Tags may not be used" in lists.
  validation {
    condition = alltrue(flatten([
      for rule in values(var.security_rules) : [
        for prefixes in [rule.source_address_prefixes, rule.destination_address_prefixes] :
        length(prefixes) == 1 || alltrue([for prefix in prefixes : startswith(prefix, "pip:") || can(regex("^[0-9.]+(/[0-9]+)?$", prefix))])
      ]
    ]))
    error_message = "security_rules: split a rule that lists a service tag beside something else, a tag must stand alone."
  }
}

variable "public_ip_addresses" {
  description = "Addresses of public IPs by name; those that rules name as `pip:<name>` must be in it."
  type        = map(string)
  default     = {}
}
