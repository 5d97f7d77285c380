"""Which building a part belongs to: references that lead nowhere, or in a circle, are put right."""

from collections.abc import Mapping
from typing import Any

from citytwin_desktop.formats.report import ImportReport


def parent_named(item: Mapping[str, Any]) -> str:
    """Identifier of the parent that an object names first, empty for none."""
    parents = item.get("parents")
    if isinstance(parents, str):
        return parents
    if isinstance(parents, list) and parents and isinstance(parents[0], str):
        return parents[0]
    return ""


def tidy_parents(rows: list[dict[str, Any]], with_surfaces: set[int], report: ImportReport) -> list[int]:
    """Correct ``parent_id`` in rows of buildings, and tell which rows to keep.

    A part belongs to the outermost building above it, so that results of nested parts are added up once. A row
    that has neither surfaces nor a part that has some stands for nothing and is not kept.

    Parameters
    ----------
    rows : list of dict
        With ``id`` and ``parent_id``; the latter is changed.
    with_surfaces : set of int
        Places of the rows that own surfaces.
    report : ImportReport
        Takes a remark on each change.

    Returns
    -------
    list of int
        Places of the rows to keep, ascending.
    """
    parents = {row["id"]: row["parent_id"] for row in rows}
    known: dict[str, str] = {}
    for row in rows:
        row["parent_id"] = _outermost(row["id"], parents, known, report)
    used = {rows[place]["parent_id"] for place in with_surfaces}
    kept = [place for place, row in enumerate(rows) if place in with_surfaces or row["id"] in used]
    for place in sorted(set(range(len(rows))) - set(kept)):
        message = "Neither it nor any part of it has usable geometry here at this level of detail."
        report.add(rows[place]["id"], "no_geometry", message, "skipped")
    return kept


def _outermost(identifier: str, parents: Mapping[str, str], known: dict[str, str], report: ImportReport) -> str:
    named = parents[identifier]
    if not named:
        return ""
    passed, here = {identifier}, named
    while here in parents and here not in passed and parents[here] and here not in known:
        passed.add(here)
        here = parents[here]
    here = known.get(here, here)
    if here in passed:
        report.add(identifier, "parent_circular", f"Its parent “{named}” leads back to it: kept by itself.", "repaired")
        return ""
    # Of a long chain every member has the same end; walking it once for each would take for ever.
    known.update(dict.fromkeys(passed, here))
    if here not in parents:
        report.add(identifier, "parent_missing", f"Its parent “{here}” is not here: kept by itself.", "repaired")
        return ""
    if here != named:
        report.add(identifier, "parent_nested", f"It is a part of the part “{named}”: counted to “{here}”.", "repaired")
    return here
