variable "name" {
  description = "Name of the DDoS protection plan."
  type        = string
}

variable "resource_group_name" {
  description = "Resource group of the DDoS protection plan."
  type        = string
}

variable "location" {
  description = "Azure region of the DDoS protection plan."
  type        = string
}

variable "tags" {
  description = "Tags of the DDoS protection plan."
  type        = map(string)
  default     = {}
}
