"""Scenarios: which building gets which package."""

from collections.abc import Mapping
from dataclasses import dataclass, field

BASELINE = "baseline"
"""Identifier of the scenario that every project has."""


@dataclass(frozen=True)
class Scenario:
    """A named assignment of retrofit packages; the baseline is a scenario like any other.

    Parameters
    ----------
    id : str
    name : str
    parent_id : str
        Scenario it was copied from, empty for none.
    assignments : mapping of str to str
        Package identifier by building identifier; buildings not in it stay as they are.
    """

    id: str
    name: str
    parent_id: str = ""
    assignments: Mapping[str, str] = field(default_factory=dict)
