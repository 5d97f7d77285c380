"""Measures (one change to a building) and packages (a named set of measures)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from citytwin_desktop.catalog.resources import resource_path
from citytwin_desktop.errors import KnownError


@dataclass(frozen=True)
class Measure:
    """One change.

    Parameters
    ----------
    id, name : str
    changes : mapping of str to float or str
        New value by field of the energy specification; ``heating_system`` names a system of the archetype's set.
    source : str
        With year and licence.
    """

    id: str
    name: str
    changes: Mapping[str, Any]
    source: str


@dataclass(frozen=True)
class Package:
    """A named set of measures, by their identifiers."""

    id: str
    name: str
    measures: tuple[str, ...]


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(resource_path("catalog", "measures.json").read_text(encoding="utf-8"))
    return document


@cache
def measures() -> Mapping[str, Measure]:
    """All measures by identifier."""
    return {
        row["id"]: Measure(
            row["id"], row["name"], row["changes"], f"{row['source']} ({row['source_year']}, {row['licence']})"
        )
        for row in _document()["measures"]
    }


@cache
def packages() -> Mapping[str, Package]:
    """All packages of the catalogue by identifier."""
    return {row["id"]: Package(row["id"], row["name"], tuple(row["measures"])) for row in _document()["packages"]}


def package(identifier: str) -> Package:
    """Look up a package.

    Raises
    ------
    KnownError
        When there is no such package.
    """
    try:
        return packages()[identifier]
    except KeyError:
        msg = f"There is no package “{identifier}”: choose one of {', '.join(packages())}."
        raise KnownError(msg) from None
