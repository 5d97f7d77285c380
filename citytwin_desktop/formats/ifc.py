"""IFC models of architects as simple bodies: each storey's outline, raised to the next; an optional extra."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.footprints.scanning import epsg_of
from citytwin_desktop.formats.ifc_bodies import stacked_surfaces
from citytwin_desktop.formats.ifc_elements import building_outlines, every
from citytwin_desktop.formats.ifc_placing import placing_of
from citytwin_desktop.formats.ifc_values import building_row
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import OpenedSource
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity, SourceReference
from citytwin_desktop.formats.source_scan import SourceScan

MOST_BYTES = 1 << 30
_BLOCK = 1 << 20
_DEEPEST = b"(" * 40


def scan(opened: OpenedSource) -> SourceScan:
    """Counts of buildings, storeys and elements.

    Raises
    ------
    KnownError
        When it is no IFC, damaged, or the optional library is not installed.
    """
    with _model(opened) as model:
        kinds = (
            "IfcBuilding",
            "IfcBuildingStorey",
            "IfcSpace",
            "IfcWall",
            "IfcSlab",
            "IfcRoof",
            "IfcWindow",
            "IfcDoor",
        )
        counts = {kind: len(every(model, kind)) for kind in kinds}
        placing = placing_of(model)
    remarks = ["Each storey's outline is raised to the next: sloping roofs and recesses are simplified."]
    if not placing.reference:
        remarks.append("It has local coordinates: state where it stands when importing.")
    types = {"Building": counts.pop("IfcBuilding"), **counts}
    return SourceScan(
        opened.name,
        f"IFC {model.schema}",
        opened.size_bytes,
        types=types,
        lods={"1": types["Building"]},
        reference=placing.reference,
        epsg=epsg_of(placing.reference),
        remarks=tuple(remarks),
    )


def read(opened: OpenedSource, options: ImportOptions, report: ImportReport) -> SourceCity:
    """Buildings as stacked storeys, with windows and U-values as overrides.

    Where the model has no map conversion, coordinates are local: ``metadata`` then has ``local`` and, where the site
    tells them, ``latitude_deg`` and ``longitude_deg``.

    Raises
    ------
    KnownError
        When it is no IFC, damaged, without walls or slabs, or the optional library is not installed.
    """
    with _model(opened) as model:
        placing = placing_of(model)
        for sentence in placing.remarks:
            report.add(opened.name, "placing", sentence)
        rows: list[dict[str, Any]] = []
        parts: list[tuple[Polygons, Any]] = []
        buildings = every(model, "IfcBuilding")
        for place, building in enumerate(buildings):
            options.watch(place / len(buildings), f"Building {place + 1} of {len(buildings)}")
            outlines = building_outlines(model, building, only=len(buildings) == 1, report=report)
            if not outlines:
                message = "It has no walls, slabs or spaces and was left out."
                report.add(str(building.GlobalId), "building_without_body", message, "skipped")
                continue
            polygons, kinds = stacked_surfaces(outlines)
            parts.append((placing.placed(polygons), kinds))
            rows.append(building_row(model, building, outlines, polygons, only=len(buildings) == 1, report=report))
    if not rows:
        msg = f"“{opened.name}” has no building with walls, slabs or spaces: export it with its geometry."
        raise KnownError(msg)
    return SourceCity(
        opened.name,
        f"IFC {model.schema}",
        SourceReference(placing.reference),
        rows,
        Polygons.concatenate([polygons for polygons, _ in parts]),
        np.concatenate([kinds for _, kinds in parts]),
        np.repeat(np.arange(len(parts)), [len(polygons) for polygons, _ in parts]),
        metadata=placing.metadata,
        objects={"Building": len(buildings)},
    )


@contextmanager
def _model(opened: OpenedSource) -> Iterator[Any]:
    """A parsed model.

    Raises
    ------
    KnownError
    """
    _check(opened)
    try:
        import ifcopenshell
    except ImportError:
        msg = f"“{opened.name}” is IFC, which needs an extra: install it with “pip install citytwin-desktop[ifc]”."
        raise KnownError(msg) from None
    with opened.on_disk() as path:
        try:
            model = ifcopenshell.open(str(path))
        except Exception as error:  # noqa: BLE001 - the library raises bare RuntimeError, OSError, its own Error…
            msg = f"“{opened.name}” cannot be read as IFC ({str(error)[:80]}): export it again."
            raise KnownError(msg) from None
        if not every(model, "IfcBuilding"):
            msg = f"“{opened.name}” holds no IfcBuilding: export the whole building."
            raise KnownError(msg)
        try:
            yield model
        except (AttributeError, TypeError, ValueError, RuntimeError, LookupError, ArithmeticError) as error:
            msg = f"“{opened.name}” has damaged entries ({str(error)[:80]}): export it again."
            raise KnownError(msg) from None


def _check(opened: OpenedSource) -> None:
    """Refuse what is no IFC in STEP notation, far too large, or nested so deep that no program wrote it."""
    if not opened.head(200).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"ISO-10303-21"):
        msg = f"“{opened.name}” is no IFC in STEP notation (.ifc): export it as such."
        raise KnownError(msg)
    total, before, ended = 0, b"", False
    with opened.stream() as stream:
        while block := stream.read(_BLOCK):
            total += len(block)
            text = before + block
            if total > MOST_BYTES:
                msg = f"“{opened.name}” is larger than {MOST_BYTES >> 30} GB: export the building alone."
                raise KnownError(msg)
            if _DEEPEST in text:
                msg = f"“{opened.name}” is nested deeper than any building model: export it again."
                raise KnownError(msg)
            ended = ended or b"END-ISO-10303-21" in text
            before = text[-len(_DEEPEST) :]
    if not ended:
        msg = f"“{opened.name}” breaks off before its end: get a complete copy of it."
        raise KnownError(msg)
