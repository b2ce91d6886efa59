mock_provider "azurerm" {}

variables {
  name                    = "mdp-contoso"
  dev_center_name         = "dc-contoso"
  dev_center_project_name = "dcp-contoso"
  resource_group_name     = "rg-aks"
  location                = "westeurope"
  subnet_id               = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks/subnets/AgentSubnet"
  organization_url        = "https://dev.azure.com/contoso"
  sku_name                = "Standard_D2ds_v5"
}

run "runs_each_job_on_a_fresh_machine_of_the_network" {
  command = plan

  assert {
    condition     = length(azurerm_managed_devops_pool.this.stateless_agent) == 1
    error_message = "Agents keep nothing."
  }

  assert {
    condition     = azurerm_managed_devops_pool.this.virtual_machine_scale_set_fabric[0].subnet_id == var.subnet_id
    error_message = "Agents stand in the subnet."
  }

  assert {
    condition     = azurerm_managed_devops_pool.this.azure_devops_organization[0].organization[0].projects == null
    error_message = "All projects may use it unless some are named."
  }
}

run "refuses_what_azure_would_refuse" {
  command = plan

  variables {
    name                    = "mdp."
    dev_center_name         = "dc_contoso"
    dev_center_project_name = "d"
    organization_url        = "https://contoso.visualstudio.com"
    maximum_concurrency     = 0
    sku_name                = "D2ds_v5"
    image                   = "Ubuntu 24.04"
  }

  expect_failures = [
    var.name,
    var.dev_center_name,
    var.dev_center_project_name,
    var.organization_url,
    var.maximum_concurrency,
    var.sku_name,
    var.image,
  ]
}
