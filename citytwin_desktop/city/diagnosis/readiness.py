"""Whether each building can be simulated, and why not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.diagnosis.examination import examine
from citytwin_desktop.city.diagnosis.faults import CODES, FAULTS
from citytwin_desktop.city.diagnosis.findings import Findings
from citytwin_desktop.city.model import CityModel

READY, DOUBTFUL, BLOCKED = 0, 1, 2
_LEVELS = {"note": READY, "doubtful": DOUBTFUL, "blocks": BLOCKED}
_LEVEL_OF_PLACE = np.array([_LEVELS[FAULTS[code].level] for code in CODES], np.uint8)


@dataclass(frozen=True, eq=False)
class Readiness:
    """The light of each building.

    Parameters
    ----------
    level : ndarray, (n_buildings,) uint8
        0 can be simulated, 1 with doubts, 2 cannot. A building with parts cannot be simulated only when none
        of them can, and is doubtful when any of them is not green.
    findings : Findings
        What that rests on.
    """

    level: NDArray[np.uint8]
    findings: Findings

    def reasons(self, row: int) -> tuple[str, ...]:
        """Sentences on one building, those that block first, each once; empty when its light is green."""
        mine = self.findings.of_row(row)
        levels = _LEVEL_OF_PLACE[mine.place]
        worst_first = np.argsort(-levels.astype(np.int64), kind="stable")
        return tuple(dict.fromkeys(mine.sentence(int(index)) for index in worst_first if levels[index] > READY))

    @property
    def counts(self) -> dict[str, int]:
        """Number of buildings by light: ``ready``, ``doubtful``, ``blocked``."""
        ready, doubtful, blocked = np.bincount(self.level, minlength=3).tolist()
        return {"ready": ready, "doubtful": doubtful, "blocked": blocked}


def readiness(city: CityModel, findings: Findings | None = None) -> Readiness:
    """Light of every building.

    Parameters
    ----------
    city : CityModel
    findings : Findings, optional
        Of an examination of the same city, where it is known already.
    """
    found = examine(city) if findings is None else findings
    level = np.zeros(len(city.buildings), np.uint8)
    np.maximum.at(level, found.row, _LEVEL_OF_PLACE[found.place])
    return Readiness(_with_parts(city, level), found)


def _with_parts(city: CityModel, level: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lights in which a building that consists of parts shows theirs."""
    parents, count = city.buildings.parent_row(), len(level)
    parts = np.flatnonzero(parents != np.arange(count))
    if not len(parts):
        return level
    simulated = np.zeros(count, bool)
    simulated[city.rows_with_geometry] = True
    members = np.concatenate([parts, np.flatnonzero(simulated)])
    home = np.concatenate([parents[parts], np.flatnonzero(simulated)])
    blocked = np.bincount(home, level[members] == BLOCKED, minlength=count)
    uneasy = np.bincount(home, level[members] > READY, minlength=count)
    of_parts = np.bincount(parents[parts], minlength=count) > 0
    whole = np.where(blocked == np.bincount(home, minlength=count), BLOCKED, np.where(uneasy > 0, DOUBTFUL, READY))
    return np.where(of_parts, whole, level).astype(np.uint8)
