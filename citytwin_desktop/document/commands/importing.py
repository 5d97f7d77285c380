"""The command that imports city files."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from citytwin_desktop.city.changes import Change, DeleteBuildings, Frame, InsertBuildings, SetFrame
from citytwin_desktop.city.district import District
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.terrain_drop import TerrainDrop, moved_up
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted
from citytwin_desktop.document.commands.redelivery import compare, marked
from citytwin_desktop.document.delivered import delivered_results
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.city_files import read_city_files
from citytwin_desktop.formats.city_formats import TERRAIN
from citytwin_desktop.formats.import_options import STOREY_HEIGHT_M, ImportOptions
from citytwin_desktop.formats.kept_sources import KeptSource, kept_source
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.project.result_store import StoredResult

_LARGEST_STOREY_M, _SMALLEST_STOREY_M = 6.0, 2.0


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

    def prepare(self, district: District) -> Preparation:
        """Read every source and work out the new rows."""
        options = self._options()
        report, city = ImportReport(), district.city
        changes: list[Change] = []
        kept: list[KeptSource] = []
        delivered: dict[str, StoredResult] = {}
        # The ground first, for what comes without heights is set on it.
        for path in sorted(map(Path, self.sources), key=lambda path: not path.name.lower().endswith(TERRAIN.endings)):
            for addition, remarks in read_city_files(path, replace(options, project_epsg=city.epsg)):
                original = kept_source(path, addition)
                delivered |= delivered_results(addition)
                step, addition_report = _changes(city, addition, remarks, self._logged(path), original)
                report.extend(addition_report)
                kept += [original] if original else []
                changes.extend(step)
                for change in step:
                    city = change.apply(District(city)).city
        names = ", ".join(Path(source).name for source in self.sources)
        logged = {**self._logged(None), "sources": [Path(source).name for source in self.sources]}
        what = counted(report.kept) if report.kept or not city.context else "the surroundings"
        return Preparation(
            tuple(changes),
            f"Import {what} from {names}",
            report=report,
            logged=logged,
            kept_sources=tuple(kept),
            delivered=delivered,
        )

    def _options(self) -> ImportOptions:
        if len(self.bbox) not in (0, 4):
            raise KnownError("The box needs four numbers: give it as X0,Y0,X1,Y1.")
        if not _SMALLEST_STOREY_M <= self.storey_height_m <= _LARGEST_STOREY_M:
            msg = f"A storey of {self.storey_height_m:g} m is unlikely: give a height from 2 to 6 m."
            raise KnownError(msg)
        box = (self.bbox[0], self.bbox[1], self.bbox[2], self.bbox[3]) if self.bbox else None
        pairs = [pair.partition("=") for pair in self.columns]
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
        }
        return {name: value for name, value in given.items() if value or (name in ("crs", "lod", "bbox") and not path)}


def _changes(
    city: CityModel, addition: CityModel, report: ImportReport, choices: dict[str, Any], original: KeptSource | None
) -> tuple[tuple[Change, ...], ImportReport]:
    """Frame and rows that bring an addition into a city."""
    origin = city.origin if city.epsg else addition.origin
    shift = np.subtract(addition.origin, origin)
    entry = {name: value for name, value in addition.metadata["sources"][0].items() if name != "delivered"}
    polygons = addition.surfaces.polygons.moved(shift)
    context = tuple(replace(layer, polygons=layer.polygons.moved(shift)) for layer in addition.context)
    moved = CityModel(addition.epsg, origin, addition.buildings, replace(addition.surfaces, polygons=polygons), context)
    if not entry.get("has_elevations", True):
        moved = _set_down(city, moved, entry["name"], report)
    delivery = compare(city, marked(moved, entry["name"]), entry["name"], report)
    if known := len(delivery.old.buildings) + delivery.unchanged:
        message = (
            f"{counted(known)} were in the project already: {len(delivery.new.buildings)} brought up to date, "
            f"{delivery.unchanged} as before."
        )
        report.add(entry["name"], "delivered_again", message)
    entry |= {"choices": choices, "content": original.hash if original else "", "report": report.to_json()}
    frame = _frame(city, addition.epsg, origin, context, entry, again=bool(known))
    fragment = delivery.added
    first = int(np.max(city.buildings.columns["fid"], initial=0)) + 1
    fragment.buildings.columns["fid"][:] = np.arange(first, first + len(fragment.buildings))
    changes: list[Change] = [SetFrame(Frame.of(city), frame)]
    if len(delivery.old.buildings):
        changes += [DeleteBuildings(_bare(delivery.old)), InsertBuildings(_bare(delivery.new))]
    if len(fragment.buildings):
        changes.append(InsertBuildings(_bare(fragment)))
    return tuple(changes), report


def _set_down(city: CityModel, addition: CityModel, name: str, report: ImportReport) -> CityModel:
    """Let buildings of a flat map stand on the terrain where there is one."""
    around = replace(addition, context=(*city.context, *addition.context))
    if not any(layer.kind is ContextKind.TERRAIN for layer in around.context) or not len(addition.surfaces):
        return addition
    drop = TerrainDrop.of(around)
    if count := int((drop.offsets_m != 0.0).sum()):
        report.add(name, "set_on_terrain", f"{counted(count)} of a map without heights were set on the terrain.")
    if count := int(drop.off_terrain.sum()):
        report.add(name, "off_terrain", f"No ground is known under {counted(count)}, which stay at height 0.")
    return moved_up(addition, drop.offsets_m)


def _frame(
    city: CityModel,
    epsg: int,
    origin: tuple[float, float, float],
    context: tuple[ContextLayer, ...],
    entry: dict[str, Any],
    *,
    again: bool,
) -> Frame:
    """Frame with the layers and the description of a source; those of an older delivery of it give way."""
    sources = list(city.metadata.get("sources", []))
    older = [source for source in sources if source.get("name") == entry["name"]]
    if again and not older and len(sources) == 1:
        older = sources
    gone = {name for source in older for name in source.get("layers", ())} if again else set()
    layers = [layer for layer in city.context if layer.name not in gone]
    taken, named = {layer.name for layer in layers}, []
    for layer in context:
        name, number = layer.name, 1
        while name in taken:
            number += 1
            name = f"{layer.name} {number}"
        taken.add(name)
        named.append(replace(layer, name=name))
    entry["layers"] = [layer.name for layer in named]
    kept = [source for source in sources if not (again and source in older)]
    return Frame(epsg, origin, (*layers, *named), {**city.metadata, "sources": [*kept, entry]})


def _bare(city: CityModel) -> CityModel:
    return CityModel(buildings=city.buildings, surfaces=city.surfaces)
