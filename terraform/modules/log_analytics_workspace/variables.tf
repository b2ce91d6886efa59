variable "name" {
  description = "Name of the workspace."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$", var.name))
    error_message = "name: write 4 to 63 letters, digits or hyphens, no hyphen at either end."
  }
}

variable "resource_group_name" {
  description = "Resource group of the workspace."
  type        = string
}

variable "location" {
  description = "Azure region, for instance `westeurope`."
  type        = string
}

variable "tags" {
  description = "Tags of the workspace."
  type        = map(string)
  default     = {}
}

variable "retention_in_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = var.retention_in_days >= 30 && var.retention_in_days <= 730
    error_message = "retention_in_days: write 30 to 730."
  }
}

variable "internet_ingestion_access_type" {
  description = "Who may write over the internet: `Enabled`, `Disabled` (only through a private link scope) or `SecuredByPerimeter`."
  type        = string
  default     = "Enabled"

  validation {
    condition     = contains(["Enabled", "Disabled", "SecuredByPerimeter"], var.internet_ingestion_access_type)
    error_message = "internet_ingestion_access_type: write `Enabled`, `Disabled` or `SecuredByPerimeter`."
  }
}

variable "internet_query_access_type" {
  description = "Who may read over the internet: `Enabled`, `Disabled` (only through a private link scope) or `SecuredByPerimeter`."
  type        = string
  default     = "Enabled"

  validation {
    condition     = contains(["Enabled", "Disabled", "SecuredByPerimeter"], var.internet_query_access_type)
    error_message = "internet_query_access_type: write `Enabled`, `Disabled` or `SecuredByPerimeter`."
  }
}
