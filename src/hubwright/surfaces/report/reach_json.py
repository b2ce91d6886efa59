"""The table of what reaches what, as one JSON object."""

from hubwright.diagnostics.render.json import FORMAT_VERSION, dump
from hubwright.diagnostics.render.report import Json
from hubwright.engines.verify.reach.table import Table
from hubwright.engines.verify.reach.words import words
from hubwright.engines.verify.space import EVERY_NAME, Cube
from hubwright.model.estate import Estate
from hubwright.semantics.ends import End


def render(estate: Estate, sender: End, receiver: End, found: Table) -> str:
    """Return the object; sets of addresses come in the estate's words and as prefixes."""
    return dump(
        {
            "format_version": FORMAT_VERSION,
            "from": sender.text,
            "to": receiver.text,
            "answered": [
                {
                    "server": row.server,
                    "firewalls": list(row.crossed),
                    "packets": [packets(estate, cube) for cube in row.cubes],
                }
                for row in found.rows
            ],
            "unknown": [
                {"hangs_on": why, "packets": [packets(estate, cube) for cube in cubes]}
                for why, cubes in found.unknown
            ],
        }
    )


def packets(estate: Estate, cube: Cube) -> dict[str, Json]:
    """Return the sets of a cube, in words and as prefixes."""
    return {
        "protocols": sorted(cube.protocols),
        "ports": str(cube.ports),
        "source_ports": str(cube.source_ports),
        "applications": sorted(str(item) for item in cube.applications),
        "names": "*" if cube.names == EVERY_NAME else str(cube.names),
        "from": list(words(estate, cube.source)),
        "from_addresses": str(cube.source),
        "to": list(words(estate, cube.destination)),
        "to_addresses": str(cube.destination),
    }
