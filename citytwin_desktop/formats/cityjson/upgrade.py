"""Documents of CityJSON 1.0 and 1.1 brought to 2.0, everything else in them left as it is.

After the lists of changes of versions 1.1 and 2.0 of the specifications (cityjson.org/specs).
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from citytwin_desktop.formats.cityjson.structure import reference_name
from citytwin_desktop.formats.reference_names import named_system

_NEW_METADATA = {
    "citymodelIdentifier": "identifier",
    "datasetPointOfContact": "pointOfContact",
    "datasetReferenceDate": "referenceDate",
    "datasetTitle": "title",
}
_NEW_TYPES = {"BridgeConstructionElement": "BridgeConstructiveElement"}
_GENERIC = "+GenericCityObject"
_SYSTEM_URL = re.compile(r"https?://www\.opengis\.net/def/crs/")
_FINEST_DECIMALS = 9


def upgrade_header(document: dict[str, Any]) -> None:
    """Bring a whole file, or the first line of a sequence, to version 2.0; changed in place.

    Parameters
    ----------
    document : dict
        Of type ``CityJSON``; of a version that `header_of` accepts.
    """
    document["version"] = "2.0"
    document.setdefault("CityObjects", {})
    document.setdefault("vertices", [])
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        metadata = {}
    if "crs" in document and not reference_name(metadata):
        metadata["crs"] = document.pop("crs")
    upgraded = upgraded_metadata(metadata)
    if upgraded or "metadata" in document:
        document["metadata"] = upgraded
    if document.get("transform") is None:
        _lay_on_grid(document)
    library = document.get("geometry-templates")
    for template in library.get("templates") or () if isinstance(library, dict) else ():
        _name_lod(template)
    upgrade_objects(document)
    extensions = document.get("extensions")
    if isinstance(extensions, dict) and _is_generic(extensions.get("Generic")):
        del extensions["Generic"]
        if not extensions:
            del document["extensions"]


def upgrade_objects(document: dict[str, Any]) -> None:
    """Bring the city objects of a file or of a feature to version 2.0; changed in place."""
    given = document.get("CityObjects")
    objects: dict[str, Any] = given if isinstance(given, dict) else {}
    for name, item in objects.items():
        if not isinstance(item, dict):
            continue
        kind = item.get("type")
        if isinstance(kind, str):
            # Generic objects were an extension in 1.1 only.
            item["type"] = _GENERIC[1:] if kind == _GENERIC else _NEW_TYPES.get(kind, kind)
        if item.get("type") == "CityObjectGroup":
            _name_children(name, item, objects)
        if isinstance(item.get("address"), dict):
            item["address"] = [item["address"]]
        for geometry in _geometries(item):
            _name_lod(geometry)


def upgraded_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata with the names and forms of version 2.0.

    Parameters
    ----------
    metadata : dict
        Of any version; not changed.
    """
    found = {_NEW_METADATA.get(key, key): value for key, value in metadata.items() if key != "crs"}
    contact = found.get("pointOfContact")
    if isinstance(contact, dict) and isinstance(contact.get("address"), str):
        found["pointOfContact"] = {**contact, "address": {"address": contact["address"]}}
    reference = reference_name(metadata)
    if reference and not _SYSTEM_URL.match(reference):
        reference = reference_url(reference)
    if reference:
        found["referenceSystem"] = reference
    return found


def reference_url(reference: str) -> str:
    """Name of a reference system as the URL that version 2.0 wants; as it is where that cannot be told."""
    match = re.search(r"EPSG(?:/0/|::|:[\d.]*:|:)(\d{4,6})$", reference, re.IGNORECASE)
    system = None if match else named_system(reference)
    code = int(match.group(1)) if match else system.epsg if system is not None else 0
    return f"https://www.opengis.net/def/crs/EPSG/0/{code}" if code else reference


def _is_generic(extension: Any) -> bool:
    return isinstance(extension, dict) and "generic.ext.json" in str(extension.get("url"))


def _geometries(item: dict[str, Any]) -> Iterator[Any]:
    given = item.get("geometry")
    yield from given if isinstance(given, list) else ()
    addresses = item.get("address")
    for address in addresses if isinstance(addresses, list) else ():
        if isinstance(address, dict) and "location" in address:
            yield address["location"]


def _name_lod(geometry: Any) -> None:
    """Levels of detail were numbers in 1.0."""
    lod = geometry.get("lod") if isinstance(geometry, dict) else None
    if isinstance(lod, int | float) and not isinstance(lod, bool):
        geometry["lod"] = str(lod)


def _name_children(name: str, group: dict[str, Any], objects: dict[str, Any]) -> None:
    """Members of a group are its children since 1.1, and know it."""
    if "members" not in group or "children" in group:
        return
    group["children"] = group.pop("members")
    for member in group["children"] if isinstance(group["children"], list) else ():
        child = objects.get(member) if isinstance(member, str) else None
        if isinstance(child, dict):
            parents = child.setdefault("parents", [])
            if isinstance(parents, list) and name not in parents:
                parents.append(name)


def _lay_on_grid(document: dict[str, Any]) -> None:
    """Give vertices that are coordinates the transform that is required since 1.1, on a grid that all lie on."""
    try:
        vertices = np.array(document["vertices"], np.float64).reshape(-1, 3)
    except (TypeError, ValueError, OverflowError):
        return
    for decimals in range(_FINEST_DECIMALS + 1):
        steps = np.round(vertices * 10.0**decimals)
        if (steps / 10.0**decimals == vertices).all():
            break
    document["vertices"] = steps.astype(np.int64).tolist()
    document["transform"] = {"scale": [float(f"1e-{decimals}")] * 3, "translate": [0.0, 0.0, 0.0]}
