import pytest

from hubwright.model.address import parse_address
from hubwright.model.flow import Disposition, Flow, Hop, Packet, Stage, Step, Symptom, Trace


def packet(**more):
    values = {
        "source_address": parse_address("10.1.0.4"),
        "source_port": 49152,
        "destination_address": parse_address("198.18.0.1"),
        "destination_port": 443,
        "protocol": "TCP",
        **more,
    }
    return Packet(**values)


def test_a_reversed_packet_swaps_addresses_and_ports():
    back = packet().reversed()
    assert str(back) == "198.18.0.1:443 -> 10.1.0.4:49152 tcp"
    assert back.reversed() == packet()


def test_icmp_is_written_without_ports():
    assert str(packet(protocol="ICMP")) == "10.1.0.4 -> 198.18.0.1 icmp"
    flow = Flow(source="a", destination="b", protocol="ICMP", destination_port=0)
    assert str(flow) == "a -> b icmp"


@pytest.mark.parametrize("disposition", list(Disposition))
def test_only_accepted_and_exited_are_success(disposition):
    assert disposition.is_success == (disposition.value in {"ACCEPTED", "EXITS_NETWORK"})


def test_the_blocker_is_the_first_blocking_step_on_the_way_out_and_back():
    fine = Step(stage=Stage.ROUTE, action="routed", detail="")
    bad = Step(stage=Stage.STATE, action="dropped", detail="", blocks=True)
    out = Hop(node="a", kind="interface", packet=None, steps=(fine,))
    back = Hop(node="afw", kind="firewall", packet=None, steps=(fine, bad))
    trace = Trace(
        flow=Flow(source="a", destination="b"),
        disposition=Disposition.ASYMMETRIC,
        symptom=Symptom.TIMEOUT,
        forward=(out,),
        reverse=(back,),
        decided_by=Stage.STATE,
    )
    assert trace.blocker == (back, bad)
    assert trace.server is None
