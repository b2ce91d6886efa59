"""Variables of `terraform/variables.monitor.tf`."""

from typing import Any

from hubwright.engines.terraform.values import keyed, plain
from hubwright.model.estate import Estate
from hubwright.model.monitor import MonitorMetricAlert

_NAME = frozenset({"name"})


def variables(estate: Estate) -> dict[str, Any]:
    """Return diagnostics, what is collected, alerts and private link scopes."""
    return {
        "monitor_diagnostic_settings": keyed(
            "diagnostic settings",
            estate.monitor_diagnostic_settings,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
        "monitor_data_collection_rules": keyed(
            "data collection rules",
            estate.monitor_data_collection_rules,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
        "monitor_metric_alerts": keyed(
            "metric alerts", estate.monitor_metric_alerts, lambda item: item.name, _alert
        ),
        "monitor_private_link_scopes": keyed(
            "private link scopes",
            estate.monitor_private_link_scopes,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
    }


def _alert(alert: MonitorMetricAlert) -> dict[str, Any]:
    return {**plain(alert, without=_NAME), "dimensions": dict(alert.dimensions)}
