"""Identifiers that XML allows, each used once."""

import re

_START, _REST = re.compile(r"[A-Za-z_]"), re.compile(r"[^A-Za-z0-9_.\-]")


class Identifiers:
    """Makes ``gml:id`` values of a document."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def fitting(self, wanted: str) -> str:
        """A name as near to the wanted one as XML allows, never given before."""
        name = _REST.sub("_", wanted) or "id"
        if not _START.match(name):
            name = f"id_{name}"
        unique, number = name, 1
        while unique in self._taken:
            number += 1
            unique = f"{name}_{number}"
        self._taken.add(unique)
        return unique
