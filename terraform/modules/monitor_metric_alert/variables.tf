variable "name" {
  description = "Name of the alert."
  type        = string

  validation {
    condition     = can(regex("^[^#<>%&:\\\\?/{}*+]{1,259}[^#<>%&:\\\\?/{}*+. ]$", var.name))
    error_message = "name: write up to 260 characters, none of `# < > % & : \\ ? / { } * +`, and no dot or space at the end."
  }
}

variable "resource_group_name" {
  description = "Resource group of the alert."
  type        = string
}

variable "tags" {
  description = "Tags of the alert."
  type        = map(string)
  default     = {}
}

variable "scope" {
  description = "Id of the resource that is watched."
  type        = string
}

variable "metric_namespace" {
  description = "Type of the resource, for instance `Microsoft.Network/azureFirewalls`."
  type        = string
}

variable "metric_name" {
  description = "What is measured, for instance `FirewallHealth`."
  type        = string
}

variable "aggregation" {
  description = "`Average`, `Count`, `Minimum`, `Maximum` or `Total`, over five minutes."
  type        = string

  validation {
    condition     = contains(["Average", "Count", "Minimum", "Maximum", "Total"], var.aggregation)
    error_message = "aggregation: write `Average`, `Count`, `Minimum`, `Maximum` or `Total`."
  }
}

variable "operator" {
  description = "`Equals`, `GreaterThan`, `GreaterThanOrEqual`, `LessThan` or `LessThanOrEqual`."
  type        = string

  validation {
    condition     = contains(["Equals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"], var.operator)
    error_message = "operator: write `Equals`, `GreaterThan`, `GreaterThanOrEqual`, `LessThan` or `LessThanOrEqual`."
  }
}

variable "threshold" {
  description = "What the measure is compared with."
  type        = number
}

variable "dimensions" {
  description = "Dimensions of the metric, and the value of each that counts; empty: all are taken together."
  type        = map(string)
  default     = {}
}

variable "severity" {
  description = "0 (critical) to 4 (verbose)."
  type        = number
  default     = 2

  validation {
    condition     = contains([0, 1, 2, 3, 4], var.severity)
    error_message = "severity: write 0 (critical) to 4 (verbose)."
  }
}

variable "action_group_ids" {
  description = "Action groups that are told; without one the alert shows in the portal only."
  type        = list(string)
  default     = []
}
