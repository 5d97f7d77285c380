"""The command that imports city files."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from citytwin_desktop.city.changes import Change, DeleteBuildings, Frame, InsertBuildings, SetFrame
from citytwin_desktop.city.counting import buildings_and_parts
from citytwin_desktop.city.district import District
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.terrain_drop import TerrainDrop, moved_up
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted
from citytwin_desktop.document.commands.redelivery import compare, marked, renamed
from citytwin_desktop.document.commands.removed import Box, forgotten, removed_buildings
from citytwin_desktop.document.delivered import delivered_results, with_series
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.city_files import read_sources
from citytwin_desktop.formats.city_formats import TERRAIN
from citytwin_desktop.formats.import_options import CHOSEN_COLUMNS, STOREY_HEIGHT_M, ImportOptions
from citytwin_desktop.formats.kept_sources import KeptSource, kept_source
from citytwin_desktop.formats.opened_source import shown_name
from citytwin_desktop.formats.report import ImportItem, ImportReport
from citytwin_desktop.project.result_store import StoredResult

_LARGEST_STOREY_M, _SMALLEST_STOREY_M = 6.0, 2.0
_DIFFERENT_LEVEL_M = 20.0


@register
@dataclass(frozen=True)
class ImportCity(Command):
    """Read city files and add what they hold, or bring up to date what is there; all of them or none."""

    id: ClassVar[str] = "import_city"
    summary: ClassVar[str] = "Add the buildings of city files, or bring them up to date"

    sources: tuple[str, ...]
    crs: str | None = None
    lod: str | None = None
    bbox: tuple[float, ...] = ()
    types: tuple[str, ...] = ()
    where: str = ""
    columns: tuple[str, ...] = ()
    storey_height_m: float = STOREY_HEIGHT_M
    bring_back: bool = False

    def prepare(self, district: District) -> Preparation:
        """Read every source and work out the new rows."""
        options = self._options()
        report, city, removed = ImportReport(), district.city, removed_buildings(district)
        away = {} if self.bring_back else removed
        changes: list[Change] = []
        kept: list[KeptSource] = []
        delivered: list[StoredResult] = []
        whole = not (self.bbox or self.where or self.types or self.lod)
        # The ground first, for what comes without heights is set on it.
        for path in sorted(map(Path, self.sources), key=lambda path: not path.name.lower().endswith(TERRAIN.endings)):
            for read in read_sources(path, replace(options, project_epsg=city.epsg)):
                original = kept_source(read)
                entry = {"choices": self._logged(path), "content": original.hash if original else ""}
                step, series = _changes(city, read.city, read.report, entry, away, whole=whole)
                report.extend(read.report)
                kept += [original] if original else []
                delivered += series
                changes.extend(step)
                for change in step:
                    city = change.apply(District(city)).city
        changes += forgotten(district, (name for name in removed if name in city.buildings))
        names = ", ".join(shown_name(Path(source)) for source in self.sources)
        logged = {**self._logged(None), "sources": [shown_name(Path(source)) for source in self.sources]}
        told = buildings_and_parts(report.kept - report.parts, report.parts)
        what = told if report.kept or not city.context else "the surroundings"
        return Preparation(
            tuple(changes),
            f"Import {what} from {names}",
            report=report,
            logged=logged,
            kept_sources=tuple(kept),
            delivered=tuple(delivered),
        )

    def _options(self) -> ImportOptions:
        if len(self.bbox) not in (0, 4):
            raise KnownError("The box needs four numbers: give it as X0,Y0,X1,Y1.")
        if not _SMALLEST_STOREY_M <= self.storey_height_m <= _LARGEST_STOREY_M:
            msg = f"A storey of {self.storey_height_m:g} m is unlikely: give a height from 2 to 6 m."
            raise KnownError(msg)
        box = (self.bbox[0], self.bbox[1], self.bbox[2], self.bbox[3]) if self.bbox else None
        pairs = [pair.partition("=") for pair in self.columns]
        if unknown := [name for name, sign, _ in pairs if sign and name.strip() not in CHOSEN_COLUMNS]:
            msg = f"There is no column “{unknown[0]}” to fill: choose one of {', '.join(CHOSEN_COLUMNS)}."
            raise KnownError(msg)
        if bad := [name for name, sign, _ in pairs if not sign]:
            msg = f"The column choice “{bad[0]}” is no pair: give it as COLUMN=ATTRIBUTE, such as height_m=HOEHE."
            raise KnownError(msg)
        return ImportOptions(
            crs=self.crs,
            lod=self.lod,
            bbox=box,
            types=self.types,
            where=self.where,
            columns={name.strip(): attribute.strip() for name, _, attribute in pairs},
            storey_height_m=self.storey_height_m,
        )

    def _logged(self, path: Path | None) -> dict[str, Any]:
        """Parameters that were given, without any path of this computer."""
        given: dict[str, Any] = {
            "crs": self.crs,
            "lod": self.lod,
            "bbox": list(self.bbox),
            "types": list(self.types),
            "where": self.where,
            "columns": list(self.columns),
            "storey_height_m": None if self.storey_height_m == STOREY_HEIGHT_M else self.storey_height_m,
            "bring_back": self.bring_back,
        }
        return {name: value for name, value in given.items() if value or (name in ("crs", "lod", "bbox") and not path)}


def _changes(
    city: CityModel,
    addition: CityModel,
    report: ImportReport,
    about: dict[str, Any],
    removed: Mapping[str, Box | None],
    *,
    whole: bool,
) -> tuple[tuple[Change, ...], tuple[StoredResult, ...]]:
    """Frame and rows that bring an addition into a city, and the time series that came with it."""
    origin = city.origin if city.epsg else addition.origin
    shift = np.subtract(addition.origin, origin)
    polygons = addition.surfaces.polygons.moved(shift)
    context = tuple(replace(layer, polygons=layer.polygons.moved(shift)) for layer in addition.context)
    surfaces = replace(addition.surfaces, polygons=polygons)
    moved = replace(addition, origin=origin, surfaces=surfaces, context=context)
    name = str(addition.metadata["sources"][0]["name"])
    if not addition.metadata["sources"][0].get("has_elevations", True):
        moved = _set_down(city, moved, name, report)
    _tell_levels(city, moved, name, report)
    moved = renamed(city, moved, name, report)
    series = delivered_results(moved)
    moved = with_series(marked(moved, name), series)
    delivery = compare(city, moved, name, report, removed, whole=whole)
    if known := delivery.known:
        message = (
            f"{counted(known)} of the file {'was' if known == 1 else 'were'} in the project already: "
            f"{len(delivery.new.buildings)} brought up to date, {delivery.unchanged} as before."
        )
        report.add(name, "delivered_again", message)
    frame = _frame(city, moved, known, report)
    entry = frame.metadata["sources"][-1]
    entry.update(about, report=report.to_json())
    fragment = delivery.added
    first = int(np.max(city.buildings.columns["fid"], initial=0)) + 1
    fragment.buildings.columns["fid"][:] = np.arange(first, first + len(fragment.buildings))
    changes: list[Change] = [SetFrame(Frame.of(city), frame)]
    if len(delivery.old.buildings):
        changes += [DeleteBuildings(_bare(delivery.old)), InsertBuildings(_bare(delivery.new))]
    if len(fragment.buildings):
        changes.append(InsertBuildings(_bare(fragment)))
    return tuple(changes), tuple(series.values())


def _tell_levels(city: CityModel, addition: CityModel, name: str, report: ImportReport) -> None:
    """Warn where buildings of a flat map stay at height 0 while the ground, or their neighbours, lie elsewhere."""
    maps = [source for source in city.metadata.get("sources", []) if not source.get("has_elevations", True)]
    remedy = "Set the buildings on the terrain: edit PROJECT drop_to_terrain."
    if maps and any(layer.kind is ContextKind.TERRAIN for layer in addition.context):
        message = f"The buildings of “{maps[0]['name']}” came without heights and are not on this terrain yet."
        report.take(ImportItem(name, "warning", "below_terrain", message, "kept", remedy))
    flat = not addition.metadata["sources"][0].get("has_elevations", True)
    if not (flat and len(city.surfaces) and len(addition.surfaces)):
        return
    levels = [float(np.nanmedian(part.bounds_m[0][:, 2])) for part in (city, addition)]
    if abs(levels[0] - levels[1]) > _DIFFERENT_LEVEL_M:
        message = (
            f"It is a map without heights: its buildings stand at {levels[1]:.0f} m, the others at {levels[0]:.0f} m."
        )
        report.take(
            ImportItem(name, "warning", "levels_differ", message, "kept", "Import a terrain, then set them on it.")
        )


def _set_down(city: CityModel, addition: CityModel, name: str, report: ImportReport) -> CityModel:
    """Let buildings of a flat map stand on the terrain where there is one."""
    around = replace(addition, context=(*city.context, *addition.context))
    if not any(layer.kind is ContextKind.TERRAIN for layer in around.context) or not len(addition.surfaces):
        return addition
    drop = TerrainDrop.of(around, base_m=0.0)
    if count := int((drop.offsets_m != 0.0).sum()):
        report.add(name, "set_on_terrain", f"{counted(count)} of a map without heights were set on the terrain.")
    if count := int(drop.off_terrain.sum()):
        report.add(name, "off_terrain", f"No ground is known under {counted(count)}, which stay at height 0.")
    return moved_up(addition, drop.offsets_m)


def _frame(city: CityModel, addition: CityModel, known: int, report: ImportReport) -> Frame:
    """Frame with the layers and the description of a source, last of all.

    Those of an older delivery of the same source give way: of the same file name, or the only source when most of
    its buildings came again. A layer goes only when the delivery brings one of its kind.
    """
    entry = {name: value for name, value in addition.metadata["sources"][0].items() if name != "delivered"}
    sources = list(city.metadata.get("sources", []))
    older = [source for source in sources if source.get("name") == entry["name"]] if known else []
    if known and not older and len(sources) == 1 and known * 2 > len(city.buildings):
        older = sources
    gone = {name for source in older for name in source.get("layers", ())}
    brought = {layer.kind for layer in addition.context}
    layers = [layer for layer in city.context if not (layer.name in gone and layer.kind in brought)]
    if replaced := len(city.context) - len(layers):
        report.add(str(entry["name"]), "layers_replaced", f"{replaced} layers of its older delivery were replaced.")
    taken, named = {layer.name for layer in layers}, []
    for layer in addition.context:
        name, number = layer.name, 1
        while name in taken:
            number += 1
            name = f"{layer.name} {number}"
        taken.add(name)
        named.append(replace(layer, name=name))
    kept_layers = [layer.name for layer in layers if layer.name in gone]
    entry["layers"] = [*kept_layers, *(layer.name for layer in named)]
    others = [source for source in sources if source not in older]
    metadata = {**city.metadata, "sources": [*others, entry]}
    return Frame(addition.epsg, addition.origin, (*layers, *named), metadata)


def _bare(city: CityModel) -> CityModel:
    return CityModel(buildings=city.buildings, surfaces=city.surfaces)
