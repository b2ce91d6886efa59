variable "name" {
  description = "Name of the resource group."
  type        = string

  validation {
    condition     = can(regex("^[-\\w._()]{0,89}[-\\w_()]$", var.name))
    error_message = "name: write up to 90 letters, digits, hyphens, dots, underscores or parentheses, no dot at the end."
  }
}

variable "location" {
  description = "Azure region of the group's own records, for instance `westeurope`."
  type        = string
}

variable "tags" {
  description = "Tags of the resource group."
  type        = map(string)
  default     = {}
}
