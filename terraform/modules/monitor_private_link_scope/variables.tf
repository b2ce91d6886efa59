variable "name" {
  description = "Name of the scope."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_().-]{0,254}[A-Za-z0-9_()-]$", var.name))
    error_message = "name: write up to 255 letters, digits, hyphens, dots, underscores or parentheses, no dot at the end."
  }
}

variable "resource_group_name" {
  description = "Resource group of the scope."
  type        = string
}

variable "tags" {
  description = "Tags of the scope."
  type        = map(string)
  default     = {}
}

variable "ingestion_access_mode" {
  description = "`PrivateOnly`: its networks write to workspaces of the scope alone; `Open`: to others too."
  type        = string
  default     = "PrivateOnly"

  validation {
    condition     = contains(["Open", "PrivateOnly"], var.ingestion_access_mode)
    error_message = "ingestion_access_mode: write `PrivateOnly` or `Open`."
  }
}

variable "query_access_mode" {
  description = "`PrivateOnly`: its networks read from workspaces of the scope alone; `Open`: from others too."
  type        = string
  default     = "Open"

  validation {
    condition     = contains(["Open", "PrivateOnly"], var.query_access_mode)
    error_message = "query_access_mode: write `PrivateOnly` or `Open`."
  }
}

variable "linked_resources" {
  description = "Workspaces of the scope: keys of `linked_resource_ids`."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for item in var.linked_resources : contains(keys(var.linked_resource_ids), item)])
    error_message = "linked_resources: name workspaces of the estate as `<type>:<name>`, for instance `log_analytics_workspace:log`."
  }
}

variable "linked_resource_ids" {
  description = "Ids of what can be linked, by `<type>:<name>`."
  type        = map(string)
  default     = {}
}
