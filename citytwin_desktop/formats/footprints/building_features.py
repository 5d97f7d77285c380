"""Which features of a table are buildings, where the table itself mixes them with other things."""

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.formats.footprints.attribute_values import text_of
from citytwin_desktop.formats.footprints.column_choice import plain_name
from citytwin_desktop.formats.footprints.feature_table import FeatureTable

_TYPE_NAMES = ("type", "feature_type", "featuretype", "objecttype", "object_type", "citygml_class", "cityobject_type")
_BUILDING_TYPES = frozenset({"building", "buildingpart", "building_part", "bldg_building", "bldg_building_part"})


def building_features(table: FeatureTable) -> tuple[NDArray[np.bool_], Counter[str]]:
    """Features with a polygon that are buildings, and how many there are of each type.

    Where an attribute such as ``type`` says “Building” of some, the rest is something else (URBANopt). Where features
    have OpenStreetMap's tag ``building``, those without are something else, and parts overlap their outlines.

    Returns
    -------
    tuple of ndarray (n_features,) bool, Counter of str
    """
    with_polygon = np.zeros(len(table.attributes), bool)
    with_polygon[table.feature] = True
    objects: Counter[str] = Counter()
    types = _types(table, with_polygon)
    mask = with_polygon.copy()
    if types is not None:
        mask &= np.array([kind == "" for kind in types], bool)
        objects.update(Counter(kind for kind, flat in zip(types, with_polygon, strict=True) if kind and flat))
    objects["Building"] = int(mask.sum())
    objects.update(table.other_types)
    return mask, +objects


def _types(table: FeatureTable, with_polygon: NDArray[np.bool_]) -> list[str] | None:
    """Type of each feature that is no building, empty for buildings; None where nothing tells them apart."""
    names = dict.fromkeys(name for record in table.attributes for name in record)
    for name in names:
        if plain_name(name) in _TYPE_NAMES:
            words = [text_of(record.get(name)) for record in table.attributes]
            marks = [plain_name(word) in _BUILDING_TYPES for word in words]
            if any(mark for mark, flat in zip(marks, with_polygon, strict=True) if flat):
                return ["" if mark else word or "other" for word, mark in zip(words, marks, strict=True)]
    if "building" in names and _mixes_tags(table.attributes):
        return [_tagged_type(record) for record in table.attributes]
    return None


def _mixes_tags(records: list[dict[str, Any]]) -> bool:
    """Whether it looks like OpenStreetMap's tags: the words in ``building`` are tags and other features have none."""
    words = Counter(text_of(record.get("building")) for record in records)
    given = len(records) - words[""]
    tags = sum(count for word, count in words.items() if word in _TAGS)
    return tags > 0.3 * given and bool(words[""] or words["no"])


_TAGS = frozenset({
    "yes", "house", "residential", "apartments", "detached", "garage", "garages", "terrace", "commercial", "industrial",
    "retail", "office", "school", "church", "shed", "roof", "semidetached_house", "hotel", "university", "hospital",
})  # fmt: skip


def _tagged_type(record: dict[str, Any]) -> str:
    if text_of(record.get("building")) not in ("", "no"):
        return ""
    part = text_of(record.get("building:part") or record.get("building_part"))
    if part not in ("", "no"):
        return "building:part (read from .osm only)"
    known = ("highway", "landuse", "leisure", "natural", "waterway", "amenity", "railway", "barrier")
    return next((key for key in known if text_of(record.get(key))), "no building")
