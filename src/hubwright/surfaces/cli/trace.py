"""`hubwright trace`."""

from pathlib import Path

import click

from hubwright.model.flow import Application
from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.completion import complete_place
from hubwright.surfaces.cli.flows import Wish, flow_of
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.reading import file_option, find, require
from hubwright.surfaces.cli.tags import service_tags_option, with_tags
from hubwright.surfaces.cli.terminal import Terminal, output_option, with_terminal


@click.command("trace", context_settings=SETTINGS)
@click.argument("source", metavar="SRC", shell_complete=complete_place)
@click.argument("destination", metavar="DST[:PORT]", shell_complete=complete_place)
@file_option
@click.option(
    "--protocol",
    type=click.Choice(["tcp", "udp", "icmp"], case_sensitive=False),
    help="Protocol; tcp by default, or as in `ntp.ubuntu.com:123/udp`.",
)
@click.option("--https", is_flag=True, help="Speak HTTPS, on any port.")
@click.option("--http", is_flag=True, help="Speak HTTP, on any port.")
@click.option("--sni", metavar="NAME", help="Server name to send; the destination's by default.")
@click.option("--no-sni", is_flag=True, help="Send no server name.")
@click.option("--host", metavar="NAME", help="Host header to send; the destination by default.")
@service_tags_option
@click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format of the trace.",
)
@output_option
@click.option(
    "--svg",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also draw the walk.",
)
@with_terminal
def command(
    source: str,
    destination: str,
    file: Path | None,
    protocol: str | None,
    https: bool,
    http: bool,
    sni: str | None,
    no_sni: bool,
    host: str | None,
    service_tags: Path | None,
    output: str,
    output_file: Path | None,
    svg: Path | None,
    terminal: Terminal,
) -> int:
    """
    Follow one flow through the network, out and back.

    SRC is a machine, a subnet, an address or `internet`. DST is a resource, an address, a name,
    or an address such as `https://example.com/`. What the client speaks follows the port: 443
    HTTPS with the name as SNI, 80 HTTP with it as Host, 1433 SQL, otherwise neither.

    The exit code is 0 when the client gets its answer, 1 when not, 2 when the question cannot
    be read.
    """
    if sni and no_sni:
        raise click.UsageError("--sni and --no-sni exclude each other")
    if https and http:
        raise click.UsageError("--https and --http exclude each other")
    from hubwright.semantics.evaluate import evaluate

    estate = require(find(file), terminal)
    wish = Wish(
        protocol=protocol,
        application=Application.HTTPS if https else Application.HTTP if http else None,
        sni=sni,
        no_sni=no_sni,
        host=host,
    )
    trace = evaluate(estate, flow_of(estate, source, destination, wish), with_tags(service_tags))
    if output == "json":
        from hubwright.surfaces.report import trace_json

        terminal.result(trace_json.render(trace), output_file)
    else:
        from hubwright.surfaces.report import trace_text

        color = terminal.paint(output_file).color
        text = trace_text.render(trace, color=color, verbose=terminal.verbose)
        terminal.result(text, output_file)
    if svg is not None:
        from hubwright.surfaces.report.svg import draw_trace

        terminal.result(draw_trace(estate, trace), svg)
        terminal.say(f"wrote {svg}")
    return guard.OK if trace.disposition.is_success else guard.FINDINGS
