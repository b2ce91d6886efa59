"""Small designs for tests: a hub, one spoke and a cluster, with whatever a test adds."""

from hubwright.model.estate import Estate
from hubwright.sources.design import full, read_design

BASE = """\
name: base
location: westeurope
hub:
  address_space: [10.0.0.0/16]
spokes:
  aks:
    address_space: [10.1.0.0/16]
    subnets:
      AksSubnet: 10.1.0.0/20
      VmSubnet: 10.1.16.0/24
      AppGatewaySubnet: 10.1.17.0/24
      AlbSubnet: 10.1.18.0/24
      OwnSubnet: 10.1.19.0/27
cluster:
  spoke: aks
  pools:
    system: {mode: System, subnet: AksSubnet}
    user: {subnet: AksSubnet}
"""


def write(more: str = "", *, hub: str = "", cluster: str = "") -> str:
    """Return the base design with keys for the hub, for the cluster, and for the whole."""
    text = BASE.replace("  address_space: [10.0.0.0/16]\n", _under("[10.0.0.0/16]", hub), 1)
    return text.replace("  spoke: aks\n", f"  spoke: aks\n{_indented(cluster)}", 1) + more


def _under(space: str, more: str) -> str:
    return f"  address_space: {space}\n{_indented(more)}"


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


def read(text: str) -> Estate:
    """Return the estate of a design that is right, and whose full form says the same."""
    estate, found = read_design("estate.yaml", text)
    assert estate is not None, [(item.code, item.message) for item in found]
    assert read_design("estate.yaml", full(text)) == (estate, [])
    return estate


def refused(text: str) -> list[tuple[str, str, str]]:
    """Return code, message and the text of the line of everything that is wrong."""
    estate, found = read_design("estate.yaml", text)
    assert estate is None
    lines = text.splitlines()
    spans = [item.labels[0].origin.span for item in found]
    return [
        (item.code, item.message, lines[span.line - 1].strip() if span else "")
        for item, span in zip(found, spans, strict=True)
    ]
