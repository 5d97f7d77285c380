"""Everything that a document tells its listeners, as small frozen facts.

Listeners connect to ``document.events.changed``. They may read the document and redraw; they never change it
while they are being told, and a change made from inside a callback is refused.
"""

from dataclasses import dataclass

from psygnal import Signal


@dataclass(frozen=True)
class CityChanged:
    """Buildings came or went, or the frame changed.

    Parameters
    ----------
    ids : tuple of str or None
        Buildings that came, went or changed while the frame stayed; `None` when everything may be another.
    """

    ids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class BuildingsChanged:
    """Values of some buildings changed, their geometry did not.

    Parameters
    ----------
    ids : tuple of str
    columns : tuple of str
        Columns of the building table.
    """

    ids: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class GeometryChanged:
    """Surfaces of some buildings are others; rows, frame and all other buildings are as they were.

    Parameters
    ----------
    ids : tuple of str
    """

    ids: tuple[str, ...]


@dataclass(frozen=True)
class NamedChanged:
    """A named view or selection came, went or changed.

    Parameters
    ----------
    kind : str
        ``view`` or ``selection``.
    """

    kind: str


@dataclass(frozen=True)
class ScenariosChanged:
    """A scenario came, went, changed or became the active one."""


@dataclass(frozen=True)
class WeatherChanged:
    """Another weather file, or none."""


@dataclass(frozen=True)
class SolarConditionsChanged:
    """Other reflectances, snow or leaves: solar results may be stale now."""


@dataclass(frozen=True)
class CollectorAssumptionsChanged:
    """Other assumptions about solar collectors: their results may be stale now."""


@dataclass(frozen=True)
class ResultsArrived:
    """An engine's results were stored, or its failures noted.

    Parameters
    ----------
    engine : str
    building_ids : tuple of str
    """

    engine: str
    building_ids: tuple[str, ...]


@dataclass(frozen=True)
class SelectionChanged:
    """Another selection (view state: not in the history)."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class TimeChanged:
    """Another hour of the year (view state)."""

    hour: int


@dataclass(frozen=True)
class HistoryChanged:
    """The history has a new line."""


Event = (
    CityChanged
    | BuildingsChanged
    | GeometryChanged
    | NamedChanged
    | ScenariosChanged
    | WeatherChanged
    | SolarConditionsChanged
    | CollectorAssumptionsChanged
    | ResultsArrived
    | SelectionChanged
    | TimeChanged
    | HistoryChanged
)

NUMBERS_STAY = (SelectionChanged, TimeChanged, NamedChanged, HistoryChanged)
"""Events that leave every value and every result as it was: what was read of them may be kept."""


class DocumentEvents:
    """The one channel of a document.

    Attributes
    ----------
    changed : psygnal.SignalInstance
        Emitted with one `Event`.
    """

    changed = Signal(object)
