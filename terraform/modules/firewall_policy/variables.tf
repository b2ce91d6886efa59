variable "name" {
  description = "Name of the firewall policy."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the firewall policy."
  type        = string
}

variable "location" {
  description = "Azure region of the firewall policy."
  type        = string
}

variable "tags" {
  description = "Tags of the firewall policy."
  type        = map(string)
  default     = {}
}

variable "sku" {
  description = "`Basic`, `Standard` or `Premium`; the same as the firewall's tier."
  type        = string

  validation {
    condition     = contains(["Basic", "Standard", "Premium"], var.sku)
    error_message = "sku: write `Basic`, `Standard` or `Premium`."
  }
}

variable "base_policy_id" {
  description = "Id of the parent policy, whose rules come first; null for none."
  type        = string
  default     = null
}

variable "threat_intelligence_mode" {
  description = "What happens to traffic of known bad addresses and names: `Off`, `Alert` or `Deny`."
  type        = string
  default     = "Alert"

  validation {
    condition     = contains(["Off", "Alert", "Deny"], var.threat_intelligence_mode)
    error_message = "threat_intelligence_mode: write `Off`, `Alert` or `Deny`."
  }

  # Source: learn.microsoft.com/azure/firewall/features-by-sku (2026).
  validation {
    condition     = !(var.sku == "Basic" && var.threat_intelligence_mode == "Deny")
    error_message = "threat_intelligence_mode: write `Alert`, or take sku Standard; Basic cannot deny."
  }
}

variable "threat_intelligence_allowlist_fqdns" {
  description = "Names that threat intelligence lets through."
  type        = set(string)
  default     = []
}

variable "threat_intelligence_allowlist_ip_addresses" {
  description = "Addresses and prefixes that threat intelligence lets through."
  type        = set(string)
  default     = []

  validation {
    condition = alltrue([
      for item in var.threat_intelligence_allowlist_ip_addresses : can(cidrhost(strcontains(item, "/") ? item : "${item}/32", 0))
    ])
    error_message = "threat_intelligence_allowlist_ip_addresses: write IPv4 addresses or prefixes."
  }
}

variable "dns_proxy_enabled" {
  description = "Whether the firewall answers DNS; names in network rules need it."
  type        = bool
  default     = false

  validation {
    condition     = !(var.sku == "Basic" && var.dns_proxy_enabled)
    error_message = "dns_proxy_enabled: turn it off, or take sku Standard; Basic has no DNS proxy."
  }
}

variable "dns_servers" {
  description = "Servers that the firewall asks, in order; empty means Azure DNS."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for server in var.dns_servers : can(cidrhost("${server}/32", 0))])
    error_message = "dns_servers: write IPv4 addresses."
  }

  validation {
    condition     = !(var.sku == "Basic" && length(var.dns_servers) > 0)
    error_message = "dns_servers: remove them, or take sku Standard; Basic asks Azure DNS only."
  }
}

variable "private_ip_ranges" {
  description = "Destinations whose traffic keeps its source address; empty means Azure's default, the private ranges."
  type        = list(string)
  default     = []

  validation {
    condition = alltrue([
      for item in var.private_ip_ranges : item == "IANAPrivateRanges" || can(cidrhost(strcontains(item, "/") ? item : "${item}/32", 0))
    ])
    error_message = "private_ip_ranges: write IPv4 addresses, prefixes or `IANAPrivateRanges`."
  }
}

variable "intrusion_detection_mode" {
  description = "`Off`, `Alert` or `Deny`; Premium only."
  type        = string
  default     = "Off"

  validation {
    condition     = contains(["Off", "Alert", "Deny"], var.intrusion_detection_mode)
    error_message = "intrusion_detection_mode: write `Off`, `Alert` or `Deny`."
  }

  validation {
    condition     = var.intrusion_detection_mode == "Off" || var.sku == "Premium"
    error_message = "intrusion_detection_mode: write `Off`, or take sku Premium."
  }
}

variable "user_assigned_identity_id" {
  description = "Id of the identity that reads the certificate of TLS inspection; it needs Key Vault Secrets User on the vault."
  type        = string
  default     = null
}

variable "tls_certificate_secret_id" {
  description = "Id of the Key Vault secret with the intermediate CA of TLS inspection; null leaves it off."
  type        = string
  default     = null

  validation {
    condition     = var.tls_certificate_secret_id == null || var.sku == "Premium"
    error_message = "tls_certificate_secret_id: remove it, or take sku Premium."
  }

  validation {
    condition     = var.tls_certificate_secret_id == null || var.user_assigned_identity_id != null
    error_message = "tls_certificate_secret_id: also give `user_assigned_identity_id`, the firewall reads the vault with it."
  }
}

variable "insights_workspace_id" {
  description = "Id of the Log Analytics workspace of policy analytics; null leaves it off."
  type        = string
  default     = null
}
