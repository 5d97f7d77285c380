"""Elements of the Energy ADE by identifier, wherever in the file they stand."""

from citytwin_desktop.formats.citygml.plain_tree import PlainNode


class EnergyIndex:
    """What references lead to."""

    def __init__(self) -> None:
        self._nodes: dict[str, PlainNode] = {}

    def add(self, node: PlainNode) -> None:
        """Take in a node and everything below it."""
        for inner in node.walk():
            if inner.identifier:
                self._nodes.setdefault(inner.identifier, inner)

    def target(self, node: PlainNode | None) -> PlainNode | None:
        """What a property holds or refers to, None when it is not there."""
        if node is None:
            return None
        if node.children:
            return node.children[0]
        return self._nodes.get(node.href) if node.href else None

    def targets(self, node: PlainNode, *names: str) -> list[PlainNode]:
        """What all properties with one of the names hold or refer to."""
        found = [self.target(prop) for prop in node.all(*names)]
        return [target for target in found if target is not None]


def label(node: PlainNode) -> str:
    """Name of an element for people: its own, else its identifier."""
    return (node.text_at("name") or node.text_at("description") or node.identifier or node.name)[:80]
