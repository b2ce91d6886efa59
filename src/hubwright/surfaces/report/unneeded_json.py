"""The list of what is let out and not needed, as one JSON object."""

from collections.abc import Sequence

from hubwright.diagnostics.render.json import FORMAT_VERSION, dump
from hubwright.engines.verify.permission.listing import Row
from hubwright.model.estate import Estate
from hubwright.surfaces.report.reach_json import packets


def render(estate: Estate, sender: str, rows: Sequence[Row]) -> str:
    """Return the object; sets of addresses come in the estate's words and as prefixes."""
    return dump(
        {
            "format_version": FORMAT_VERSION,
            "from": sender,
            "to": "internet",
            "unneeded": [
                {
                    "firewall": row.firewall,
                    "kind": row.kind,
                    "rule": row.rule,
                    "path": row.path,
                    "place": row.place,
                    "destination": row.destination,
                    "mark": row.mark,
                    "subnets": list(row.subnets),
                    "beyond": dict(row.beyond),
                    "needed_by": list(row.needed_by),
                    "packets": [
                        {
                            **packets(estate, cube),
                            "in": [str(symbol) for symbol in sorted(cube.inside)],
                            "not_in": [str(symbol) for symbol in sorted(cube.outside)],
                        }
                        for cube in row.cubes
                    ],
                }
                for row in rows
            ],
        }
    )
