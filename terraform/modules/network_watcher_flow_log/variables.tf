variable "name" {
  description = "Name of the flow log."
  type        = string
}

variable "location" {
  description = "Azure region of the virtual network; the network watcher is that region's."
  type        = string
}

variable "virtual_network_id" {
  description = "Id of the virtual network whose flows are recorded."
  type        = string
}

variable "storage_account_id" {
  description = "Id of the storage account that keeps the records; it must be in the network's region."
  type        = string
}

variable "retention_in_days" {
  description = "How long records are kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = var.retention_in_days >= 1 && var.retention_in_days <= 365
    error_message = "retention_in_days: write 1 to 365 days."
  }
}

variable "log_analytics_workspace" {
  description = "Workspace of traffic analytics; null leaves it off."
  type = object({
    id           = string
    workspace_id = string
    location     = string
  })
  default = null
}

variable "network_watcher_name" {
  description = "Name of the region's network watcher; null means the one that Azure makes, `NetworkWatcher_<region>`."
  type        = string
  default     = null
}

variable "network_watcher_resource_group_name" {
  description = "Resource group of the network watcher."
  type        = string
  default     = "NetworkWatcherRG"
}

variable "tags" {
  description = "Tags of the flow log."
  type        = map(string)
  default     = {}
}
