variable "ip_groups" {
  description = "IP groups by name."
  type = map(object({
    resource_group_name = string
    cidrs               = list(string)
  }))
  default = {}
}

variable "firewall_policies" {
  description = "Firewall policies by name."
  type = map(object({
    resource_group_name                        = string
    location                                   = string
    sku                                        = string
    base_policy                                = optional(string)
    threat_intelligence_mode                   = optional(string, "Alert")
    threat_intelligence_allowlist_fqdns        = optional(list(string), [])
    threat_intelligence_allowlist_ip_addresses = optional(list(string), [])
    dns_proxy_enabled                          = optional(bool, false)
    dns_servers                                = optional(list(string), [])
    private_ip_ranges                          = optional(list(string), [])
    intrusion_detection_mode                   = optional(string, "Off")
    tls_certificate                            = optional(string)
    user_assigned_identity                     = optional(string)
    insights_workspace                         = optional(string)
  }))
  default = {}

  validation {
    condition = alltrue([
      for policy in values(var.firewall_policies) :
      policy.base_policy == null || try(var.firewall_policies[policy.base_policy].base_policy == null, false)
    ])
    error_message = "firewall_policies: name a policy without a parent of its own as `base_policy`."
  }

  # Source: learn.microsoft.com/azure/firewall-manager/policy-overview (2026).
  validation {
    condition = alltrue([
      for policy in values(var.firewall_policies) :
      policy.base_policy == null || try(
        index(["Basic", "Standard", "Premium"], var.firewall_policies[policy.base_policy].sku) <= index(["Basic", "Standard", "Premium"], policy.sku),
        true,
      )
    ])
    error_message = "firewall_policies: give a child at least the `sku` of its parent."
  }
}

variable "rule_collection_groups" {
  description = "Rule collection groups by `<policy>/<name>`. Collections and rules are lists, since their order decides. DNAT addresses are addresses or names of public IPs."
  type = map(object({
    name              = string
    firewall_policy   = string
    priority          = number
    managed_elsewhere = optional(bool, false)
    nat_rule_collections = optional(list(object({
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
    })), [])
    network_rule_collections = optional(list(object({
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
    })), [])
    application_rule_collections = optional(list(object({
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
    })), [])
  }))
  default = {}

  validation {
    condition     = alltrue([for group in values(var.rule_collection_groups) : contains(keys(var.firewall_policies), group.firewall_policy)])
    error_message = "rule_collection_groups: name one of `firewall_policies` as `firewall_policy`."
  }

  validation {
    condition     = length(distinct([for group in values(var.rule_collection_groups) : "${group.firewall_policy} ${group.priority}"])) == length(var.rule_collection_groups)
    error_message = "rule_collection_groups: give each group of a policy a priority of its own."
  }
}

variable "firewalls" {
  description = "Azure firewalls by name, with the names of their public IPs in order."
  type = map(object({
    resource_group_name  = string
    location             = string
    sku_tier             = string
    virtual_network      = string
    firewall_policy      = string
    public_ips           = list(string)
    management_public_ip = optional(string)
    private_ip_address   = optional(string)
    zones                = optional(list(string), [])
  }))
  default = {}

  validation {
    condition = alltrue([
      for firewall in values(var.firewalls) : try(var.firewall_policies[firewall.firewall_policy].sku == firewall.sku_tier, false)
    ])
    error_message = "firewalls: name one of `firewall_policies`, with the `sku` of the firewall's `sku_tier`."
  }

  validation {
    condition = alltrue([
      for firewall in values(var.firewalls) : contains(keys(try(var.virtual_networks[firewall.virtual_network].subnets, {})), "AzureFirewallSubnet")
    ])
    error_message = "firewalls: add AzureFirewallSubnet to the subnets of the firewall's `virtual_network`."
  }

  validation {
    condition = alltrue([
      for firewall in values(var.firewalls) : firewall.management_public_ip == null
      || contains(keys(try(var.virtual_networks[firewall.virtual_network].subnets, {})), "AzureFirewallManagementSubnet")
    ])
    error_message = "firewalls: add AzureFirewallManagementSubnet to the subnets of the firewall's `virtual_network`, its management address needs it."
  }
}
