import dataclasses

from hubwright.model.network import Route
from hubwright.model.origin import NOWHERE, Origin, Span

SPAN = Span(15, 28, 15, 36)


def test_a_span_is_written_as_file_line_and_column():
    assert str(Origin(source="estate.yaml", path="spokes.aks", span=SPAN)) == "estate.yaml:15:28"


def test_without_a_span_the_path_stands_behind_the_file():
    assert str(Origin(source="plan.json", path="azurerm_route.x")) == "plan.json: azurerm_route.x"
    assert str(Origin(path="azurerm_route.x")) == "azurerm_route.x"
    assert not str(NOWHERE)


def test_of_gives_the_place_of_an_argument_or_of_the_whole():
    argument = Origin(source="estate.yaml", span=SPAN)
    whole = Origin(source="estate.yaml", fields={"next_hop_type": argument})
    assert whole.of("next_hop_type") is argument
    assert whole.of("name") is whole


def test_origins_do_not_tell_resources_apart():
    route = Route(name="r", address_prefix="0.0.0.0/0", next_hop_type="Internet")
    elsewhere = dataclasses.replace(route, origin=Origin(source="plan.json"))
    assert route == elsewhere
    assert hash(route) == hash(elsewhere)
