from dataclasses import replace

import builders
from hubwright.engines.verify.difference.resources import Symbol, resource_changes


def changes(before, after):
    return [(c.symbol, c.type, c.name) for c in resource_changes(before, after)]


def test_an_estate_does_not_differ_from_itself():
    assert resource_changes(builders.estate(), builders.estate()) == ()


def test_resources_come_and_go_by_name():
    estate = builders.estate()
    table = estate.route_tables[0]
    other = replace(estate, route_tables=(replace(table, name="rt-new"), *estate.route_tables[1:]))

    assert changes(estate, other) == [
        (Symbol.REMOVED, "route_table", table.name),
        (Symbol.ADDED, "route_table", "rt-new"),
    ]


def test_a_changed_argument_of_a_nested_block_is_named_by_its_path():
    estate = builders.estate()
    table = estate.route_tables[0]
    route = replace(table.routes[0], next_hop_type="Internet")
    other = replace(
        estate, route_tables=(replace(table, routes=(route,)), *estate.route_tables[1:])
    )
    (change,) = resource_changes(estate, other)
    (argument,) = [a for a in change.arguments if a.path[-1] == "next_hop_type"]

    assert argument.path == ("routes", route.name, "next_hop_type")
    assert (argument.before, argument.after) == ("VirtualAppliance", "Internet")


def test_rules_that_only_moved_are_one_line_about_their_order():
    estate = builders.estate()
    group = next(g for g in estate.rule_collection_groups if g.network_rule_collections)
    collection = group.network_rule_collections[0]
    more = replace(collection.rules[0], name="another")
    two = replace(collection, rules=(collection.rules[0], more))
    swapped = replace(collection, rules=(more, collection.rules[0]))

    def with_collection(item):
        changed = replace(group, network_rule_collections=(item,))
        rest = tuple(g for g in estate.rule_collection_groups if g is not group)
        return replace(estate, rule_collection_groups=(changed, *rest))

    (change,) = resource_changes(with_collection(two), with_collection(swapped))
    (argument,) = change.arguments

    assert argument.path[-2:] == ("rules", "order")
    assert argument.after == ("another", collection.rules[0].name)
