# A private AKS cluster behind Azure Firewall, in a hub and any number of spokes.
#
#   main.tf            resource groups
#   network.tf         virtual networks, peerings, routes, filters, public addresses, Bastion
#   firewall.tf        Azure Firewall, its policies, rules and IP groups
#   identity.tf        identities and what they may do
#   cluster.tf         the cluster and its node pools
#   private_access.tf  private endpoints and private DNS
#   platform.tf        registry, vault, storage, logs
#   machines.tf        jump box and agents
#   ingress.tf         application gateways and their web application firewall
#   monitor.tf         diagnostics, metrics and alerts
#
# Every variable `<kind>s` is a map by name of one kind of resource, and every value in it is a
# decision of the design. Nothing is decided here: `hubwright synth` writes the values into
# estate.auto.tfvars.json. Resources refer to each other by name.

module "resource_group" {
  source   = "./modules/resource_group"
  for_each = var.resource_groups

  name     = each.key
  location = each.value.location
  tags     = var.tags
}
