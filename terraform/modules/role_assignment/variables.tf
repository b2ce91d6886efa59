variable "scope" {
  description = "Id of the resource, resource group or subscription that the role is for."
  type        = string
}

variable "role_definition_name" {
  description = "Built-in or custom role, for instance `AcrPull`."
  type        = string

  validation {
    condition     = !contains(["Owner", "User Access Administrator"], var.role_definition_name)
    error_message = "role_definition_name: `Owner` and `User Access Administrator` can hand out every right; assign the role that names the work, for instance `Network Contributor`."
  }
}

variable "principal_id" {
  description = "Object id of the identity, group or user that gets the role."
  type        = string
}

variable "principal_type" {
  description = "`ServicePrincipal` (managed identities too), `Group` or `User`."
  type        = string
  default     = "ServicePrincipal"

  validation {
    condition     = contains(["ServicePrincipal", "Group", "User"], var.principal_type)
    error_message = "principal_type: write `ServicePrincipal`, `Group` or `User`."
  }
}

variable "description" {
  description = "Why the principal has the role."
  type        = string
  default     = null
}
