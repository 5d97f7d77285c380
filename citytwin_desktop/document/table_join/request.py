"""What a user asks of a join."""

from collections.abc import Sequence
from dataclasses import dataclass

from citytwin_desktop.city.buildings import OVERRIDE_COLUMNS, REFLECTANCE_COLUMNS, SYSTEM_COLUMNS
from citytwin_desktop.errors import KnownError

ATTRIBUTES = "attributes"
FILLABLE = (
    "name", "function", "year_built", "storeys", *OVERRIDE_COLUMNS, *SYSTEM_COLUMNS, *REFLECTANCE_COLUMNS,
)  # fmt: skip
"""Building columns that a table may fill, beside attributes."""
OVERWRITE = ("empty", "unedited", "all")
LEAST_CONFIDENCE, REACH_M = 0.85, 10.0


@dataclass(frozen=True)
class JoinRequest:
    """Parameters of a join.

    Parameters
    ----------
    key : str
        ``id``, ``address``, ``point``, or the name of an attribute of the buildings, such as ``uprn``.
    key_columns : tuple of str
        Columns of the table that hold the key: one identifier; the lines of an address; x and y. Found by name when
        empty.
    columns : tuple of (str, str)
        Column of the table and what it fills: a building column or ``attributes``. By name when empty.
    least_confidence : float
    overwrite : str
        ``empty`` cells only, ``unedited``: all but what the user edited, or ``all``.
    crs : str
        ``EPSG:N`` of the points.
    reach_m : float [m]
        Greatest distance of a point from a footprint.
    sheet, encoding : str
    """

    key: str = "id"
    key_columns: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    least_confidence: float = LEAST_CONFIDENCE
    overwrite: str = "empty"
    crs: str = ""
    reach_m: float = REACH_M
    sheet: str = ""
    encoding: str = ""

    def __post_init__(self) -> None:
        if self.overwrite not in OVERWRITE:
            msg = f"There is no way to overwrite “{self.overwrite}”: choose one of {', '.join(OVERWRITE)}."
            raise KnownError(msg)
        if not 0.0 < self.least_confidence <= 1.0:
            msg = f"The least confidence is {self.least_confidence:g}: give a number above 0 and up to 1."
            raise KnownError(msg)
        if not 0.0 <= self.reach_m <= 1000.0:
            msg = f"The greatest distance is {self.reach_m:g} m: give one from 0 to 1000."
            raise KnownError(msg)
        if not self.key.strip():
            raise KnownError("The key of the join is empty: give id, address, point or the name of an attribute.")


def column_pairs(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Read pairs such as ``BAUJAHR=year_built``.

    Raises
    ------
    KnownError
        When one is no pair, or names nothing that can be filled.
    """
    pairs = []
    for text in texts:
        column, sign, target = (part.strip() for part in text.rpartition("="))
        if not (column and sign and target):
            msg = f"“{text[:60]}” is no pair of columns: give it as TABLE_COLUMN=BUILDING_COLUMN."
            raise KnownError(msg)
        if target not in (*FILLABLE, ATTRIBUTES):
            msg = f"A table cannot fill “{target[:60]}”: choose one of {', '.join(FILLABLE)}, {ATTRIBUTES}."
            raise KnownError(msg)
        pairs.append((column, target))
    targets = [target for _, target in pairs if target != ATTRIBUTES]
    if twice := next((target for target in targets if targets.count(target) > 1), None):
        msg = f"Two columns fill “{twice}”: choose one of them."
        raise KnownError(msg)
    return tuple(pairs)
