"""What one scenario has more of than another, one number for each building, for tables, charts and conditions."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from citytwin_desktop.document.chart_columns import ChartColumn, ColumnValues, column_values
from citytwin_desktop.document.differences import shares_of
from citytwin_desktop.document.querying.fields import DIFFERENCE, FIELDS, Field

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


@cache
def difference_columns() -> tuple[ChartColumn, ...]:
    """Every difference per floor area, and as a share."""
    found = [item for item in FIELDS.values() if item.group == DIFFERENCE and not item.total]
    return tuple(ChartColumn(item.name, item.title, item.unit, DIFFERENCE) for item in found)


def difference_values(document: Document, name: str, first: str, second: str) -> ColumnValues:
    """Numbers of a column of differences.

    Parameters
    ----------
    document : Document
    name : str
        Of `difference_columns`.
    first, second : str
        Identifiers of scenarios A and B.
    """
    field = FIELDS[name]
    sides = [column_values(document, field.variable, item, total=field.total) for item in (first, second)]
    return difference_of(field, sides[0], sides[1])


def difference_of(field: Field, first: ColumnValues, second: ColumnValues) -> ColumnValues:
    """One column less another: nan where either has none, stale or an estimate where either is.

    Parameters
    ----------
    field : Field
        Of the difference; as a share it is [%] of the size of the second, nan where that is nought.
    first, second : ColumnValues
        Of the same variable in scenarios A and B.
    """
    values = first.values - second.values
    if field.share:
        values = 100.0 * shares_of(first.values, second.values)
    column = ChartColumn(field.name, field.title, field.unit, DIFFERENCE)
    scenario = f"{first.scenario} − {second.scenario}"
    return ColumnValues(column, scenario, values, first.stale | second.stale, first.estimate | second.estimate)
