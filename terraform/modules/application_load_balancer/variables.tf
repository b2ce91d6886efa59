variable "name" {
  description = "Name of the Application Gateway for Containers."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?$", var.name))
    error_message = "name: write up to 64 letters, digits, hyphens, dots or underscores, a letter or digit at both ends."
  }
}

variable "resource_group_name" {
  description = "Resource group of the gateway."
  type        = string
}

variable "location" {
  description = "Azure region that has Application Gateway for Containers, for instance `westeurope`."
  type        = string
}

variable "tags" {
  description = "Tags of the gateway and its parts."
  type        = map(string)
  default     = {}
}

variable "subnet_id" {
  description = "Subnet delegated to `Microsoft.ServiceNetworking/trafficControllers`, a /24 or larger."
  type        = string
}

variable "frontends" {
  description = "Frontends; each gets a public name."
  type        = list(string)
  default     = ["web"]

  validation {
    condition     = length(var.frontends) >= 1 && length(var.frontends) <= 5
    error_message = "frontends: write one to five."
  }

  validation {
    condition     = alltrue([for name in var.frontends : can(regex("^[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?$", name))])
    error_message = "frontends: name each with up to 64 letters, digits, hyphens, dots or underscores."
  }
}

variable "firewall_policy" {
  description = "Web application firewall policy: a key of `firewall_policy_ids`."
  type        = string
  default     = null

  validation {
    condition     = var.firewall_policy == null || contains(keys(var.firewall_policy_ids), coalesce(var.firewall_policy, "none"))
    error_message = "firewall_policy: name one of `firewall_policy_ids`, or null."
  }
}

variable "firewall_policy_ids" {
  description = "Ids of web application firewall policies by name."
  type        = map(string)
  default     = {}
}
