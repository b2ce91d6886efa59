variable "name" {
  description = "Name of the public IP."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the public IP."
  type        = string
}

variable "location" {
  description = "Azure region of the public IP."
  type        = string
}

variable "tags" {
  description = "Tags of the public IP."
  type        = map(string)
  default     = {}
}

variable "zones" {
  description = "Availability zones of the address; empty lets Azure choose."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.zones, ["1", "2", "3"])) == 0
    error_message = "zones: write `1`, `2` or `3`."
  }
}
