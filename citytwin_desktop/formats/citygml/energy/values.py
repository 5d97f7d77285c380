"""What the Energy ADE of a file says of each building, as columns with their origin and as time series."""

from collections import Counter
from typing import Any

from lxml import etree

from citytwin_desktop.catalog.functions import function_from_text
from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.formats.citygml.drafts import Draft
from citytwin_desktop.formats.citygml.energy.envelope import Found, envelope_values
from citytwin_desktop.formats.citygml.energy.index import EnergyIndex, label
from citytwin_desktop.formats.citygml.energy.series import Series, demand_series, weather_series
from citytwin_desktop.formats.citygml.energy.units import AREA, VOLUME, quantity
from citytwin_desktop.formats.citygml.energy.usage import floor_area_m2, infiltration_values, usage_values
from citytwin_desktop.formats.citygml.plain_tree import PlainNode, plain
from citytwin_desktop.formats.citygml.remarks import Remarks

_USED = frozenset(("volume", "floorArea", "thermalZone", "usageZone", "demands", "energyDemands", "constructionWeight",
                   "referencePoint", "weatherData", "thermalZones", "usageZones"))  # fmt: skip
_USED_MEMBERS = frozenset(("Construction", "ReverseConstruction", "ConstructionOrientation", "SolidMaterial", "Gas",
                           "Layer", "ThermalZone", "UsageZone", "EnergyDemand", "DailyPatternSchedule",
                           "ConstantValueSchedule", "DualValueSchedule", "TimeSeriesSchedule", "RegularTimeSeries",
                           "ThermalBoundary", "ThermalOpening", "WeatherData"))  # fmt: skip
_HEAT_CAPACITIES_KJ_M2K = {"verylight": 80.0, "light": 110.0, "medium": 165.0, "heavy": 260.0, "veryheavy": 370.0}
"""By class of construction weight (ISO 13790:2008, Table 12)."""


class EnergyReader:
    """Collects elements of the Energy ADE and turns them into values of rows when the file has been read.

    Parameters
    ----------
    remarks : Remarks
    """

    def __init__(self, remarks: Remarks) -> None:
        self._remarks = remarks
        self._index = EnergyIndex()
        self._buildings: list[tuple[int, str, list[PlainNode]]] = []
        self._unused: Counter[str] = Counter()

    def add_member(self, element: etree._Element) -> None:
        """Take in a construction, material, schedule or the like that stands by itself."""
        node = plain(element)
        self._index.add(node)
        if node.name not in _USED_MEMBERS:
            self._unused[node.name] += 1

    def add(self, family: list[Draft], first_row: int) -> None:
        """Take in what belongs to a building and its parts, whose rows follow one another."""
        for place, draft in enumerate(family):
            if draft.energy:
                for node in draft.energy:
                    self._index.add(node)
                    if node.name not in _USED:
                        self._unused[node.name] += 1
                self._buildings.append((first_row + place, draft.identifier, draft.energy))

    def apply(self, rows: list[dict[str, Any]]) -> None:
        """Fill rows with values, ``value_origins`` and ``time_series``."""
        for place, identifier, nodes in self._buildings:
            _Building(identifier, PlainNode("building", children=nodes), self._index, self._remarks).fill(rows[place])
        for name, count in self._unused.most_common(50):
            message = f"{count:,} elements “{name[:60]}” of the Energy ADE are not used and were left out."
            self._remarks.on_file("energy_not_used", message)


class _Building:
    """The Energy ADE of one building."""

    def __init__(self, identifier: str, node: PlainNode, index: EnergyIndex, remarks: Remarks) -> None:
        self._identifier, self._node, self._index, self._remarks = identifier, node, index, remarks
        self._thermal = index.targets(node, "thermalZone", "thermalZones")
        zones = index.targets(node, "usageZone", "usageZones")
        zones += [held for zone in self._thermal for held in index.targets(zone, "contains", "relates")]
        self._zones = list({id(zone): zone for zone in zones if zone.name == "UsageZone"}.values())

    def fill(self, row: dict[str, Any]) -> None:
        """Put everything that is understood into a row."""
        self._add_sizes(row["attributes"])
        area = floor_area_m2(self._node, self._index)
        if area is None and len(self._thermal) == 1:
            area = floor_area_m2(self._thermal[0], self._index)
        found = envelope_values(self._thermal, self._index, self._note)
        found |= infiltration_values(self._thermal, self._index)
        found |= usage_values(self._zones, self._thermal, area, self._index, self._note)
        found |= self._weight()
        cooled = [zone.text_at("isCooled").lower() for zone in self._thermal]
        if cooled and all(text == "false" for text in cooled):
            found.pop("cooling_setpoint_c", None)
        self._put(row, found)
        self._add_function(row)
        if series := self._series():
            row["time_series"] = series

    def _note(self, code: str, message: str) -> None:
        self._remarks.add(self._identifier, code, message)

    def _put(self, row: dict[str, Any], found: Found) -> None:
        origins = {}
        for column, (value, text) in found.items():
            definition = COLUMNS[column]
            if definition.low <= value <= definition.high:
                row[column] = value
                origins[column] = [value, text]
            else:
                message = f"{definition.title} of {value:g} in its Energy ADE is impossible and was left out."
                self._note("value_impossible", message)
        if origins:
            row["value_origins"] = origins

    def _weight(self) -> Found:
        weight = self._node.text_at("constructionWeight")
        capacity = _HEAT_CAPACITIES_KJ_M2K.get(weight.lower())
        text = f"Energy ADE construction weight “{weight}” (class of ISO 13790)"
        return {} if capacity is None else {"heat_capacity_kj_m2k": (capacity, text)}

    def _add_sizes(self, attributes: dict[str, Any]) -> None:
        """Keep stated areas and volumes as attributes."""
        for prop, factors in (("floorArea", AREA), ("volume", VOLUME)):
            for node in self._index.targets(self._node, prop):
                value = quantity(node.child("value"), factors)
                if value is not None:
                    attributes[f"energy:{node.text_at('type') or prop}"] = value
        if weight := self._node.text_at("constructionWeight"):
            attributes["energy:constructionWeight"] = weight

    def _add_function(self, row: dict[str, Any]) -> None:
        """Take the function from the largest usage zone where the building states none."""
        named = [(floor_area_m2(zone, self._index) or 0.0, zone) for zone in self._zones]
        if not named:
            return
        zone = max(named, key=lambda pair: pair[0])[1]
        text = zone.text_at("usageZoneType") or zone.text_at("usageZoneClass")
        function = function_from_text(text) if text else ""
        if not function:
            return
        if not row.get("function"):
            row["function"], row["function_origin"] = function, "source"
        elif row["function"] != function:
            message = (
                f"Its function is {row['function']}, while usage zone “{label(zone)}” says {text[:40]}: function kept."
            )
            self._note("usage_differs", message)

    def _series(self) -> list[Series]:
        found: list[Series | None] = []
        for holder in (self._node, *self._thermal, *self._zones):
            demands = self._index.targets(holder, "demands", "energyDemands", "energyDemand")
            found += [demand_series(demand, self._index, self._note) for demand in demands]
        weather = self._index.targets(self._node, "weatherData")
        found += [weather_series(item, self._index, self._note) for item in weather]
        return [series for series in found if series is not None]
