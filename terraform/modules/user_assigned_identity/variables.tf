variable "name" {
  description = "Name of the identity."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$", var.name))
    error_message = "name: write 3 to 128 letters, digits, hyphens or underscores, a letter or digit first."
  }
}

variable "resource_group_name" {
  description = "Resource group of the identity."
  type        = string
}

variable "location" {
  description = "Azure region, for instance `westeurope`."
  type        = string
}

variable "tags" {
  description = "Tags of the identity."
  type        = map(string)
  default     = {}
}
