variable "monitor_diagnostic_settings" {
  description = "Diagnostic settings by name. `target` is `<type>:<name>`; a group of log categories is written `group:allLogs`."
  type = map(object({
    target                         = string
    log_analytics_workspace        = string
    log_analytics_destination_type = optional(string)
    log_categories                 = optional(list(string), [])
    metrics                        = optional(bool, true)
  }))
  default = {}

  validation {
    condition     = alltrue([for item in values(var.monitor_diagnostic_settings) : contains(keys(var.log_analytics_workspaces), item.log_analytics_workspace)])
    error_message = "monitor_diagnostic_settings: name one of `log_analytics_workspaces`."
  }
}

variable "monitor_data_collection_rules" {
  description = "Data collection rules by name, with what they are associated with: `<type>:<name>` of clusters and machines."
  type = map(object({
    resource_group_name     = string
    log_analytics_workspace = optional(string)
    monitor_workspace       = optional(string)
    streams                 = list(string)
    targets                 = optional(list(string), [])
  }))
  default = {}

  validation {
    condition = alltrue([
      for item in values(var.monitor_data_collection_rules) :
      length(setsubtract(compact([item.log_analytics_workspace]), keys(var.log_analytics_workspaces))) == 0
      && length(setsubtract(compact([item.monitor_workspace]), keys(var.monitor_workspaces))) == 0
    ])
    error_message = "monitor_data_collection_rules: name workspaces of `log_analytics_workspaces` and `monitor_workspaces`."
  }
}

variable "monitor_metric_alerts" {
  description = "Metric alerts by name, each with one static criterion. `scope` is `<type>:<name>`."
  type = map(object({
    resource_group_name = string
    scope               = string
    metric_namespace    = string
    metric_name         = string
    aggregation         = string
    operator            = string
    threshold           = number
    severity            = optional(number, 2)
    dimensions          = optional(map(string), {})
  }))
  default = {}
}

variable "action_group_ids" {
  description = "Ids of the action groups that alerts tell; without one they show in the portal only."
  type        = list(string)
  default     = []
}

variable "monitor_private_link_scopes" {
  description = "Private link scopes of Azure Monitor by name. Linked resources are `log_analytics_workspace:<name>`."
  type = map(object({
    resource_group_name   = string
    ingestion_access_mode = optional(string, "PrivateOnly")
    query_access_mode     = optional(string, "Open")
    linked_resources      = optional(list(string), [])
  }))
  default = {}
}
