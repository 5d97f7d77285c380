"""What became of each row of a table."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class MatchStatus(StrEnum):
    """Whether a row has found its building."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, eq=False)
class Matches:
    """Result of a matching.

    Parameters
    ----------
    building : ndarray, (n_rows,) int64
        Row of the best building, -1 for none; of an ambiguous row one of those that fit.
    confidence : ndarray, (n_rows,) float64
        0 to 1.
    ambiguous : ndarray, (n_rows,) bool
        Whether other buildings fit about as well.
    reasons : list of str
        One sentence for each row, without a full stop.
    """

    building: IntArray
    confidence: FloatArray
    ambiguous: NDArray[np.bool_]
    reasons: list[str]

    def status(self, least_confidence: float) -> list[MatchStatus]:
        """Status of each row when less confidence does not do."""
        found = (self.building >= 0) & (self.confidence >= least_confidence)
        return [
            (MatchStatus.AMBIGUOUS if unsure else MatchStatus.MATCHED) if good else MatchStatus.UNMATCHED
            for good, unsure in zip(found.tolist(), self.ambiguous.tolist(), strict=True)
        ]


def collected(found: list[tuple[int, float, bool, str]]) -> Matches:
    """Matches from one tuple of building, confidence, ambiguous and reason for each row."""
    building, confidence, ambiguous, reasons = zip(*found, strict=True) if found else ((), (), (), ())
    return Matches(
        np.array(building, np.int64), np.array(confidence, np.float64), np.array(ambiguous, bool), list(reasons)
    )
