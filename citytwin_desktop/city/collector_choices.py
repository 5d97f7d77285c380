"""What a project assumes about solar collectors where it departs from the catalogue's standard values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from citytwin_desktop.errors import KnownError

_LONGEST_TEXT = 100


@dataclass(frozen=True)
class CollectorChoices:
    """Assumptions that were edited, by name; what is not here is as the catalogue has it.

    Which names there are and what values they take is the business of
    `citytwin_desktop.analysis.collector_set.CollectorAssumptions`.

    Parameters
    ----------
    values : tuple of (str, float or str)
        Sorted by name, so that equal choices are equal.
    """

    values: tuple[tuple[str, float | str], ...] = ()

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Self:
        """Choices from plain values by name.

        Raises
        ------
        KnownError
            When a value is neither a number nor a short text.
        """
        return cls(tuple(sorted((str(name), _plain(str(name), value)) for name, value in values.items())))

    def as_mapping(self) -> dict[str, float | str]:
        """Plain values by name."""
        return dict(self.values)


def _plain(name: str, value: Any) -> float | str:
    if isinstance(value, str) and len(value) <= _LONGEST_TEXT:
        return value
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not number or not math.isfinite(value):
        msg = f"The assumption {name} of solar collectors is {str(value)[:40]!r}: give a number or a short text."
        raise KnownError(msg)
    # Without + 0.0 a minus zero would be equal to zero but give another result key.
    return float(value) + 0.0
