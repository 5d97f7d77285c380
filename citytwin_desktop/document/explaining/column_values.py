"""Values of the building table explained: what stands there, where from, and what it would go back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from citytwin_desktop.analysis.heat_pump import coefficient_of_performance
from citytwin_desktop.catalog.archetypes import archetype
from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.catalog.measures import measures as measures_of_catalogue
from citytwin_desktop.catalog.measures import package
from citytwin_desktop.city.buildings import COLUMNS, OVERRIDE_COLUMNS, REFLECTANCE_COLUMNS, SYSTEM_COLUMNS
from citytwin_desktop.city.energy_spec import EnergySpec
from citytwin_desktop.document.explaining.inputs import (
    MOST_LOOKED_AT,
    field_value,
    origin_kind,
    title_of,
    together,
)
from citytwin_desktop.document.explaining.origins import column_origin, default_of, known
from citytwin_desktop.document.explaining.subjects import counted, subject_of
from citytwin_desktop.document.explanation import Explanation, Input, Question, Term, Value
from citytwin_desktop.document.specifications import package_id_of, specification
from citytwin_desktop.errors import KnownError

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document

COP, COP_SOURCE_C = "heat_pump_cop", 7.0
"""A heat pump's coefficient of performance, with the source at the temperature that makers publish it for."""
_SPEC_FIELDS = frozenset(EnergySpec.__dataclass_fields__) - {"origins", "function"}


def explain_column(document: Document, question: Question) -> Explanation:
    """Explain a column of the building table or a field of the energy specification.

    Raises
    ------
    KnownError
        When there is no such column.
    """
    name = question.column
    if name == "package":
        return _package(document, question)
    if name not in COLUMNS and name not in _SPEC_FIELDS and name != COP:
        choices = ", ".join([*COLUMNS, *sorted(_SPEC_FIELDS - set(COLUMNS))])
        msg = f"There is no column “{name}” to explain: choose one of {choices}."
        raise KnownError(msg)
    ids = question.building_ids or tuple(map(str, document.city.buildings.ids))
    rows = document.city.buildings.rows(ids[:MOST_LOOKED_AT])
    title, unit = title_of(name)
    lines = [_line(document, question, int(row)) for row in rows]
    origins = list(dict.fromkeys(line.origin for line in lines))
    words = (
        f"{origins[0][:1].upper()}{origins[0][1:]}."
        if len(origins) == 1
        else f"{counted(len(origins), 'origin')} among these buildings."
    )
    remarks = (
        () if len(ids) <= MOST_LOOKED_AT else (f"The first {MOST_LOOKED_AT} of {len(ids)} buildings were looked at.",)
    )
    single = len(rows) == 1
    return Explanation(
        question, title, subject_of(document, question), together([line.value for line in lines]), unit, words,
        terms=_curve(document, question, int(rows[0])) if name == COP and single else (),
        inputs=_chain(document, question, int(rows[0])) if single else _by_origin(lines),
        remarks=remarks, sources=_sources(document, question, int(rows[0])) if single else (),
    )  # fmt: skip


def _line(document: Document, question: Question, row: int) -> Input:
    """Value and origin of one building."""
    name = question.column
    title, unit = title_of(name)
    if name in OVERRIDE_COLUMNS or name in SYSTEM_COLUMNS or name not in COLUMNS:
        spec = specification(document.project.district, row, document.scenario(question.scenario_id))
        if spec is not None:
            sentence = spec.origins.get("cop_coefficients" if name == COP else name, "Origin unknown")
            value = _cop(spec) if name == COP else field_value(spec, name)
            return Input(title, value, unit, sentence, origin_kind(sentence), name)
    if name not in COLUMNS:
        return Input(title, None, unit, "No archetype yet: assign archetypes")
    kind, sentence = column_origin(document, row, name)
    return Input(title, _shown(document, row, name), unit, sentence, kind, name)


def _shown(document: Document, row: int, name: str) -> Value:
    value = known(document.city.buildings.columns[name][row])
    if value is None and name in REFLECTANCE_COLUMNS:
        return float(getattr(document.solar_conditions, name))
    if name == "function":
        return FUNCTIONS.get(str(value), str(value)) if value is not None else None
    if isinstance(value, dict):
        return ", ".join(f"{key} = {item}" for key, item in list(value.items())[:20]) or None
    if isinstance(value, int | float):
        return float(value)
    return None if value is None else str(value)


