"""Measures (one change to a building) and packages (a named set of measures)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from citytwin_desktop.catalog.resources import resource_path
from citytwin_desktop.catalog.tables import cited
from citytwin_desktop.errors import KnownError


@dataclass(frozen=True)
class Measure:
    """One change, made only where it improves the building.

    Parameters
    ----------
    id, name : str
    changes : mapping of str to float
        New value by field of the energy specification.
    factors : mapping of str to float
        What a field is multiplied by.
    systems : mapping of str to str
        Code of the new system by kind, ``heating`` or ``cooling``; hot water goes with the heating.
    improves : str
        Field that decides whether the measure is made, empty for always; the other changes go with it.
    higher_is_better : bool
        Which way that field improves.
    keeps : tuple of str
        Heating systems that the measure leaves as they are.
    source : str
        With year and licence.
    """

    id: str
    name: str
    changes: Mapping[str, float]
    factors: Mapping[str, float]
    systems: Mapping[str, str]
    improves: str
    higher_is_better: bool
    keeps: tuple[str, ...]
    source: str

    def improves_on(self, values: Mapping[str, Any]) -> bool:
        """Whether the measure makes a building with these values better."""
        if self.keeps and values["heating_system"] in self.keeps:
            return False
        if not self.improves:
            return True
        before, after = float(values[self.improves]), self.changes[self.improves]
        return after > before if self.higher_is_better else after < before


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
    return {row["id"]: _measure(row) for row in _document()["measures"]}


def _measure(row: dict[str, Any]) -> Measure:
    return Measure(
        row["id"],
        row["name"],
        row.get("changes", {}),
        row.get("factors", {}),
        row.get("systems", {}),
        row.get("improves", ""),
        bool(row.get("higher_is_better", False)),
        tuple(row.get("keeps", ())),
        cited(row),
    )


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
