"""Which values of a selection are edited and what they would go back to; which buildings have the same value."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS, REFLECTANCE_COLUMNS, SYSTEM_COLUMNS
from citytwin_desktop.document.commands.restoring import edited_rows
from citytwin_desktop.document.explaining.inputs import field_value
from citytwin_desktop.document.explaining.origins import default_of
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.inspector_rows import ROWS, SPEC
from citytwin_desktop.ui.numbers import counted

RESTORABLE = ("name", "function", "year_built", "storeys", *OVERRIDE_COLUMNS, *SYSTEM_COLUMNS, *REFLECTANCE_COLUMNS)
MOST_LOOKED_AT = 500
"""Of larger selections so many are looked at; the command itself takes all of them."""


def ways_back(document: Any, rows: Any) -> dict[str, str]:
    """Sentence on what each edited column goes back to; columns that are not edited are left out.

    Parameters
    ----------
    document : Document
    rows : ndarray, (k,) int64
    """
    step = max(len(rows) // MOST_LOOKED_AT, 1)
    sample, found = rows[::step], {}
    buildings = document.city.buildings
    for column in RESTORABLE:
        if not _may_be_edited(buildings.columns, column, sample):
            continue
        edited = sample[edited_rows(buildings, sample, column)]
        if len(edited):
            found[column] = _sentence(document, edited, column, len(rows))
    return found


def _may_be_edited(columns: Any, column: str, rows: Any) -> bool:
    values = columns[column][rows]
    if COLUMNS[column].kind == "number":
        return bool(np.isfinite(values).any()) or column in ("year_built", "storeys")
    return bool(values.astype(bool).any()) or column in ("function", "name")


def _sentence(document: Any, edited: Any, column: str, selected: int) -> str:
    defaults = [default_of(document, int(row), column) for row in edited[:50]]
    values = list(dict.fromkeys(item.value for item in defaults))
    sentences = list(dict.fromkeys(item.sentence for item in defaults))
    unit = COLUMNS[column].unit
    if len(values) > 1:
        what = f"{len(values)} values"
    elif values[0] is None:
        return f"Back to the default. {sentences[0]}" if len(sentences) == 1 else "Back to the default"
    else:
        value = values[0]
        text = value.replace("_", " ") if isinstance(value, str) else _number(column, float(value))
        what = f"{text} {unit}".strip()
    whence = sentences[0] if len(sentences) == 1 else f"{len(sentences)} origins"
    of = f" for {counted(len(edited))}" if 1 < len(edited) < selected <= MOST_LOOKED_AT else ""
    return f"Back to {what}{of}: {whence}"


def _number(column: str, value: float) -> str:
    return str(int(value)) if column == "year_built" else number_text(value)


def same_valued(document: Any, chosen: Sequence[str], column: str) -> list[str]:
    """Buildings with one of the values that some buildings have in a column or a field of their specification.

    Parameters
    ----------
    document : Document
    chosen : sequence of str
    column : str
    """
    city = document.city
    if column in ROWS and (ROWS[column].source == SPEC or column in (*OVERRIDE_COLUMNS, *SYSTEM_COLUMNS)):
        every = document.keys.specs(document.project.district, document.active_scenario)
        if column in type(next(iter(every.values()), None)).__dataclass_fields__ if every else False:
            values = {id(spec): field_value(spec, column) for spec in every.values()}
            wanted = {values[id(every[name])] for name in chosen if name in every}
            return [name for name, spec in every.items() if values[id(spec)] in wanted]
    if column == "package":
        scenario = document.active_scenario
        packages = {document.package_id(name, scenario) for name in chosen}
        rows = city.rows_with_geometry
        return [name for name in map(str, city.buildings.ids[rows]) if document.package_id(name, scenario) in packages]
    if column not in COLUMNS:
        return list(chosen)
    values_of = city.buildings.column(column)
    wanted_values = values_of[city.buildings.rows(list(chosen))]
    if COLUMNS[column].kind == "number":
        same = np.isin(values_of, wanted_values[np.isfinite(wanted_values)])
        same |= np.isnan(values_of) & bool(np.isnan(wanted_values).any())
    else:
        texts = set(wanted_values.tolist())
        same = np.array([value in texts for value in values_of.tolist()], bool)
    with_geometry = np.zeros(len(same), bool)
    with_geometry[city.rows_with_geometry] = True
    return [str(name) for name in city.buildings.ids[same & with_geometry]]
