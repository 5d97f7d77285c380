"""What a condition can ask for: columns, geometry, results of the active scenario, and states."""

from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS, SYSTEM_COLUMNS
from citytwin_desktop.document.variables import ENERGY, HOURLY_SOLAR, VARIABLES

NUMBER, TEXT, FLAG = "number", "text", "flag"
BUILDING, GEOMETRY, ENVELOPE, RESULT, STATE, SOURCE = "Building", "Geometry", "Simulated", "Result", "State", "Source"
DIFFERENCE = "Difference"
"""Groups of fields; `ENVELOPE` holds what is simulated: own values, or else those of package and archetype.
`DIFFERENCE` is what the active scenario A has more of than the one that it is compared with, B."""

ATTRIBUTES = "attributes."
ALIASES = {
    "year": "year_built", "floors": "storeys", "package": "package_id", "archetype": "archetype_id",
    "height": "height_m", "floor_area": "floor_area_m2", "volume": "volume_m3", "footprint_area": "footprint_area_m2",
    "wall_area": "wall_area_m2", "roof_area": "roof_area_m2", "part_of": "parent_id",
}  # fmt: skip
"""Short names and what they stand for; energy is meant per floor area by the plain name of its variable."""

MARK = ", A − B"
"""Ends the titles of differences."""

STATES = ("fresh", "stale", "missing", "failed")
_TOLD = {
    "fresh": "A result of today's inputs, of any engine",
    "stale": "A result of inputs that have changed since, of any engine",
    "missing": "No result of some engine",
    "failed": "The last run with today's inputs failed",
}
_GEOMETRY = (
    ("height_m", "Height: as noted, else as measured", "m"),
    ("measured_height_m", "Height of the geometry", "m"),
    ("footprint_area_m2", "Ground area", "m²"),
    ("floor_area_m2", "Floor area: ground area times storeys", "m²"),
    ("volume_m3", "Volume", "m³"),
    ("wall_area_m2", "Wall area", "m²"),
    ("roof_area_m2", "Roof area", "m²"),
)
_HIDDEN = ("fid", "height_m", *OVERRIDE_COLUMNS, *SYSTEM_COLUMNS)


@dataclass(frozen=True)
class Field:
    """Something that a condition can name.

    Parameters
    ----------
    name : str
    title : str
        For people.
    kind : str
        `NUMBER`, `TEXT` or `FLAG`.
    group : str
    unit : str
    variable : str
        Of results.
    total : bool
        Whether a result is the sum of the building rather than per floor area.
    share : bool
        Whether a difference is a share of what B has.
    """

    name: str
    title: str
    kind: str
    group: str
    unit: str = ""
    variable: str = ""
    total: bool = False
    share: bool = False


def _of_results() -> list[Field]:
    found = []
    for item in VARIABLES.values():
        if item.name in HOURLY_SOLAR or item.name == "direct_sunlight":
            continue
        found.append(Field(item.name, item.title, NUMBER, RESULT, item.year_unit, item.name))
        if item.kind == ENERGY and item.engine == "energyplus":
            title = f"{item.title}, total"
            found.append(Field(f"{item.name}_kwh", title, NUMBER, RESULT, "kWh/a", item.name, total=True))
    return found


def _of_differences() -> list[Field]:
    """Of all results but those of the sun alone, which shines on every scenario alike."""
    found = []
    for item in _of_results():
        if VARIABLES[item.variable].engine == "solar":
            continue
        title = f"{item.title}{MARK}"
        found.append(replace(item, name=f"{item.name}_difference", title=title, group=DIFFERENCE))
        if not item.total:
            share = replace(item, name=f"{item.name}_change", title=title, group=DIFFERENCE, unit="%", share=True)
            found.append(share)
    return found


def _table() -> list[Field]:
    columns = [item for item in COLUMNS.values() if item.kind != "json" and item.name not in _HIDDEN]
    found = [Field(item.name, item.title, item.kind, BUILDING, item.unit) for item in columns]
    simulated = [COLUMNS[name] for name in (*OVERRIDE_COLUMNS, *SYSTEM_COLUMNS)]
    found += [Field(name, title, NUMBER, GEOMETRY, unit) for name, title, unit in _GEOMETRY]
    found += [Field(item.name, item.title, item.kind, ENVELOPE, item.unit) for item in simulated]
    found.append(Field("package_id", "Package in the active scenario", TEXT, BUILDING))
    found.append(Field("fid", COLUMNS["fid"].title, NUMBER, BUILDING))
    return found


FIELDS: dict[str, Field] = {
    item.name: item
    for item in (
        *_table(), *_of_results(), *_of_differences(), *(Field(name, _TOLD[name], FLAG, STATE) for name in STATES),
    )
}  # fmt: skip
"""Every field but the attributes of the source, by name."""

ALIASES |= {
    f"{item.name}_kwh_m2": item.name for item in FIELDS.values() if item.unit == "kWh/m²a" and item.group == RESULT
}


def field_named(name: str) -> Field | None:
    """Look up a field by its name or a short one, in any case."""
    lowered = name.lower()
    return FIELDS.get(name) or FIELDS.get(lowered) or FIELDS.get(ALIASES.get(lowered, ""))


def nearest(name: str, known: list[str], most: int = 4) -> list[str]:
    """Names that a mistyped one may have meant, the likeliest first."""
    found = process.extract(name.lower(), known, scorer=fuzz.WRatio, processor=str.lower, limit=most, score_cutoff=60.0)
    return [str(match) for match, _, _ in found]
