#!/usr/bin/env python3
"""
entra_token.py: print a short-lived Entra token for Azure DevOps; there is no personal access token.

In a pod it is exchanged for the token of the service account (workload identity); on a machine the
instance metadata service gives it to the managed identity. AZURE_CLIENT_ID names the identity.

Sources: learn.microsoft.com/azure/devops/integrate/get-started/authentication/
service-principal-managed-identity; /entra/identity/managed-identities-azure-resources/
how-to-use-vm-token; /entra/identity-platform/v2-oauth2-client-creds-grant-flow (federated).
"""

import json
import os
import sys
import urllib.parse
import urllib.request
from pathlib import Path

DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798"
"""Application id of Azure DevOps, the same in every tenant."""
METADATA = "http://169.254.169.254"


def of_pod(token_file: str) -> str:
    """Return a token for the service account's identity."""
    authority = os.environ["AZURE_AUTHORITY_HOST"].rstrip("/")
    url = f"{authority}/{os.environ['AZURE_TENANT_ID']}/oauth2/v2.0/token"
    form = {
        "client_id": os.environ["AZURE_CLIENT_ID"],
        "scope": f"{DEVOPS}/.default",
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": Path(token_file).read_text(encoding="utf-8").strip(),
    }
    data = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(url, data, timeout=30) as answer:
        return str(json.load(answer)["access_token"])


def of_machine() -> str:
    """Return a token for the machine's managed identity."""
    query = {"api-version": "2018-02-01", "resource": DEVOPS}
    if client := os.environ.get("AZURE_CLIENT_ID"):
        query["client_id"] = client
    host = os.environ.get("METADATA_HOST", METADATA)
    url = f"{host}/metadata/identity/oauth2/token?{urllib.parse.urlencode(query)}"
    request = urllib.request.Request(url, headers={"Metadata": "true"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(json.load(answer)["access_token"])


def main() -> int:
    """Print it."""
    token_file = os.environ.get("AZURE_FEDERATED_TOKEN_FILE")
    sys.stdout.write(of_pod(token_file) if token_file else of_machine())
    return 0


if __name__ == "__main__":
    sys.exit(main())
