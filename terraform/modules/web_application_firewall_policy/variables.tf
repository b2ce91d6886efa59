variable "name" {
  description = "Name of the policy."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$", var.name))
    error_message = "name: write up to 80 letters, digits, hyphens, dots or underscores, a letter or digit first."
  }
}

variable "resource_group_name" {
  description = "Resource group of the policy."
  type        = string
}

variable "location" {
  description = "Azure region, that of the gateway."
  type        = string
}

variable "tags" {
  description = "Tags of the policy."
  type        = map(string)
  default     = {}
}

variable "mode" {
  description = "`Prevention` refuses bad requests, `Detection` logs them."
  type        = string
  default     = "Prevention"

  validation {
    condition     = contains(["Detection", "Prevention"], var.mode)
    error_message = "mode: write `Prevention` or `Detection`."
  }
}

variable "managed_rule_sets" {
  description = "Rule sets of Microsoft and OWASP, in order."
  type        = list(object({ type = string, version = string }))
  default     = [{ type = "Microsoft_DefaultRuleSet", version = "2.1" }]

  validation {
    condition     = length(var.managed_rule_sets) > 0
    error_message = "managed_rule_sets: a policy needs at least one, for instance `Microsoft_DefaultRuleSet` 2.1."
  }

  validation {
    condition     = alltrue([for set in var.managed_rule_sets : contains(["Microsoft_BotManagerRuleSet", "Microsoft_DefaultRuleSet", "Microsoft_HTTPDDoSRuleSet", "OWASP"], set.type)])
    error_message = "managed_rule_sets: types are `Microsoft_DefaultRuleSet`, `Microsoft_BotManagerRuleSet`, `Microsoft_HTTPDDoSRuleSet` and `OWASP`."
  }

  validation {
    condition     = !alltrue([for type in ["Microsoft_DefaultRuleSet", "OWASP"] : contains([for set in var.managed_rule_sets : set.type], type)])
    error_message = "managed_rule_sets: `Microsoft_DefaultRuleSet` and `OWASP` cover the same attacks; take one."
  }
}
