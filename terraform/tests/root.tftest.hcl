variables {
  name     = "contoso"
  location = "westeurope"
  hub      = "vnet-hub"

  resource_groups = { rg-hub = { location = "westeurope" }, rg-aks = { location = "westeurope" } }

  public_ips = {
    pip-afw-hub-1 = { resource_group_name = "rg-hub", zones = ["1", "2", "3"] }
    pip-lb-web    = { resource_group_name = "rg-aks" }
  }
  route_tables = {
    rt-aks = {
      resource_group_name = "rg-aks"
      routes = {
        to-firewall = { address_prefix = "0.0.0.0/0", next_hop_type = "VirtualAppliance", next_hop_in_ip_address = "10.0.0.4" }
        reply       = { address_prefix = "pip:pip-afw-hub-1/32", next_hop_type = "Internet" }
      }
    }
  }
  virtual_networks = {
    vnet-hub = {
      resource_group_name = "rg-hub"
      location            = "westeurope"
      address_space       = ["10.0.0.0/16"]
      subnets             = { AzureFirewallSubnet = { address_prefixes = ["10.0.0.0/26"] } }
    }
    vnet-aks = {
      resource_group_name = "rg-aks"
      location            = "westeurope"
      address_space       = ["10.1.0.0/16"]
      dns_servers         = ["10.0.0.4"]
      subnets             = { AksSubnet = { address_prefixes = ["10.1.0.0/20"], route_table = "rt-aks" } }
    }
  }
  virtual_network_peerings = {
    "vnet-aks/to-hub" = { name = "to-hub", virtual_network = "vnet-aks", remote_virtual_network = "vnet-hub", allow_forwarded_traffic = true }
    "vnet-hub/to-aks" = { name = "to-aks", virtual_network = "vnet-hub", remote_virtual_network = "vnet-aks" }
  }
  firewall_policies = {
    afwp-company = { resource_group_name = "rg-hub", location = "westeurope", sku = "Standard" }
    afwp-hub     = { resource_group_name = "rg-hub", location = "westeurope", sku = "Premium", base_policy = "afwp-company" }
  }
  rule_collection_groups = {
    "afwp-company/company" = { name = "company", firewall_policy = "afwp-company", priority = 100 }
    "afwp-hub/platform"    = { name = "platform", firewall_policy = "afwp-hub", priority = 200 }
  }
  firewalls = {
    afw-hub = {
      resource_group_name = "rg-hub"
      location            = "westeurope"
      sku_tier            = "Premium"
      virtual_network     = "vnet-hub"
      firewall_policy     = "afwp-hub"
      public_ips          = ["pip-afw-hub-1"]
      private_ip_address  = "10.0.0.4"
    }
  }
  workloads = {
    web  = { cluster = "aks", load_balancer = "public", port = 80, target_port = 8080, frontend = "pip-lb-web" }
    shop = { cluster = "aks", load_balancer = "internal", port = 80, target_port = 8080, frontend = "10.1.15.250" }
  }
}

run "plans_a_hub_and_a_spoke" {
  command = plan

  assert {
    condition     = output.workloads.web.annotations["service.beta.kubernetes.io/azure-pip-name"] == "pip-lb-web" && output.workloads.web.annotations["service.beta.kubernetes.io/azure-load-balancer-resource-group"] == "rg-aks"
    error_message = "A public service claims the public IP that was made for it."
  }

  assert {
    condition     = output.workloads.shop.annotations["service.beta.kubernetes.io/azure-load-balancer-ipv4"] == "10.1.15.250"
    error_message = "An internal service takes the address that the firewall sends its traffic to."
  }

  assert {
    condition     = output.estate.hub == "vnet-hub" && output.estate.name == "contoso"
    error_message = "The plan alone tells what no resource carries."
  }

  assert {
    condition     = keys(module.firewall_policy) == ["afwp-company"] && keys(module.child_firewall_policy) == ["afwp-hub"]
    error_message = "A policy with a parent is made after it."
  }
}

run "refuses_names_of_other_forms" {
  command = plan

  variables {
    name            = "Contoso!"
    location        = "West Europe"
    cloud           = "germany"
    subscription_id = "mine"
    tags            = { for n in range(51) : "tag-${n}" => "" }
  }

  expect_failures = [var.name, var.location, var.cloud, var.subscription_id, var.tags]
}

run "refuses_a_hub_that_is_no_network" {
  command = plan

  variables {
    hub = "vnet-other"
  }

  expect_failures = [var.hub]
}

