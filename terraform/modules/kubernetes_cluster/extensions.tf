# Extensions run on the user pools, since the system pool takes critical pods only.
resource "azurerm_kubernetes_cluster_extension" "this" {
  for_each = var.extensions

  name           = each.key
  cluster_id     = azurerm_kubernetes_cluster.this.id
  extension_type = each.value

  depends_on = [
    azurerm_kubernetes_cluster_node_pool.fixed,
    azurerm_kubernetes_cluster_node_pool.autoscaled,
  ]
}
