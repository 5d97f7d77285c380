"""Changes as JSON for the edit log; bulky content goes to payloads named by their hash."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from citytwin_desktop.city.changes import (
    Change,
    DeleteBuildings,
    InsertBuildings,
    ReplaceSurfaces,
    SetAssignments,
    SetCells,
    SetCollectorChoices,
    SetFrame,
    SetNamed,
    SetScenario,
    SetSolarConditions,
    SetWeather,
)
from citytwin_desktop.city.collector_choices import CollectorChoices
from citytwin_desktop.city.content_hash import content_key
from citytwin_desktop.city.scenario import Scenario
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.errors import BugError
from citytwin_desktop.project.city_packing import (
    pack_fragment,
    pack_frame,
    pack_owned_surfaces,
    unpack_fragment,
    unpack_frame,
    unpack_owned_surfaces,
)

Payloads = dict[str, bytes]


def encode(changes: tuple[Change, ...]) -> tuple[list[dict[str, Any]], Payloads]:
    """JSON of some changes, and the payloads that it names."""
    payloads: Payloads = {}
    return [{"change": type(change).__name__, **_encode(change, payloads)} for change in changes], payloads


def decode(rows: list[dict[str, Any]], payload: Callable[[str], bytes]) -> tuple[Change, ...]:
    """Changes that `encode` wrote.

    Parameters
    ----------
    rows : list of dict
    payload : callable
        Gives the bytes of a payload by its hash.
    """
    return tuple(_decode(row, payload) for row in rows)


def _store(data: bytes, payloads: Payloads) -> str:
    key = content_key(data)
    payloads[key] = data
    return key


def _encode(change: Change, payloads: Payloads) -> dict[str, Any]:
    match change:
        case SetCells(column, ids, before, after):
            return {"column": column, "ids": ids, "before": _finite(before), "after": _finite(after)}
        case InsertBuildings(fragment) | DeleteBuildings(fragment):
            return {"fragment": _store(pack_fragment(fragment), payloads)}
        case ReplaceSurfaces(ids, old_faces, new_faces):
            packed = (_store(pack_owned_surfaces(faces), payloads) for faces in (old_faces, new_faces))
            return {"ids": ids, **dict(zip(("before", "after"), packed, strict=True))}
        case SetFrame(before=first, after=last):
            return {"before": _store(pack_frame(first), payloads), "after": _store(pack_frame(last), payloads)}
        case SetScenario(before=old, after=new):
            return {"before": asdict(old) if old else None, "after": asdict(new) if new else None}
        case SetSolarConditions(old, new):
            return {"before": old.as_mapping(), "after": new.as_mapping()}
        case SetCollectorChoices(old_choices, new_choices):
            return {"before": old_choices.as_mapping(), "after": new_choices.as_mapping()}
        case _:
            return asdict(change)


def _finite(values: tuple[Any, ...]) -> list[Any]:
    return [None if isinstance(value, float) and math.isnan(value) else value for value in values]


def _decode(row: Mapping[str, Any], payload: Callable[[str], bytes]) -> Change:
    before, after = row.get("before"), row.get("after")
    match row["change"]:
        case "SetCells":
            return SetCells(row["column"], tuple(row["ids"]), tuple(before or ()), tuple(after or ()))
        case "InsertBuildings":
            return InsertBuildings(unpack_fragment(payload(row["fragment"])))
        case "DeleteBuildings":
            return DeleteBuildings(unpack_fragment(payload(row["fragment"])))
        case "ReplaceSurfaces":
            faces = (unpack_owned_surfaces(payload(str(key))) for key in (before, after))
            return ReplaceSurfaces(tuple(row["ids"]), *faces)
        case "SetNamed":
            return SetNamed(row["kind"], row["name"], before, after)
        case "SetFrame":
            return SetFrame(unpack_frame(payload(str(before))), unpack_frame(payload(str(after))))
        case "SetScenario":
            return SetScenario(Scenario(**before) if before else None, Scenario(**after) if after else None)
        case "SetAssignments":
            return SetAssignments(row["scenario_id"], tuple(row["ids"]), tuple(before or ()), tuple(after or ()))
        case _:
            return _decode_whole(row)


def _decode_whole(row: Mapping[str, Any]) -> Change:
    """A change of the whole district, which needs no payload."""
    before, after = row.get("before"), row.get("after")
    match row["change"]:
        case "SetWeather":
            return SetWeather(str(before), str(after))
        case "SetSolarConditions":
            return SetSolarConditions(*(SolarConditions.from_mapping(values or {}) for values in (before, after)))
        case "SetCollectorChoices":
            return SetCollectorChoices(*(CollectorChoices.from_mapping(values or {}) for values in (before, after)))
        case other:
            msg = f"the edit log holds an unknown change {other!r}"
            raise BugError(msg)
