# A machine starts when it can reach out, since cloud-init and extensions download at once.

module "linux_virtual_machine" {
  source     = "./modules/linux_virtual_machine"
  for_each   = { for name, machine in var.virtual_machines : name => machine if machine.os_type == "Linux" }
  depends_on = [module.firewall, module.rule_collection_group, module.virtual_network_peering, module.private_dns_zone]

  name                         = each.key
  resource_group_name          = module.resource_group[each.value.resource_group_name].name
  location                     = var.virtual_networks[split("/", each.value.subnet)[0]].location
  size                         = each.value.size
  subnet_id                    = module.virtual_network[split("/", each.value.subnet)[0]].subnet_ids[split("/", each.value.subnet)[1]]
  private_ip_address           = each.value.private_ip_address
  public_ip_address_id         = each.value.public_ip == null ? null : module.public_ip[each.value.public_ip].id
  network_security_group       = each.value.network_security_group
  network_security_group_ids   = { for name, item in module.network_security_group : name => item.id }
  admin_username               = var.admin_username
  admin_ssh_public_key         = var.admin_ssh_public_key
  custom_data                  = each.value.purpose == "agent" ? filebase64("${path.root}/cloud-init/agent.yaml") : null
  entra_login_enabled          = each.value.entra_login_enabled
  azure_monitor_agent_enabled  = each.value.azure_monitor_agent_enabled
  boot_diagnostics_storage_uri = each.value.boot_diagnostics_storage_account == null ? null : module.storage_account[each.value.boot_diagnostics_storage_account].primary_blob_endpoint
  user_assigned_identity_id    = each.value.user_assigned_identity == null ? null : module.user_assigned_identity[each.value.user_assigned_identity].id
  tags                         = var.tags
}

module "windows_virtual_machine" {
  source     = "./modules/windows_virtual_machine"
  for_each   = { for name, machine in var.virtual_machines : name => machine if machine.os_type == "Windows" }
  depends_on = [module.firewall, module.rule_collection_group, module.virtual_network_peering, module.private_dns_zone]

  name                         = each.key
  computer_name                = each.value.computer_name
  resource_group_name          = module.resource_group[each.value.resource_group_name].name
  location                     = var.virtual_networks[split("/", each.value.subnet)[0]].location
  size                         = each.value.size
  subnet_id                    = module.virtual_network[split("/", each.value.subnet)[0]].subnet_ids[split("/", each.value.subnet)[1]]
  private_ip_address           = each.value.private_ip_address
  public_ip_address_id         = each.value.public_ip == null ? null : module.public_ip[each.value.public_ip].id
  network_security_group       = each.value.network_security_group
  network_security_group_ids   = { for name, item in module.network_security_group : name => item.id }
  admin_username               = var.admin_username
  admin_password               = var.windows_admin_password
  entra_login_enabled          = each.value.entra_login_enabled
  azure_monitor_agent_enabled  = each.value.azure_monitor_agent_enabled
  boot_diagnostics_storage_uri = each.value.boot_diagnostics_storage_account == null ? null : module.storage_account[each.value.boot_diagnostics_storage_account].primary_blob_endpoint
  user_assigned_identity_id    = each.value.user_assigned_identity == null ? null : module.user_assigned_identity[each.value.user_assigned_identity].id
  tags                         = var.tags
}

module "linux_virtual_machine_scale_set" {
  source     = "./modules/linux_virtual_machine_scale_set"
  for_each   = var.virtual_machine_scale_sets
  depends_on = [module.firewall, module.rule_collection_group, module.virtual_network_peering, module.private_dns_zone]

  name                      = each.key
  resource_group_name       = module.resource_group[each.value.resource_group_name].name
  location                  = var.virtual_networks[split("/", each.value.subnet)[0]].location
  sku                       = each.value.sku
  instances                 = each.value.instances
  zones                     = each.value.zones
  subnet_id                 = module.virtual_network[split("/", each.value.subnet)[0]].subnet_ids[split("/", each.value.subnet)[1]]
  admin_username            = var.admin_username
  admin_ssh_public_key      = var.admin_ssh_public_key
  custom_data               = filebase64("${path.root}/cloud-init/agent.yaml")
  user_assigned_identity_id = each.value.user_assigned_identity == null ? null : module.user_assigned_identity[each.value.user_assigned_identity].id
  tags                      = var.tags
}

# The service joins its agents to the subnet with the rights of its own service principal, so those
# must be there first.
module "managed_devops_pool" {
  source     = "./modules/managed_devops_pool"
  for_each   = var.managed_devops_pools
  depends_on = [module.firewall, module.rule_collection_group, module.virtual_network_peering, module.private_dns_zone, module.role_assignment]

  name                    = each.key
  dev_center_name         = each.value.dev_center_name
  dev_center_project_name = each.value.dev_center_project_name
  resource_group_name     = module.resource_group[each.value.resource_group_name].name
  location                = var.virtual_networks[split("/", each.value.subnet)[0]].location
  subnet_id               = module.virtual_network[split("/", each.value.subnet)[0]].subnet_ids[split("/", each.value.subnet)[1]]
  organization_url        = each.value.organization_url
  projects                = each.value.projects
  maximum_concurrency     = each.value.maximum_concurrency
  sku_name                = each.value.sku_name
  image                   = each.value.image
  tags                    = var.tags
}
