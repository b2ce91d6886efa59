"""Documents keep their order where it matters, and run side by side where it does not."""

from hubwright.engines.twin.artefacts import Document, Tool
from hubwright.engines.twin.namespaces import waves


def document(name: str, namespace: str | None, text: str = "", tool: Tool = Tool.IP) -> Document:
    return Document(name=name, tool=tool, namespace=namespace, text=text)


def names(*documents: Document) -> list[list[list[str]]]:
    return [[[d.name for d in queue] for queue in wave] for wave in waves(documents)]


def test_documents_of_different_namespaces_share_a_wave() -> None:
    found = names(document("1", "a"), document("2", "b"), document("3", "a", tool=Tool.NFT))
    assert found == [[["1", "3"], ["2"]]]


def test_a_document_of_the_root_namespace_is_a_wave_of_its_own() -> None:
    found = names(document("1", None), document("2", "a"), document("3", None), document("4", "b"))
    assert found == [[["1"]], [["2"]], [["3"]], [["4"]]]


def test_what_moves_links_into_other_namespaces_is_waited_for() -> None:
    moving = document("2", "fabric", "link add x type veth peer name eth0 netns node\n")
    found = names(document("1", "a"), moving, document("3", "node"))
    assert found == [[["1"]], [["2"]], [["3"]]]


def test_no_documents_are_no_waves() -> None:
    assert names() == []
