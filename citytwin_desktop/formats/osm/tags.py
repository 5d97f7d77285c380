"""What the tags of OpenStreetMap say of a building: height, storeys, year, function."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from citytwin_desktop.catalog.functions import function_from_text
from citytwin_desktop.formats.footprints.attribute_values import length_m, number_of, year_of

HIGHEST_M = 1000.0
MOST_STOREYS = 200.0

_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "residential": (
        "apartments", "house", "detached", "semidetached_house", "terrace", "residential", "bungalow", "dormitory",
        "farm", "cabin", "static_caravan", "houseboat", "annexe", "ger", "villa", "townhouse", "tree_house", "terraced",
    ),
    "office": ("office", "government", "public", "townhall", "civic", "courthouse", "fire_station", "police"),
    "retail": ("retail", "supermarket", "commercial", "kiosk", "shop", "mall", "marketplace"),
    "education": ("school", "university", "college", "kindergarten", "library", "childcare", "research_institute"),
    "healthcare": ("hospital", "clinic", "doctors", "nursing_home", "dentist", "social_facility"),
    "hotel": ("hotel", "hostel", "motel", "guest_house"),
    "industrial": (
        "industrial", "warehouse", "factory", "manufacture", "brewery", "works", "hangar", "depot", "storage_tank",
        "silo", "workshop", "farm_auxiliary", "barn", "cowshed", "stable", "sty", "greenhouse",
    ),
    "other": (
        "church", "chapel", "cathedral", "mosque", "temple", "synagogue", "shrine", "monastery", "religious", "garage",
        "garages", "carport", "shed", "hut", "roof", "parking", "sports_hall", "sports_centre", "stadium", "grandstand",
        "train_station", "transportation", "service", "transformer_tower", "toilets", "pavilion", "theatre", "cinema",
        "museum", "arts_centre", "place_of_worship", "ruins", "bunker", "bridge", "construction", "conservatory",
    ),
}  # fmt: skip
"""Values of the keys ``building``, ``building:use`` and ``amenity`` by function of the catalogue."""

_FUNCTION_OF = {word: function for function, words in _FUNCTIONS.items() for word in words}
_FUNCTION_KEYS = ("building:use", "building", "building:part", "amenity", "tourism", "healthcare")
_YEAR_KEYS = ("start_date", "building:start_date", "year_of_construction", "construction_date", "building:year_built")

Tags = Mapping[str, str]


@dataclass(frozen=True)
class Sizes:
    """How high a building or part is; nan for what its tags do not say.

    Parameters
    ----------
    height_m : float [m]
        Of the highest point above the ground.
    base_m : float [m]
        Of the underside above the ground.
    levels : float
        Storeys below the roof, from the ground on.
    lowest_levels : float
        Of these, storeys that lie below the underside and are not there; nan where the underside lies a storey or
        more above the ground and nothing says how many they are.
    roof_height_m : float [m]
    roof_levels : float
    """

    height_m: float
    base_m: float
    levels: float
    lowest_levels: float
    roof_height_m: float
    roof_levels: float


def sizes_of(tags: Tags, storey_height_m: float) -> tuple[Sizes, list[str]]:
    """Sizes, and the keys whose value makes no sense.

    Parameters
    ----------
    tags : mapping
    storey_height_m : float [m]
        For an underside that is given in storeys.
    """
    wrong: list[str] = []

    def length(key: str, low: float = 0.0) -> float:
        value = length_m(tags.get(key))
        if key in tags and not low <= value <= HIGHEST_M:
            wrong.append(key)
            return math.nan
        return value

    def count(key: str, low: float = 0.0) -> float:
        value = number_of(tags.get(key))
        if key in tags and not low <= value <= MOST_STOREYS:
            wrong.append(key)
            return math.nan
        return value

    height = length("height", 0.1) if "height" in tags else length("building:height", 0.1)
    levels = count("building:levels")
    lowest_levels = count("building:min_level")
    base = length("min_height") if "min_height" in tags else lowest_levels * storey_height_m
    roof_levels = count("roof:levels") if "roof:levels" in tags else count("building:roof:levels")
    roof = length("roof:height") if "roof:height" in tags else length("building:roof:height")
    base = 0.0 if math.isnan(base) else base
    if base >= height:
        wrong.append("min_height")
        base, lowest_levels = 0.0, math.nan
    if base < storey_height_m and math.isnan(lowest_levels):
        lowest_levels = 0.0
    return Sizes(height, base, levels, lowest_levels, roof, roof_levels), wrong


def storeys_of(sizes: Sizes) -> float:
    """Storeys that are there as whole number, nan for unknown; a shed of none counts as one of unknown."""
    there = sizes.levels - sizes.lowest_levels
    storeys = math.floor(there + 0.5) if math.isfinite(there) else math.nan
    return storeys if storeys >= 1 else math.nan


def year_built(tags: Tags) -> float:
    """Year built, nan for unknown."""
    return next((year for key in _YEAR_KEYS if math.isfinite(year := year_of(tags.get(key)))), math.nan)


def function_of(tags: Tags) -> str:
    """Function of the catalogue, empty for unknown."""
    for key in _FUNCTION_KEYS:
        word = tags.get(key, "").split(";")[0].strip().lower()
        function = _FUNCTION_OF.get(word, "")
        if not function and key.startswith("building"):
            function = function_from_text(word)
        if function:
            return function
    if tags.get("shop", "no") != "no":
        return "retail"
    return "office" if tags.get("office", "no") != "no" else ""


def name_of(tags: Tags) -> str:
    """Name of a building: its own, that of the house, or its address."""
    street, number = tags.get("addr:street", ""), tags.get("addr:housenumber", "")
    return tags.get("name") or tags.get("addr:housename") or (f"{street} {number}" if street and number else "")
