"""Public addresses that a machine or an application gateway has to itself."""

import pytest

from designs import read, write
from hubwright.model.flow import Disposition, Flow
from hubwright.semantics.evaluate import evaluate
from hubwright.semantics.publics import own_public_ip, public_interfaces

BESIDE = "application_gateway: {behind_firewall: false}\njumpbox: {public_ip: true}\n"


def test_machines_and_gateways_have_public_addresses_of_their_own():
    estate = read(write(BESIDE))

    assert [nic.name for nic, _ in public_interfaces(estate)] == ["vm-jumpbox", "agw-base"]
    assert own_public_ip(estate, "agw-base") == "pip-agw-base"
    assert own_public_ip(estate, "bas-hub") is None


def test_a_gateway_without_a_security_group_is_open():
    text = write("application_gateway: {behind_firewall: false}\n").replace(
        "AppGatewaySubnet: 10.1.17.0/24",
        "AppGatewaySubnet: {address_prefix: 10.1.17.0/24, network_security_group: false}",
    )

    trace = evaluate(read(text), Flow(source="internet", destination="pip-agw-base"))

    assert trace.disposition is Disposition.ACCEPTED


@pytest.mark.parametrize(("port", "open_"), [(443, True), (80, True), (8080, False)])
def test_a_gateway_beside_the_firewall_takes_the_web_and_nothing_else(port: int, open_: bool):
    flow = Flow(source="internet", destination="pip-agw-base", destination_port=port)

    trace = evaluate(read(write(BESIDE)), flow)

    assert (trace.disposition is Disposition.ACCEPTED) is open_


def test_what_a_gateway_sends_leaves_by_its_own_address():
    estate = read(write(BESIDE))

    trace = evaluate(estate, Flow(source="agw-base", destination="www.example.com"))

    own = {nic.name: address for nic, address in public_interfaces(estate)}
    assert trace.disposition is Disposition.EXITS_NETWORK
    assert trace.source_seen == (own["agw-base"],)
