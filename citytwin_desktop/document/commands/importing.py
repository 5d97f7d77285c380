"""The command that imports city files."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np

from citytwin_desktop.city.changes import Change, Frame, InsertBuildings, SetFrame
from citytwin_desktop.city.district import District
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.city_files import read_city_file
from citytwin_desktop.formats.report import ImportReport


@register
@dataclass(frozen=True)
class ImportCity(Command):
    """Read city files and add what they hold; all of them or none."""

    id: ClassVar[str] = "import_city"
    summary: ClassVar[str] = "Add the buildings of city files"

    sources: tuple[str, ...]
    crs: str | None = None
    lod: str | None = None
    bbox: tuple[float, ...] = ()

    def prepare(self, district: District) -> Preparation:
        """Read every source and work out the new rows."""
        if len(self.bbox) not in (0, 4):
            raise KnownError("The box needs four numbers: give it as X0,Y0,X1,Y1.")
        box = (self.bbox[0], self.bbox[1], self.bbox[2], self.bbox[3]) if self.bbox else None
        report, city = ImportReport(), district.city
        changes: list[Change] = []
        for source in self.sources:
            addition, remarks = read_city_file(Path(source), crs=self.crs, lod=self.lod, bbox=box)
            report.extend(remarks)
            step = _changes(city, addition, Path(source).name)
            changes.extend(step)
            for change in step:
                city = change.apply(District(city)).city
        names = ", ".join(Path(source).name for source in self.sources)
        files = [Path(source).name for source in self.sources]
        logged = {"sources": files, "crs": self.crs, "lod": self.lod, "bbox": list(self.bbox)}
        return Preparation(tuple(changes), f"Import {counted(report.kept)} from {names}", report=report, logged=logged)


def _changes(city: CityModel, addition: CityModel, name: str) -> tuple[Change, ...]:
    """Frame and rows that bring an addition into a city."""
    if city.epsg and city.epsg != addition.epsg:
        msg = f"“{name}” is in EPSG:{addition.epsg} and the project in EPSG:{city.epsg}: convert the file first."
        raise KnownError(msg)
    if taken := set(city.buildings.ids) & set(addition.buildings.ids):
        msg = f"The project already has a building “{min(taken)}” ({len(taken)} in all) of “{name}”: remove it first."
        raise KnownError(msg)
    origin = city.origin if city.epsg else addition.origin
    shift = np.subtract(addition.origin, origin)
    context = tuple(replace(layer, polygons=layer.polygons.moved(shift)) for layer in addition.context)
    sources = [*city.metadata.get("sources", []), *addition.metadata.get("sources", [])]
    metadata = {**city.metadata, "sources": sources}
    frame = Frame(addition.epsg, origin, city.context + context, metadata)
    first = int(np.max(city.buildings.columns["fid"], initial=0)) + 1
    addition.buildings.columns["fid"][:] = np.arange(first, first + len(addition.buildings))
    polygons = addition.surfaces.polygons.moved(shift)
    fragment = CityModel(buildings=addition.buildings, surfaces=replace(addition.surfaces, polygons=polygons))
    return SetFrame(Frame.of(city), frame), InsertBuildings(fragment)
