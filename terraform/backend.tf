# One state an environment: terraform init -backend-config=environments/<environment>.tfbackend
#
# Access is by Microsoft Entra only: `az login`, or in a pipeline a federated token
# (ARM_USE_OIDC=true). No account key is asked for, and the account needs none.
terraform {
  backend "azurerm" {
    use_azuread_auth = true
  }
}
