variable "name" {
  description = "Name of the setting."
  type        = string

  validation {
    condition     = can(regex("^[^<>*%&:\\\\?+/]{1,260}$", var.name))
    error_message = "name: write up to 260 characters, none of `< > * % & : \\ ? + /`."
  }
}

variable "target_resource_id" {
  description = "Id of the resource whose logs and metrics are sent."
  type        = string
}

variable "log_analytics_workspace_id" {
  description = "Workspace that they are sent to."
  type        = string
}

variable "log_analytics_destination_type" {
  description = "`Dedicated`: tables of the service's own (`AZFW...`, `AKS...`); null where it has only one form."
  type        = string
  default     = null

  validation {
    condition     = var.log_analytics_destination_type == null || contains(["Dedicated", "AzureDiagnostics"], coalesce(var.log_analytics_destination_type, "none"))
    error_message = "log_analytics_destination_type: write `Dedicated`, `AzureDiagnostics` or null."
  }
}

variable "log_categories" {
  description = "Categories of logs; a group of them is written `group:allLogs`."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.log_categories) > 0 || var.metrics
    error_message = "log_categories: name a category or set `metrics`, else nothing is sent."
  }

  validation {
    condition     = length([for item in var.log_categories : item if startswith(item, "group:")]) == 0 || alltrue([for item in var.log_categories : startswith(item, "group:")])
    error_message = "log_categories: take categories or groups, Azure refuses both in one setting."
  }
}

variable "metrics" {
  description = "Whether metrics are sent too."
  type        = bool
  default     = true
}

variable "metric_categories" {
  description = "Categories of metrics: `AllMetrics`, but of storage `Capacity` and `Transaction`."
  type        = list(string)
  default     = ["AllMetrics"]

  validation {
    condition     = length(var.metric_categories) > 0
    error_message = "metric_categories: name one, or set `metrics` to false."
  }
}
