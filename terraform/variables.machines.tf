variable "virtual_machines" {
  description = "Jump boxes (`purpose = \"jumpbox\"`) and agents (`\"agent\"`) by name."
  type = map(object({
    resource_group_name              = string
    subnet                           = string
    purpose                          = optional(string, "")
    os_type                          = optional(string, "Linux")
    computer_name                    = optional(string)
    size                             = optional(string, "Standard_D2ds_v5")
    private_ip_address               = optional(string)
    public_ip                        = optional(string)
    network_security_group           = optional(string)
    entra_login_enabled              = optional(bool, false)
    azure_monitor_agent_enabled      = optional(bool, false)
    boot_diagnostics_storage_account = optional(string)
    user_assigned_identity           = optional(string)
  }))
  default = {}

  validation {
    condition     = alltrue([for item in values(var.virtual_machines) : contains(["Linux", "Windows"], item.os_type) && contains(["", "agent", "jumpbox"], item.purpose)])
    error_message = "virtual_machines: write `Linux` or `Windows` as `os_type`, and `jumpbox`, `agent` or nothing as `purpose`."
  }

  validation {
    condition     = alltrue([for item in values(var.virtual_machines) : can(var.virtual_networks[split("/", item.subnet)[0]].subnets[split("/", item.subnet)[1]])])
    error_message = "virtual_machines: `subnet` is `<virtual network>/<subnet>` of `virtual_networks`."
  }
}

variable "virtual_machine_scale_sets" {
  description = "Scale sets of agents by name; Azure DevOps scales them."
  type = map(object({
    resource_group_name    = string
    subnet                 = string
    sku                    = optional(string, "Standard_D2ds_v5")
    instances              = optional(number, 0)
    zones                  = optional(list(string), [])
    user_assigned_identity = optional(string)
  }))
  default = {}

  validation {
    condition     = alltrue([for item in values(var.virtual_machine_scale_sets) : can(var.virtual_networks[split("/", item.subnet)[0]].subnets[split("/", item.subnet)[1]])])
    error_message = "virtual_machine_scale_sets: `subnet` is `<virtual network>/<subnet>` of `virtual_networks`."
  }
}

variable "managed_devops_pools" {
  description = "Managed DevOps Pools by name, each with the dev center and project that are made for it."
  type = map(object({
    resource_group_name     = string
    subnet                  = string
    organization_url        = string
    dev_center_name         = string
    dev_center_project_name = string
    projects                = optional(list(string), [])
    maximum_concurrency     = optional(number, 2)
    sku_name                = optional(string, "Standard_D2ds_v5")
    image                   = optional(string, "ubuntu-24.04/latest")
  }))
  default = {}

  validation {
    condition = alltrue([
      for item in values(var.managed_devops_pools) :
      try(var.virtual_networks[split("/", item.subnet)[0]].subnets[split("/", item.subnet)[1]].delegation, "") == "Microsoft.DevOpsInfrastructure/pools"
    ])
    error_message = "managed_devops_pools: `subnet` is one of `virtual_networks` that is delegated to `Microsoft.DevOpsInfrastructure/pools`."
  }

  validation {
    condition     = length(distinct([for item in values(var.managed_devops_pools) : item.subnet])) == length(var.managed_devops_pools)
    error_message = "managed_devops_pools: a delegated subnet is of one pool alone; give each its own."
  }
}

variable "admin_username" {
  description = "Administrator of machines."
  type        = string
  default     = "azureadmin"
}

variable "admin_ssh_public_key" {
  description = "Public half of the administrator's SSH key, for instance by TF_VAR_admin_ssh_public_key. Needed where there are Linux machines or scale sets."
  type        = string
  default     = null

  validation {
    condition     = var.admin_ssh_public_key != null || (length(var.virtual_machine_scale_sets) == 0 && alltrue([for item in values(var.virtual_machines) : item.os_type == "Windows"]))
    error_message = "admin_ssh_public_key: Linux machines have no password; give a public key, for instance `export TF_VAR_admin_ssh_public_key=\"$(cat ~/.ssh/id_ed25519.pub)\"`."
  }
}

variable "windows_admin_password" {
  description = "First password of the administrator of Windows machines, by TF_VAR_windows_admin_password. It stands in the state: change it after the first boot."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.windows_admin_password != null || alltrue([for item in values(var.virtual_machines) : item.os_type == "Linux"])
    error_message = "windows_admin_password: Azure makes no Windows machine without one; give it by TF_VAR_windows_admin_password."
  }
}
