"""Identities in a design, beside those that resources bring."""

from pydantic import Field

from hubwright.sources.design.fields import IdentityName, Section, ServiceAccount


class WorkloadIdentity(Section):
    """An identity that a service account of the cluster may act as."""

    name: IdentityName | None = Field(default=None, description="Default `id-<key>`.")
    service_account: ServiceAccount = Field(description="`namespace/service-account`.")
    key_vault: bool = Field(
        default=False, description="Let it read the secrets of the design's vault."
    )
