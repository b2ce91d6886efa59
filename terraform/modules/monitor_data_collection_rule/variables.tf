variable "name" {
  description = "Name of the rule."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]{1,58}[A-Za-z0-9]$", var.name))
    error_message = "name: write 3 to 60 letters, digits, hyphens, dots or underscores, a letter or digit at both ends."
  }
}

variable "resource_group_name" {
  description = "Resource group of the rule."
  type        = string
}

variable "location" {
  description = "Region of the rule, that of its destinations."
  type        = string
}

variable "tags" {
  description = "Tags of the rule."
  type        = map(string)
  default     = {}
}

variable "streams" {
  description = "What is collected: `Microsoft-ContainerInsights-Group-Default`, `Microsoft-PrometheusMetrics`, `Microsoft-Perf`, `Microsoft-Syslog`, `Microsoft-Event`, ..."
  type        = list(string)

  validation {
    condition     = length(var.streams) > 0 && alltrue([for stream in var.streams : startswith(stream, "Microsoft-")])
    error_message = "streams: name at least one of Azure Monitor's streams, each `Microsoft-...`."
  }

  validation {
    condition     = !(contains(var.streams, "Microsoft-Event") && contains(var.streams, "Microsoft-Syslog"))
    error_message = "streams: `Microsoft-Event` is of Windows and `Microsoft-Syslog` of Linux; make a rule for each."
  }
}

variable "log_analytics_workspace_id" {
  description = "Where logs and counters go."
  type        = string
  default     = null

  validation {
    condition     = var.log_analytics_workspace_id != null || alltrue([for stream in var.streams : stream == "Microsoft-PrometheusMetrics"])
    error_message = "log_analytics_workspace_id: every stream but `Microsoft-PrometheusMetrics` needs a workspace."
  }
}

variable "monitor_workspace_id" {
  description = "Where Prometheus metrics go."
  type        = string
  default     = null

  validation {
    condition     = var.monitor_workspace_id != null || !contains(var.streams, "Microsoft-PrometheusMetrics")
    error_message = "monitor_workspace_id: `Microsoft-PrometheusMetrics` needs an Azure Monitor workspace."
  }
}

variable "data_collection_endpoint_id" {
  description = "Endpoint that agents write to; Prometheus needs that of its workspace."
  type        = string
  default     = null
}

variable "targets" {
  description = "Clusters and machines that it is associated with: keys of `target_ids`."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for target in var.targets : contains(keys(var.target_ids), target)])
    error_message = "targets: name clusters and machines of the estate as `<type>:<name>`, for instance `kubernetes_cluster:aks`."
  }
}

variable "target_ids" {
  description = "Ids of what can be a target, by `<type>:<name>`."
  type        = map(string)
  default     = {}
}
