variable "name" {
  description = "Name of the pool; it becomes an agent pool of the organization."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9.-]{1,42}[A-Za-z0-9-]$", var.name))
    error_message = "name: write 3 to 44 letters, digits, hyphens or dots, a letter or digit first and no dot at the end."
  }
}

variable "dev_center_name" {
  description = "Name of the dev center that is made for it."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{2,25}$", var.dev_center_name))
    error_message = "dev_center_name: write 3 to 26 letters, digits or hyphens, a letter or digit first."
  }
}

variable "dev_center_project_name" {
  description = "Name of the project in that dev center."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_.-]{2,62}$", var.dev_center_project_name))
    error_message = "dev_center_project_name: write 3 to 63 letters, digits, hyphens, dots or underscores, a letter or digit first."
  }
}

variable "resource_group_name" {
  description = "Resource group of the pool."
  type        = string
}

variable "location" {
  description = "Region of the pool: that of its subnet."
  type        = string
}

variable "tags" {
  description = "Tags of the pool, its dev center and its project."
  type        = map(string)
  default     = {}
}

variable "subnet_id" {
  description = "Subnet of the agents: delegated to `Microsoft.DevOpsInfrastructure/pools`, of this pool alone, with room for `maximum_concurrency` and five more."
  type        = string
}

variable "organization_url" {
  description = "`https://dev.azure.com/<organization>`."
  type        = string

  validation {
    condition     = can(regex("^https://dev\\.azure\\.com/[A-Za-z0-9][A-Za-z0-9-]{0,48}[A-Za-z0-9]$", var.organization_url))
    error_message = "organization_url: write `https://dev.azure.com/<organization>`, no slash at the end."
  }
}

variable "projects" {
  description = "Projects of the organization that may use the pool; empty: all."
  type        = list(string)
  default     = []
}

variable "maximum_concurrency" {
  description = "Jobs that run at once."
  type        = number
  default     = 2

  validation {
    condition     = var.maximum_concurrency >= 1 && var.maximum_concurrency <= 10000
    error_message = "maximum_concurrency: write 1 to 10000."
  }
}

variable "sku_name" {
  description = "Size of the machines, for instance `Standard_D2ds_v5`; its family needs quota for Managed DevOps Pools."
  type        = string

  validation {
    condition     = can(regex("^Standard_[A-Za-z0-9_-]+$", var.sku_name))
    error_message = "sku_name: write a size as `Standard_D2ds_v5`."
  }
}

variable "image" {
  description = "Image of the agents by its well-known name, for instance `ubuntu-24.04/latest`."
  type        = string
  default     = "ubuntu-24.04/latest"

  validation {
    condition     = can(regex("^[a-z0-9.-]+(/[A-Za-z0-9.]+)?$", var.image))
    error_message = "image: write a well-known name as `ubuntu-24.04/latest` or `windows-2022/latest`."
  }
}
