variable "name" {
  description = "Name of the registry; `<name>.azurecr.io` is unique in Azure."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]{5,50}$", var.name))
    error_message = "name: write 5 to 50 letters or digits, no hyphens."
  }
}

variable "resource_group_name" {
  description = "Resource group of the registry."
  type        = string
}

variable "location" {
  description = "Home region of the registry, for instance `westeurope`."
  type        = string
}

variable "tags" {
  description = "Tags of the registry and its replicas."
  type        = map(string)
  default     = {}
}

variable "sku" {
  description = "`Basic`, `Standard` or `Premium`; only the last has private endpoints, zones and replicas."
  type        = string
  default     = "Premium"

  validation {
    condition     = contains(["Basic", "Standard", "Premium"], var.sku)
    error_message = "sku: write `Basic`, `Standard` or `Premium`."
  }
}

variable "public_network_access_enabled" {
  description = "Whether the registry answers on its public address."
  type        = bool
  default     = false

  validation {
    condition     = var.public_network_access_enabled || var.sku == "Premium"
    error_message = "public_network_access_enabled: only `sku = \"Premium\"` can do without public access."
  }
}

variable "zone_redundancy_enabled" {
  description = "Whether the registry and its replicas span the region's zones. A change makes a new registry."
  type        = bool
  default     = true

  validation {
    condition     = !var.zone_redundancy_enabled || var.sku == "Premium"
    error_message = "zone_redundancy_enabled: only `sku = \"Premium\"` has zones; set it to false or take that tier."
  }
}

variable "admin_enabled" {
  description = "Whether the registry has an admin user with a password; AKS and pipelines need none."
  type        = bool
  default     = false
}

variable "data_endpoint_enabled" {
  description = "Whether layers come from `<registry>.<region>.data.azurecr.io` and not from any blob account."
  type        = bool
  default     = true

  validation {
    condition     = !var.data_endpoint_enabled || var.sku == "Premium"
    error_message = "data_endpoint_enabled: only `sku = \"Premium\"` has data endpoints; set it to false or take that tier."
  }
}

variable "georeplications" {
  description = "Further regions that hold a replica."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.georeplications) == 0 || var.sku == "Premium"
    error_message = "georeplications: only `sku = \"Premium\"` has replicas; empty the list or take that tier."
  }

  validation {
    condition     = !contains(var.georeplications, var.location)
    error_message = "georeplications: leave out the registry's own region."
  }

  validation {
    condition     = length(distinct(var.georeplications)) == length(var.georeplications)
    error_message = "georeplications: name each region once."
  }
}

variable "cache_rules" {
  description = "Repositories that the registry fetches from elsewhere and keeps, by rule name. A network isolated cluster starts from `mcr.microsoft.com/*` in `aks-managed-repository/*`."
  type        = map(object({ source_repo = string, target_repo = string }))
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.cache_rules) : can(regex("^[a-zA-Z0-9-]{5,50}$", name))])
    error_message = "cache_rules: name each rule with 5 to 50 letters, digits or hyphens."
  }
}
