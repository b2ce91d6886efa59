# azapi, because azurerm 5 has the Gateway API of application routing on its
# azurerm_kubernetes_automatic_cluster only: azurerm_kubernetes_cluster.web_app_routing switches
# NGINX alone. What is patched here are `ingressProfile.gatewayAPI` and
# `ingressProfile.webAppRouting.gatewayAPIImplementations` of the cluster.
resource "azapi_update_resource" "application_routing" {
  count = var.ingress == "application-routing" ? 1 : 0

  type        = "Microsoft.ContainerService/managedClusters@2026-04-01"
  resource_id = azurerm_kubernetes_cluster.this.id

  body = {
    properties = {
      ingressProfile = {
        gatewayAPI = {
          installation = "Standard"
        }
        webAppRouting = {
          gatewayAPIImplementations = {
            appRoutingIstio = {
              mode = "Enabled"
            }
          }
        }
      }
    }
  }
}
