"""Terraform plans: `terraform show -json` of any configuration that uses azurerm."""

from hubwright.sources.terraform.reader import load_plan, read_bytes, read_plan
from hubwright.sources.terraform.replacement import replaced

__all__ = ["load_plan", "read_bytes", "read_plan", "replaced"]
