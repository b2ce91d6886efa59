# The ingress controller of the cluster writes listeners, rules, backends, probes and certificates.
# Azure makes no gateway without one of each, so it starts with a set that leads nowhere; all of
# it is the controller's from then on.
resource "azurerm_application_gateway" "this" {
  name                              = var.name
  resource_group_name               = var.resource_group_name
  location                          = var.location
  zones                             = var.zones
  http2_enabled                     = true
  firewall_policy_id                = var.firewall_policy_id
  force_firewall_policy_association = var.firewall_policy_id != null
  tags                              = var.tags

  sku {
    name = var.sku
    tier = var.sku
  }

  autoscale_configuration {
    min_capacity = var.min_capacity
    max_capacity = var.max_capacity
  }

  gateway_ip_configuration {
    name      = "subnet"
    subnet_id = var.subnet_id
  }

  dynamic "frontend_ip_configuration" {
    for_each = var.public_ip_address_id[*]

    content {
      name                 = "public"
      public_ip_address_id = frontend_ip_configuration.value
    }
  }

  dynamic "frontend_ip_configuration" {
    for_each = var.private_ip_address[*]

    content {
      name                          = "private"
      subnet_id                     = var.subnet_id
      private_ip_address            = frontend_ip_configuration.value
      private_ip_address_allocation = "Static"
    }
  }

  ssl_policy {
    policy_type = "Predefined"
    policy_name = "AppGwSslPolicy20220101S"
  }

  frontend_port {
    name = "http"
    port = 80
  }

  backend_address_pool {
    name = "none"
  }

  backend_http_settings {
    name                  = "none"
    protocol              = "Http"
    port                  = 80
    cookie_based_affinity = "Disabled"
    request_timeout       = 30
  }

  http_listener {
    name                           = "none"
    protocol                       = "Http"
    frontend_port_name             = "http"
    frontend_ip_configuration_name = var.public_ip_address_id == null ? "private" : "public"
  }

  request_routing_rule {
    name                       = "none"
    rule_type                  = "Basic"
    priority                   = 20000
    http_listener_name         = "none"
    backend_address_pool_name  = "none"
    backend_http_settings_name = "none"
  }

  lifecycle {
    ignore_changes = [
      backend_address_pool,
      backend_http_settings,
      frontend_port,
      http_listener,
      probe,
      redirect_configuration,
      request_routing_rule,
      rewrite_rule_set,
      ssl_certificate,
      tags,
      trusted_root_certificate,
      url_path_map,
    ]
  }
}
