"""Inputs of solar values: the surface, reflectances, ground, snow, leaves, weather."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from citytwin_desktop.catalog.reflectances import reflectances
from citytwin_desktop.city.calendar import MONTH_NAMES
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.surface_reflectance import OVERRIDDEN_KINDS, surface_reflectance
from citytwin_desktop.document.explaining.origins import column_origin
from citytwin_desktop.document.explaining.subjects import counted
from citytwin_desktop.document.explaining.weather_facts import weather_input
from citytwin_desktop.document.explanation import Input, Question
from citytwin_desktop.document.solar_values import SMALLEST_AREA_M2

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


def solar_inputs(document: Document, question: Question) -> tuple[Input, ...]:
    """What a solar value depends on, each with its origin.

    Parameters
    ----------
    document : Document
    question : Question
    """
    found: list[Input] = []
    if question.surface is not None:
        found += _of_surface(document, question.surface)
    else:
        found.append(Input("Surfaces", counted(len(document.city.surfaces), "surface"), "", "Geometry of the city"))
    conditions, standard = document.solar_conditions, reflectances()
    for name, title in (("ground_reflectance", "Ground reflectance"), ("snow_reflectance", "Snow reflectance")):
        if name == "snow_reflectance" and not conditions.snow_months:
            continue
        item, value = standard[name].default, float(getattr(conditions, name))
        edited = value != item.value
        origin = "Edited in this project" if edited else f"{item.source} ({item.source_year}, {item.licence})"
        found.append(Input(title, value, "", origin, "edited" if edited else ""))
    months = ", ".join(MONTH_NAMES[month - 1] for month in conditions.snow_months) or "none"
    found.append(Input("Months with snow", months, "", "Solar conditions of the district"))
    trees = sum(len(layer.polygons) for layer in document.city.context if layer.kind == ContextKind.TREE)
    found.append(Input("Trees", float(trees), "surfaces", "Context of the city"))
    return (*found, weather_input(document.weather))


def _of_surface(document: Document, surface: int) -> list[Input]:
    city = document.city
    polygons = city.surfaces.polygons
    normal = polygons.area_vectors_m2[surface] / max(float(polygons.areas_m2[surface]), SMALLEST_AREA_M2)
    tilt = float(np.degrees(np.arccos(np.clip(normal[2], -1.0, 1.0))))
    azimuth = float(np.degrees(np.arctan2(normal[0], normal[1]))) % 360.0
    found = [
        Input("Area", float(polygons.areas_m2[surface]), "m²", "From the geometry"),
        Input("Tilt", tilt, "°", "From the geometry; 0 is level"),
    ]
    if 1.0 < tilt < 179.0:
        found.append(Input("Azimuth", azimuth, "°", "From the geometry; 90 is east, 180 south"))
    reflectance = float(surface_reflectance(city, document.solar_conditions)[surface])
    column = next((name for kind, name in OVERRIDDEN_KINDS.items() if kind == city.surfaces.kind[surface]), "")
    row = int(city.surfaces.building[surface])
    kind, origin = column_origin(document, row, column) if column else ("assumed", "Default of the district by kind")
    found.append(Input("Reflectance of the surface itself", reflectance, "", origin, kind, column))
    return found
