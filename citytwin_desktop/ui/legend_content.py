"""What the legend is to show, as one value."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.scene.colour_maps import ColourScale
from citytwin_desktop.ui.result_badge import Badge


@dataclass(frozen=True, eq=False)
class LegendContent:
    """A scale and how values spread over it.

    Parameters
    ----------
    scale : ColourScale
    values : ndarray, (n,)
    title, unit : str
    detail : str
        Period, in small type.
    badge : Badge
        Which result it is.
    missing : str
        Said in place of the numbers while there is no value at all.
    has_cells : bool
        Whether the values come for cells too.
    noun : str
        What is counted: ``buildings``, ``surfaces`` or ``cells``.
    note : str
        Whose difference it is, or which scenario is drawn how.
    other : ndarray, (n,), optional
        Values of the scenario beside it, drawn as a line over the histogram.
    """

    scale: ColourScale
    values: NDArray[np.floating]
    title: str = ""
    unit: str = ""
    detail: str = ""
    badge: Badge = field(default_factory=Badge)
    missing: str = ""
    has_cells: bool = False
    noun: str = "surfaces"
    note: str = ""
    other: NDArray[np.floating] | None = None
