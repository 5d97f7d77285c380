"""The blocks of the demo district and what is said of each of its buildings. All invented."""

from dataclasses import dataclass, field

from district_bodies import Body, Box

COLUMNS = ((0.0, 78.0), (90.0, 168.0), (192.0, 270.0), (282.0, 360.0))
ROWS = ((0.0, 58.0), (70.0, 138.0), (156.0, 224.0), (236.0, 296.0))
"""Blocks in metres of the plan, whose axes are turned against the map; x runs right, y away from the viewer."""

CRESCENT = (84.0, 56.0)
"""Middle of the crescent; its road and houses lie south of it."""
CRESCENT_ROAD_M = (53.0, 61.0)


@dataclass
class PlannedBuilding:
    """One building with its invented attributes.

    Parameters
    ----------
    street : str
        Name of the street; numbers are given in the order of building.
    function : str
    year : int
    storeys : int
    roof : str
    body : Body
        In metres of the plan; empty when there are parts.
    turn : tuple of float
        x, y, angle [rad]: the body is turned about its zero and then moved there.
    note : str
    parts : dict of str to PlannedBuilding
    """

    street: str
    function: str
    year: int
    storeys: int
    roof: str
    body: Body
    turn: tuple[float, float, float] = (0.0, 0.0, 0.0)
    note: str = ""
    parts: dict[str, "PlannedBuilding"] = field(default_factory=dict)


def block_box(column: int, row: int) -> Box:
    """Corners of a block by its place in `COLUMNS` and `ROWS`."""
    (x0, x1), (y0, y1) = COLUMNS[column], ROWS[row]
    return x0, y0, x1, y1
