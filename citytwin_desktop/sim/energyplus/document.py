"""An EnergyPlus input file in the making: rows that are written quickly, and eppy objects for who wants to look.

``IDF.newidfobject`` fills in defaults field by field and takes up to 15 ms for one object of many
fields; a building needs hundreds. Field names are checked against the data dictionary here too; the eppy objects
are views on the same rows, made when somebody asks for them.
"""

from collections.abc import Iterable
from copy import copy
from typing import Any

from citytwin_desktop.sim.energyplus.data_dictionary import blank_idf, class_order, field_names, layout
from citytwin_desktop.sim.energyplus.locate import ENERGYPLUS_VERSION

__all__ = ["IdfDocument", "field_names"]


class IdfDocument:
    """Objects of one EnergyPlus input file."""

    def __init__(self) -> None:
        self._rows: dict[str, list[list[Any]]] = {}
        self._idf: Any = None
        self.add("Version", Version_Identifier=ENERGYPLUS_VERSION.rpartition(".")[0])

    def add(self, kind: str, *, extra: Iterable[Any] = (), **fields: Any) -> None:
        """Add an object.

        Parameters
        ----------
        kind : str
            Class name as in the data dictionary.
        extra : iterable
            Values that follow the last named field, for vertices and layers.
        **fields
            Values by field name with underscores for blanks; fields left out stay at their defaults.

        Raises
        ------
        BugError
            When the class or a field is unknown.
        """
        names = layout(kind)
        row: list[Any] = [kind.upper()]
        for name, value in fields.items():
            place = names.place(name)
            row.extend([""] * (place + 1 - len(row)))
            row[place] = value
        row.extend(extra)
        if self._idf is not None:
            self._idf.idfobjects[row[0]].append(_bunch(row))
        else:
            self._rows.setdefault(row[0], []).append(row)

    @property
    def idf(self) -> Any:
        """The eppy model (eppy.modeleditor.IDF): what is changed in it is changed here."""
        if self._idf is None:
            self._idf = _eppy_idf(self._rows)
        return self._idf

    def rows(self) -> list[list[Any]]:
        """Class name and field values of every object, in the order of the data dictionary."""
        by_kind = self._rows if self._idf is None else self._idf.model.dt
        return [row for kind in class_order() for row in by_kind.get(kind, ())]


def _eppy_idf(by_kind: dict[str, list[list[Any]]]) -> Any:
    """An eppy IDF over these rows that shares the parsed data dictionary; reading one anew would take 8 ms."""
    from eppy.idf_msequence import Idf_MSequence
    from eppy.modeleditor import IDF

    idf = IDF()
    idf.model = copy(blank_idf().model)
    idf.model.dt = {kind: by_kind.get(kind, []) for kind in class_order()}
    idf.idfobjects = {
        kind: Idf_MSequence([_bunch(row) for row in rows], rows, idf) for kind, rows in idf.model.dt.items()
    }
    return idf


def _bunch(row: list[Any]) -> Any:
    """The eppy object that looks at a row."""
    from eppy.bunch_subclass import EpBunch

    names = layout(row[0])
    return EpBunch(row, names.names, names.definitions)