run "refuses_unknown_load_balancers" {
  command = plan

  variables {
    workloads = { web = { cluster = "aks", load_balancer = "outer", port = 80, target_port = 80, frontend = "10.1.0.4" } }
  }

  expect_failures = [var.workloads]
}

run "refuses_ports_that_are_none" {
  command = plan

  variables {
    workloads = { web = { cluster = "aks", load_balancer = "internal", port = 0, target_port = 80, frontend = "10.1.0.4" } }
  }

  expect_failures = [var.workloads]
}

run "refuses_a_public_frontend_that_is_no_public_ip" {
  command = plan

  variables {
    workloads = { web = { cluster = "aks", load_balancer = "public", port = 80, target_port = 80, frontend = "10.1.0.4" } }
  }

  expect_failures = [var.workloads]
}

run "refuses_a_peering_with_one_direction" {
  command = plan

  variables {
    virtual_network_peerings = { "vnet-aks/to-hub" = { name = "to-hub", virtual_network = "vnet-aks", remote_virtual_network = "vnet-hub" } }
  }

  expect_failures = [var.virtual_network_peerings]
}

run "refuses_a_parent_that_has_a_parent" {
  command = plan

  variables {
    firewall_policies = {
      afwp-company = { resource_group_name = "rg-hub", location = "westeurope", sku = "Premium", base_policy = "afwp-hub" }
      afwp-hub     = { resource_group_name = "rg-hub", location = "westeurope", sku = "Premium", base_policy = "afwp-company" }
    }
  }

  expect_failures = [var.firewall_policies]
}

run "refuses_a_child_of_a_lower_tier" {
  command = plan

  variables {
    firewall_policies = {
      afwp-company = { resource_group_name = "rg-hub", location = "westeurope", sku = "Premium" }
      afwp-hub     = { resource_group_name = "rg-hub", location = "westeurope", sku = "Standard", base_policy = "afwp-company" }
    }
    firewalls = {}
  }

  expect_failures = [var.firewall_policies]
}

run "refuses_two_groups_of_one_priority" {
  command = plan

  variables {
    rule_collection_groups = {
      "afwp-hub/one" = { name = "one", firewall_policy = "afwp-hub", priority = 200 }
      "afwp-hub/two" = { name = "two", firewall_policy = "afwp-hub", priority = 200 }
    }
  }

  expect_failures = [var.rule_collection_groups]
}

run "refuses_a_firewall_of_another_tier_than_its_policy" {
  command = plan

  variables {
    firewalls = { afw-hub = { resource_group_name = "rg-hub", location = "westeurope", sku_tier = "Standard", virtual_network = "vnet-hub", firewall_policy = "afwp-hub", public_ips = ["pip-afw-hub-1"] } }
  }

  expect_failures = [var.firewalls]
}

run "refuses_a_network_without_its_group" {
  command = plan

  variables {
    virtual_networks         = { vnet-hub = { resource_group_name = "rg-other", location = "westeurope", address_space = ["10.0.0.0/16"], subnets = { AzureFirewallSubnet = { address_prefixes = ["10.0.0.0/26"] } } } }
    virtual_network_peerings = {}
  }

  expect_failures = [var.virtual_networks]
}

run "refuses_a_subnet_without_its_route_table" {
  command = plan

  variables {
    virtual_networks         = { vnet-hub = { resource_group_name = "rg-hub", location = "westeurope", address_space = ["10.0.0.0/16"], subnets = { AzureFirewallSubnet = { address_prefixes = ["10.0.0.0/26"], route_table = "rt-other" } } } }
    virtual_network_peerings = {}
  }

  expect_failures = [var.virtual_networks]
}

run "refuses_rules_without_their_policy" {
  command = plan

  variables {
    rule_collection_groups = { "afwp-other/one" = { name = "one", firewall_policy = "afwp-other", priority = 200 } }
  }

  expect_failures = [var.rule_collection_groups]
}

run "refuses_a_firewall_without_its_subnet" {
  command = plan

  variables {
    firewalls = { afw-hub = { resource_group_name = "rg-hub", location = "westeurope", sku_tier = "Premium", virtual_network = "vnet-aks", firewall_policy = "afwp-hub", public_ips = ["pip-afw-hub-1"] } }
  }

  expect_failures = [var.firewalls]
}

run "refuses_a_management_address_without_its_subnet" {
  command = plan

  variables {
    firewalls = { afw-hub = { resource_group_name = "rg-hub", location = "westeurope", sku_tier = "Premium", virtual_network = "vnet-hub", firewall_policy = "afwp-hub", public_ips = ["pip-afw-hub-1"], management_public_ip = "pip-lb-web" } }
  }

  expect_failures = [var.firewalls]
}