def _cop(spec: EnergySpec) -> Value:
    if not spec.cop_coefficients:
        return None
    lift = np.array([spec.supply_temperature_c - COP_SOURCE_C])
    return float(coefficient_of_performance(spec.cop_coefficients, lift, spec.heating_efficiency)[0])


def _curve(document: Document, question: Question, row: int) -> tuple[Term, ...]:
    """COP with the source at 7 °C, term by term."""
    spec = specification(document.project.district, row, document.scenario(question.scenario_id))
    if spec is None or not spec.cop_coefficients:
        return ()
    lift = spec.supply_temperature_c - COP_SOURCE_C
    constant, linear, square = spec.cop_coefficients
    return (
        Term("a", constant), Term(f"b · {lift:g} K", linear * lift), Term(f"c · ({lift:g} K)²", square * lift * lift),
        Term("Factor met in use", spec.heating_efficiency, "", "×"),
    )  # fmt: skip


def _chain(document: Document, question: Question, row: int) -> tuple[Input, ...]:
    """What of it comes from where: the default, the own value, the package."""
    name, buildings = question.column, document.city.buildings
    _, unit = title_of(name)
    found: list[Input] = []
    identifier = str(buildings.columns["archetype_id"][row])
    if name in OVERRIDE_COLUMNS or name in SYSTEM_COLUMNS or name in COLUMNS:
        default = (
            default_of(document, row, name) if name not in ("id", "fid", "parent_id", "lod", "attributes") else None
        )
        if default is not None:
            found.append(
                Input(
                    "Default",
                    default.value,
                    unit,
                    default.sentence,
                    "archetype" if default.sentence.startswith("archetype") else "",
                )
            )
        own = _shown(document, row, name) if known(buildings.columns[name][row]) is not None else None
        kind, sentence = column_origin(document, row, name)
        found.append(
            Input(
                "Own value",
                own,
                unit,
                sentence if own is not None else "None: the default holds",
                kind if own is not None else "",
                name,
            )
        )
    if name in _SPEC_FIELDS and (
        chosen := package_id_of(document.project.district, row, document.scenario(question.scenario_id))
    ):
        scenario = document.scenario(question.scenario_id).name
        line = _line(document, question, row)
        found.append(
            Input(
                f"Package {package(chosen).name}",
                line.value,
                unit,
                f"In scenario “{scenario}”: {line.origin}",
                "package",
            )
        )
    if identifier:
        found.append(Input("Archetype", archetype(identifier).title, "", identifier, "archetype", "archetype_id"))
    return tuple(found)


def _by_origin(lines: list[Input]) -> tuple[Input, ...]:
    """One line for each origin, with how many have it."""
    groups: dict[str, list[Input]] = {}
    for line in lines:
        groups.setdefault(line.origin, []).append(line)
    order = sorted(groups.items(), key=lambda item: -len(item[1]))
    return tuple(
        Input(counted(len(group)), together([line.value for line in group]), group[0].unit, origin, group[0].kind)
        for origin, group in order[:20]
    )


def _sources(document: Document, question: Question, row: int) -> tuple[str, ...]:
    """Source, year and licence of the catalogue's value."""
    identifier, name = str(document.city.buildings.columns["archetype_id"][row]), question.column
    if not identifier:
        return ()
    chosen = archetype(identifier)
    if name in chosen.values:
        item = chosen.values[name]
        return (f"{item.source}, {item.source_year}, {item.licence}",)
    for prefix, choice in (("heating", chosen.heating), ("hot_water", chosen.hot_water), ("cooling", chosen.cooling)):
        if name.startswith(prefix) and f"{prefix}_" in name:
            return (choice.system.source,)
    return ()


def _package(document: Document, question: Question) -> Explanation:
    """Which packages buildings have in the scenario."""
    scenario = document.scenario(question.scenario_id)
    ids = question.building_ids or tuple(map(str, document.city.buildings.ids))
    chosen = [document.package_id(name, scenario.id) for name in ids]
    names: list[Value] = [package(item).name if item else "none" for item in chosen]
    measures = [item for identifier in dict.fromkeys(chosen) if identifier for item in package(identifier).measures]
    return Explanation(
        question, "Package", subject_of(document, question), together(names), "",
        f"Assigned in scenario “{scenario.name}”.",
        inputs=tuple(_measure(item) for item in dict.fromkeys(measures)),
    )  # fmt: skip


def _measure(identifier: str) -> Input:
    measure = measures_of_catalogue()[identifier]
    changes = ", ".join(f"{title_of(name)[0]} {value:g}" for name, value in measure.changes.items())
    return Input(measure.name, changes or None, "", measure.source, "package")
