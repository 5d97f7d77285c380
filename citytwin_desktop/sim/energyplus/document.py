"""An eppy IDF that is filled quickly: field names are checked against the IDD, rows are written directly.

``IDF.newidfobject`` fills in defaults field by field and takes up to 15 ms for one object of many
fields; a building needs hundreds. The objects made here are the same eppy objects.
"""

from collections.abc import Iterable
from copy import copy
from functools import cache
from io import StringIO
from typing import Any

from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.energyplus.locate import ENERGYPLUS_VERSION, locate


@cache
def _blank() -> Any:
    """An eppy IDF without objects; parsing our data dictionary takes about a second, once for each process."""
    from eppy.modeleditor import IDF

    # Handed over as text: eppy leaves a file that it opens by name unclosed, once for each IDF.
    IDF.setiddname(StringIO(locate().data_dictionary.read_text(encoding="latin-1")))
    return IDF(StringIO(""))


def _new_idf() -> Any:
    """A fresh eppy IDF that shares the parsed data dictionary; reading one anew would take 8 ms."""
    from eppy.idf_msequence import Idf_MSequence
    from eppy.modeleditor import IDF

    blank, idf = _blank(), IDF()
    idf.model = copy(blank.model)
    idf.model.dt = {kind: [] for kind in blank.model.dt}
    idf.idfobjects = {kind: Idf_MSequence([], rows, idf) for kind, rows in idf.model.dt.items()}
    return idf


class IdfDocument:
    """Objects of one EnergyPlus input file.

    Attributes
    ----------
    idf : eppy.modeleditor.IDF
        The eppy model that holds the objects.
    """

    def __init__(self) -> None:
        self.idf = _new_idf()
        self.add("Version", Version_Identifier=ENERGYPLUS_VERSION.rpartition(".")[0])

    def add(self, kind: str, *, extra: Iterable[Any] = (), **fields: Any) -> Any:
        """Add an object.

        Parameters
        ----------
        kind : str
            Class name as in the data dictionary.
        extra : iterable
            Values that follow the last named field, for vertices and layers.
        **fields
            Values by field name with underscores for blanks; fields left out stay at their defaults.

        Returns
        -------
        eppy.bunch_subclass.EpBunch

        Raises
        ------
        BugError
            When the class or a field is unknown.
        """
        from eppy.bunch_subclass import EpBunch

        key = kind.upper()
        layout = _layout(kind)
        row: list[Any] = [key]
        for name, value in fields.items():
            place = layout.place(name)
            row.extend([""] * (place + 1 - len(row)))
            row[place] = value
        row.extend(extra)
        bunch = EpBunch(row, layout.names, layout.definitions)
        self.idf.idfobjects[key].append(bunch)
        return bunch

    def rows(self) -> list[list[Any]]:
        """Class name and field values of every object."""
        return [row for rows in self.idf.model.dt.values() for row in rows]


def field_names(kind: str) -> list[str]:
    """Names of all fields of a class, with underscores for blanks."""
    return _layout(kind).names[1:]


class _Layout:
    """Field names of one class of the data dictionary."""

    def __init__(self, kind: str, definitions: list[dict[str, Any]]) -> None:
        self.kind = kind
        self.definitions = definitions
        self.names = ["key", *(_underscored(definition) for definition in definitions[1:])]
        self._places = {name: place for place, name in enumerate(self.names)}

    def place(self, name: str) -> int:
        try:
            return self._places[name]
        except KeyError:
            msg = f"{self.kind} has no field {name} in the EnergyPlus data dictionary"
            raise BugError(msg) from None


@cache
def _layout(kind: str) -> _Layout:
    idf = _blank()
    try:
        index = idf.model.dtls.index(kind.upper())
    except ValueError:
        msg = f"there is no {kind} in the EnergyPlus data dictionary"
        raise BugError(msg) from None
    return _Layout(kind, idf.idd_info[index])


def _underscored(definition: dict[str, Any]) -> str:
    name: str = definition.get("field", [""])[0]
    return "".join(letter if letter.isalnum() else "_" for letter in name)
