variable "user_assigned_identities" {
  description = "User-assigned identities by name."
  type        = map(object({ resource_group_name = string }))
  default     = {}
}

variable "role_assignments" {
  description = "Role assignments by `<role>|<scope>|<principal>`. Scope and principal are `<type>:<name>`; `needs_cluster` holds where the cluster or a machine must exist first."
  type = map(object({
    scope                = string
    role_definition_name = string
    principal            = string
    needs_cluster        = optional(bool, false)
  }))
  default = {}

  validation {
    condition     = alltrue([for key, item in var.role_assignments : key == "${item.role_definition_name}|${item.scope}|${item.principal}"])
    error_message = "role_assignments: the key of each is `<role>|<scope>|<principal>`."
  }

  validation {
    condition = alltrue([
      for item in values(var.role_assignments) :
      can(regex("^(user_assigned_identity|kubelet|ingress_application_gateway|kubernetes_cluster|group|service_principal):.+$", item.principal))
    ])
    error_message = "role_assignments: principals are `user_assigned_identity:`, `kubelet:`, `ingress_application_gateway:`, `kubernetes_cluster:`, `group:` or `service_principal:` and a name."
  }

  validation {
    condition = alltrue([
      for item in values(var.role_assignments) :
      item.needs_cluster || !can(regex("(^| )(kubernetes_cluster|node_resource_group|linux_virtual_machine|windows_virtual_machine|kubelet|ingress_application_gateway):", "${item.scope} ${item.principal}"))
    ])
    error_message = "role_assignments: set `needs_cluster` where scope or principal come with the cluster or a machine."
  }

  validation {
    condition = alltrue([
      for item in values(var.role_assignments) :
      !startswith(item.principal, "service_principal:") || contains(keys(var.service_principal_object_ids), trimprefix(item.principal, "service_principal:"))
    ])
    error_message = "role_assignments: give the object id of each `service_principal:` in `service_principal_object_ids`; `az ad sp list --display-name DevOpsInfrastructure --query [0].id` prints that of Managed DevOps Pools."
  }
}

variable "service_principal_object_ids" {
  description = "Object ids, in your tenant, of service principals of Microsoft's own that get roles, by display name: `DevOpsInfrastructure` for Managed DevOps Pools."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for id in values(var.service_principal_object_ids) : can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", id))])
    error_message = "service_principal_object_ids: write object ids, `az ad sp list --display-name <name> --query [0].id` prints one."
  }
}

variable "federated_identity_credentials" {
  description = "Service accounts that may act as an identity, by name of the credential."
  type = map(object({
    user_assigned_identity = string
    cluster                = string
    subject                = string
  }))
  default = {}

  validation {
    condition = alltrue([
      for item in values(var.federated_identity_credentials) :
      contains(keys(var.user_assigned_identities), item.user_assigned_identity) && contains(keys(var.kubernetes_clusters), item.cluster)
    ])
    error_message = "federated_identity_credentials: name one of `user_assigned_identities` and one of `kubernetes_clusters`."
  }
}
