"""A table joined to the buildings of a district: worked out, reported on, and not yet carried out."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from citytwin_desktop.analysis.table_matching.matches import Matches, MatchStatus
from citytwin_desktop.city.changes import Change
from citytwin_desktop.city.district import District
from citytwin_desktop.city.terrain_drop import building_groups
from citytwin_desktop.document.table_join.filling import Fillings
from citytwin_desktop.document.table_join.request import JoinRequest
from citytwin_desktop.document.table_join.row_matching import matched_rows
from citytwin_desktop.document.table_join.row_values import CellReader, merged
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.joined_tables.source import read_table
from citytwin_desktop.formats.joined_tables.table import JoinedTable
from citytwin_desktop.formats.report import ImportReport

_MOST_ITEMS = 1_000
_BANDS = ((0.99, "certain"), (0.95, "0.95 to 0.99"), (0.85, "0.85 to 0.95"), (0.0, "below 0.85"))


@dataclass(frozen=True)
class TableJoin:
    """What a join would do.

    Parameters
    ----------
    changes : tuple of Change
    report : dict
        JSON: ``table``, ``rows``, ``matched``, ``unmatched``, ``ambiguous``, ``superseded``, ``buildings_matched``,
        ``buildings_without_row``, ``confidence`` (rows by band), ``columns`` (by building column: ``filled``,
        ``kept``), ``mapping``, ``items`` (row, key, building, confidence, status, reason) and ``remarks``.
    """

    changes: tuple[Change, ...]
    report: dict[str, Any]


def join_of(district: District, path: Path, request: JoinRequest) -> TableJoin:
    """Work out a join, changing nothing.

    Parameters
    ----------
    district : District
    path : Path
        CSV or XLSX.
    request : JoinRequest

    Raises
    ------
    KnownError
        When the table cannot be read, or has no such columns or key, or the project has no buildings.
    """
    city = district.city
    if not len(city.buildings):
        raise KnownError("The project has no buildings: import a city first.")
    remarks = ImportReport()
    table = read_table(path, remarks, sheet=request.sheet, encoding=request.encoding)
    cells = CellReader(table, request, _archetype_set(district), remarks)
    group = building_groups(city)
    matches = matched_rows(table, city, group, request, remarks)
    status = matches.status(request.least_confidence)
    superseded = cells.layout.superseded() if cells.layout else set()
    rows_of: dict[int, list[int]] = {}
    for row, state in enumerate(status):
        if state is MatchStatus.MATCHED and row not in superseded:
            rows_of.setdefault(int(matches.building[row]), []).append(row)
    fillings = Fillings(city.buildings, group, request.overwrite)
    for building, rows in rows_of.items():
        given = [cells.read(row) for row in rows]
        certificates = [item.certificate for item in given if item.certificate]
        fillings.take(building, merged(given), certificates)
    changes = fillings.changes()
    report = _report(table, matches, status, superseded, city.buildings.ids, request)
    outer = set(np.unique(group).tolist())
    report["buildings_matched"] = len(rows_of)
    report["buildings_with_several_rows"] = sum(len(rows) > 1 for rows in rows_of.values())
    report["buildings_without_row"] = len(outer - {int(group[building]) for building in rows_of})
    names = [
        name
        for name in dict.fromkeys([*fillings.filled, *fillings.kept])
        if fillings.filled[name] + fillings.kept[name]
    ]
    report["columns"] = {name: {"filled": fillings.filled[name], "kept": fillings.kept[name]} for name in names}
    report["mapping"] = cells.columns()
    report["remarks"] = [vars(item) for item in remarks.remarks()]
    return TableJoin(changes, report)


def preview_join(district: District, path: str | Path, request: JoinRequest | None = None) -> dict[str, Any]:
    """Report on what a join would do, see `TableJoin`; nothing changes.

    Raises
    ------
    KnownError
        As `join_of`.
    """
    return join_of(district, Path(path), request or JoinRequest()).report


def _archetype_set(district: District) -> str:
    """Set that most buildings have their archetypes of, empty before there are any."""
    sets = Counter(str(name).split("-", 1)[0] for name in district.city.buildings.columns["archetype_id"] if name)
    return sets.most_common(1)[0][0] if sets else ""


def _report(
    table: JoinedTable,
    matches: Matches,
    status: list[MatchStatus],
    superseded: set[int],
    ids: Any,
    request: JoinRequest,
) -> dict[str, Any]:
    counts = Counter(state.value for row, state in enumerate(status) if row not in superseded)
    bands: Counter[str] = Counter()
    items: list[dict[str, Any]] = []
    shown: Counter[str] = Counter()
    for row, state in enumerate(status):
        label = "superseded" if row in superseded else state.value
        confidence = round(float(matches.confidence[row]), 3)
        if label == MatchStatus.MATCHED:
            bands[next(name for low, name in _BANDS if confidence >= low)] += 1
        shown[label] += 1
        if shown[label] > _MOST_ITEMS:
            continue
        building = int(matches.building[row])
        reason = matches.reasons[row]
        if label == MatchStatus.UNMATCHED and building >= 0:
            reason += f", but less sure than {request.least_confidence:g}"
        if label == "superseded":
            reason = "the table has a later certificate of the same dwelling"
        items.append(
            {
                "row": row + table.first_line,
                "building": str(ids[building]) if building >= 0 else "",
                "confidence": confidence,
                "status": label,
                "reason": f"{reason[0].upper()}{reason[1:]}.",
            }
        )
    return {
        "table": table.name,
        "rows": len(table.rows),
        **{state.value: counts[state.value] for state in MatchStatus},
        "superseded": len(superseded),
        "confidence": {name: bands[name] for _, name in _BANDS},
        "items": items,
    }
