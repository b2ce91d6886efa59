variable "name" {
  description = "Name of the credential."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$", var.name))
    error_message = "name: write 3 to 120 letters, digits, hyphens or underscores, a letter or digit first."
  }
}

variable "user_assigned_identity_id" {
  description = "Id of the identity that the service account may act as."
  type        = string
}

variable "issuer" {
  description = "OIDC issuer URL of the cluster that signs the tokens."
  type        = string
}

variable "subject" {
  description = "`system:serviceaccount:<namespace>:<service account>`."
  type        = string

  validation {
    condition     = can(regex("^system:serviceaccount:[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?:[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$", var.subject))
    error_message = "subject: write `system:serviceaccount:<namespace>:<service account>`; Entra takes no wildcards."
  }
}

variable "audience" {
  description = "Audience of the tokens; Azure China and Azure Government have their own."
  type        = string
  default     = "api://AzureADTokenExchange"

  validation {
    condition = contains([
      "api://AzureADTokenExchange", "api://AzureADTokenExchangeChina", "api://AzureADTokenExchangeUSGov",
    ], var.audience)
    error_message = "audience: write `api://AzureADTokenExchange`, or that of Azure China (`...China`) or Azure Government (`...USGov`)."
  }
}
