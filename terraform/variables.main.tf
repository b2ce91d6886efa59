variable "name" {
  description = "Name of the estate."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "name: write 2 to 32 lower-case letters, digits or hyphens, a letter first."
  }
}

variable "location" {
  description = "Azure region of the estate, for instance `westeurope`."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]+$", var.location))
    error_message = "location: write the region's short name, for instance `westeurope`, not `West Europe`."
  }
}

variable "cloud" {
  description = "Azure cloud: `public`, `china` or `usgovernment`."
  type        = string
  default     = "public"

  validation {
    condition     = contains(["public", "china", "usgovernment"], var.cloud)
    error_message = "cloud: write `public`, `china` or `usgovernment`."
  }
}

variable "hub" {
  description = "Name of the virtual network that is the hub; empty when no network holds a firewall."
  type        = string
  default     = ""

  validation {
    condition     = var.hub == "" || contains(keys(var.virtual_networks), var.hub)
    error_message = "hub: name one of `virtual_networks`."
  }
}

variable "subscription_id" {
  description = "Subscription to deploy to; null takes it from ARM_SUBSCRIPTION_ID."
  type        = string
  default     = null

  validation {
    condition     = var.subscription_id == null || can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", var.subscription_id))
    error_message = "subscription_id: write the subscription's id, `az account show --query id` prints it."
  }
}

variable "tags" {
  description = "Tags of every resource. Changes to them made elsewhere are left alone."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(var.tags) <= 50 && alltrue([for key, value in var.tags : length(key) <= 512 && length(value) <= 256])
    error_message = "tags: keep to 50 tags, names of 512 characters and values of 256."
  }
}

variable "resource_groups" {
  description = "Resource groups by name."
  type        = map(object({ location = string }))
}

variable "workloads" {
  description = "Services of type LoadBalancer by name: what the cluster exposes, and where. No resource is made of them; pipelines read them as an output."
  type = map(object({
    cluster       = string
    load_balancer = string
    port          = number
    target_port   = number
    frontend      = string
  }))
  default = {}

  validation {
    condition     = alltrue([for workload in values(var.workloads) : contains(["public", "internal"], workload.load_balancer)])
    error_message = "workloads: write `public` or `internal` as `load_balancer`."
  }

  validation {
    condition = alltrue(flatten([
      for workload in values(var.workloads) : [for port in [workload.port, workload.target_port] : port >= 1 && port <= 65535]
    ]))
    error_message = "workloads: write ports from 1 to 65535."
  }

  validation {
    condition = alltrue([
      for workload in values(var.workloads) :
      workload.load_balancer == "public" ? contains(keys(var.public_ips), workload.frontend) : can(cidrhost("${workload.frontend}/32", 0))
    ])
    error_message = "workloads: `frontend` is a name of `public_ips` for a public load balancer, and an address for an internal one."
  }
}
