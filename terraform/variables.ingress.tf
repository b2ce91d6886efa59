variable "web_application_firewall_policies" {
  description = "Web application firewall policies by name."
  type = map(object({
    resource_group_name = string
    mode                = optional(string, "Prevention")
    managed_rule_sets   = optional(list(object({ type = string, version = string })), [{ type = "Microsoft_DefaultRuleSet", version = "2.1" }])
  }))
  default = {}
}

variable "application_gateways" {
  description = "Application gateways by name."
  type = map(object({
    resource_group_name = string
    subnet              = string
    sku                 = optional(string, "WAF_v2")
    public_ip           = optional(string)
    private_ip_address  = optional(string)
    firewall_policy     = optional(string)
    min_capacity        = optional(number, 0)
    max_capacity        = optional(number, 10)
    zones               = optional(list(string), [])
  }))
  default = {}

  validation {
    condition     = alltrue([for item in values(var.application_gateways) : can(var.virtual_networks[split("/", item.subnet)[0]].subnets[split("/", item.subnet)[1]])])
    error_message = "application_gateways: `subnet` is `<virtual network>/<subnet>` of `virtual_networks`."
  }
}

variable "application_load_balancers" {
  description = "Application Gateways for Containers by name."
  type = map(object({
    resource_group_name = string
    subnet              = string
    frontends           = optional(list(string), ["web"])
    firewall_policy     = optional(string)
  }))
  default = {}

  validation {
    condition = alltrue([
      for item in values(var.application_load_balancers) :
      try(var.virtual_networks[split("/", item.subnet)[0]].subnets[split("/", item.subnet)[1]].delegation, "") == "Microsoft.ServiceNetworking/trafficControllers"
    ])
    error_message = "application_load_balancers: `subnet` is one of `virtual_networks` that is delegated to `Microsoft.ServiceNetworking/trafficControllers`."
  }
}
