"""The classes and fields that an EnergyPlus input file may have, by the excerpt of the data dictionary that we ship."""

import re
from functools import cache
from io import StringIO
from typing import Any

from citytwin_desktop.catalog.resources import resource_path
from citytwin_desktop.errors import BugError


class Layout:
    """Field names of one class.

    Parameters
    ----------
    kind : str
        Class name.
    definitions : list of dict
        What the data dictionary says of the class and of each field, as eppy keeps it.

    Attributes
    ----------
    names : list of str
        ``key`` for the class name, then all fields with underscores for blanks.
    """

    def __init__(self, kind: str, definitions: list[dict[str, Any]]) -> None:
        self.kind = kind
        self.definitions = definitions
        self.names = ["key", *(_underscored(definition) for definition in definitions[1:])]
        self._places = {name: place for place, name in enumerate(self.names)}

    def place(self, name: str) -> int:
        """Place of a field in a row, the class name being at 0.

        Raises
        ------
        BugError
            When there is no such field.
        """
        try:
            return self._places[name]
        except KeyError:
            msg = f"{self.kind} has no field {name} in the EnergyPlus data dictionary"
            raise BugError(msg) from None


@cache
def blank_idf() -> Any:
    """An eppy IDF without objects; parsing the excerpt takes 0.06 s, once for each process."""
    from eppy.modeleditor import IDF

    # Handed over as text: eppy leaves a file that it opens by name unclosed, once for each IDF.
    IDF.setiddname(StringIO(resource_path("energyplus", "Energy+.idd").read_text(encoding="utf-8")))
    return IDF(StringIO(""))


@cache
def layout(kind: str) -> Layout:
    """Layout of a class by its name in any case.

    Raises
    ------
    BugError
        When the excerpt lacks it.
    """
    idf = blank_idf()
    try:
        index = idf.model.dtls.index(kind.upper())
    except ValueError:
        msg = f"there is no {kind} in our excerpt of the EnergyPlus data dictionary (resources/energyplus)"
        raise BugError(msg) from None
    return Layout(kind, idf.idd_info[index])


@cache
def class_order() -> tuple[str, ...]:
    """Names of all classes in capitals, in the order of the data dictionary."""
    return tuple(blank_idf().model.dtls)


def field_names(kind: str) -> list[str]:
    """Names of all fields of a class, with underscores for blanks."""
    return layout(kind).names[1:]


def _underscored(definition: dict[str, Any]) -> str:
    return re.sub(r"\W", "_", definition.get("field", [""])[0])
