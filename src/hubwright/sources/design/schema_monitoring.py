"""What is logged in a design, where it goes, and what raises an alarm."""

from typing import Annotated

from pydantic import Field

from hubwright.sources.design.fields import (
    BY_KIND,
    MAPPING,
    Flag,
    ResourceName,
    Section,
    WorkspaceName,
)
from hubwright.sources.design.schema_private import Endpoint


class PrivateLinkScope(Section):
    """The private link scope by which the workspace is reached."""

    name: ResourceName | None = Field(default=None, description="Default `ampls-<design>`.")
    endpoint: Endpoint = Endpoint()


class LogAnalytics(Section):
    """The workspace that everything logs to."""

    name: WorkspaceName | None = None
    retention_days: int = Field(default=30, ge=30, le=730)
    private_link: Annotated[Flag | Annotated[PrivateLinkScope, MAPPING], BY_KIND] = Field(
        default=False,
        description=(
            "true takes logs in over a private endpoint only. The five zones of Azure Monitor "
            "then hold in every linked network, for other workspaces too."
        ),
    )


class Monitoring(Section):
    """What is watched. Each default is on while there is what it needs."""

    diagnostic_settings: bool | None = Field(
        default=None,
        description="Logs and metrics of every resource. Default: while there is `log_analytics`.",
    )
    flow_logs: bool | None = Field(
        default=None,
        description=(
            "Flow logs of every network. Default: while there are `storage` and `log_analytics`."
        ),
    )
    flow_log_retention_days: int = Field(default=30, ge=0, le=365)
    alerts: bool | None = Field(
        default=None, description="Metric alerts. Default: while there is `log_analytics`."
    )
