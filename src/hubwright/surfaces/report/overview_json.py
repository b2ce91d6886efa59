"""What every estate is asked at once, as one JSON object."""

from hubwright.diagnostics.render.json import FORMAT_VERSION, dump
from hubwright.diagnostics.render.report import Json
from hubwright.engines.verify.reach.answer import Answer
from hubwright.engines.verify.reach.overview import Overview
from hubwright.model.estate import Estate
from hubwright.surfaces.report.reach_json import packets


def render(estate: Estate, found: Overview) -> str:
    """Return the object; every answer has its verdict, and a flow that shows it if refuted."""
    return dump(
        {
            "format_version": FORMAT_VERSION,
            "places": list(found.places),
            "answered": [
                {"from": here, "to": there, "ways": [list(way) for way in sorted(ways)]}
                for (here, there), ways in sorted(found.ways.items())
            ],
            "from_internet": [
                {
                    "server": item.server,
                    "firewalls": list(item.crossed),
                    "source_is_translated": item.is_translated,
                    "packets": [packets(estate, cube) for cube in item.cubes],
                }
                for item in found.exposures
            ],
            "api_servers": [
                {
                    "cluster": cluster,
                    "callers": [
                        {
                            "from": item.network,
                            "name_leads_there": _answer(item.name),
                            "every_machine_is_answered": _answer(item.port),
                        }
                        for item in callers
                    ],
                }
                for cluster, callers in found.callers.items()
            ],
            "private_names": [
                {"from": item.network, "name": item.name, **_answer(item.answer)}
                for item in found.namings
            ],
            "crosses_firewall": [
                {"subnet": item.subnet, "arrives": item.arrives, **_answer(item.answer)}
                for item in found.crossings
            ],
            "keeps_state": [{"place": item.place, **_answer(item.answer)} for item in found.states],
            "lost": [
                {
                    "disposition": hole.disposition.value,
                    "detail": hole.detail,
                    "is_answer": hole.is_answer,
                    "at": str(hole.origin),
                    "packets": [packets(estate, cube) for cube in hole.cubes],
                }
                for hole in found.holes
            ],
            "unknown": list(found.unknown),
        }
    )


def _answer(answer: Answer) -> dict[str, Json]:
    return {
        "verdict": answer.verdict.value,
        "reason": answer.reason,
        "flow": None if answer.flow is None else str(answer.flow),
    }
