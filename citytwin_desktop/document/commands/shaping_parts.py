"""Commands that cut a building in two, and that make one of several."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from citytwin_desktop.city.buildings import COLUMNS, VALUE_ORIGINS
from citytwin_desktop.city.changes import Change, DeleteBuildings, SetCells
from citytwin_desktop.city.district import District
from citytwin_desktop.city.geometry_mark import GEOMETRY
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import FloatArray, IntArray
from citytwin_desktop.city.shaping.bodies import renamed
from citytwin_desktop.city.shaping.levels import Levels
from citytwin_desktop.city.shaping.merging import Merged, merge, touching_groups
from citytwin_desktop.city.shaping.outlines import checked_points, plans_of
from citytwin_desktop.city.shaping.splitting import Halves, split
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted, fragment_of, set_cells
from citytwin_desktop.document.commands.kept_edits import MERGED
from citytwin_desktop.document.commands.new_rows import free_id, inserted, same_packages, without_packages
from citytwin_desktop.document.commands.shaping import Chosen, surface_changes
from citytwin_desktop.document.delivered import SERIES
from citytwin_desktop.document.delivered_values import DELIVERED
from citytwin_desktop.errors import KnownError

_SHORTEST_LINE_M = 0.01
_SMALLEST_PLAN_M2 = 1.0
MOST_MERGED = 200


@register
@dataclass(frozen=True)
class SplitBuilding(Command):
    """Cut a building by the upright plane through a line, without end in both directions.

    The larger piece keeps the identifier; the other is called after it with the next free number from 2. Columns are
    copied, height and storeys follow the pieces. Parts on the far side go along, parts that are hit are cut.
    """

    id: ClassVar[str] = "split_building"
    summary: ClassVar[str] = "Cut a building in two by an upright plane"

    building_id: str
    line: tuple[float, ...]

    def prepare(self, district: District) -> Preparation:
        """Work out both pieces."""
        points = checked_points(self.line, "The line")
        if len(points) != 2 or np.hypot(*(points[1] - points[0])) < _SHORTEST_LINE_M:
            raise KnownError("The line does not have two different ends: give it as x0,y0,x1,y1.")
        chosen = Chosen.of(district, (self.building_id,))
        halves = self._halves(chosen, points)
        kept, gone = self._sides(halves)
        return _Pieces(district, chosen, kept, gone, self.building_id).preparation()

    def _halves(self, chosen: Chosen, line_m: FloatArray) -> dict[int, Halves]:
        halves = {}
        for place in np.unique(chosen.surfaces.building).tolist():
            found = split(chosen.surfaces.stretch(chosen.surfaces.of_building(place)), line_m)
            if not found.closed:
                msg = f"The body of “{self.building_id}” has gaps where the line cuts it: repair it, or give it a roof."
                raise KnownError(msg)
            halves[place] = found
        return halves

    def _sides(self, halves: dict[int, Halves]) -> tuple[dict[int, Surfaces], dict[int, Surfaces]]:
        """Surfaces of the piece that keeps the identifier, and of the other, by place."""
        left = {place: half.left for place, half in halves.items() if len(half.left)}
        right = {place: half.right for place, half in halves.items() if len(half.right)}
        area = [sum(plan.area for part in side.values() for plan in plans_of(part)) for side in (left, right)]
        if min(area) < _SMALLEST_PLAN_M2:
            msg = f"The line leaves no piece of “{self.building_id}” of at least 1 m²: draw it through the footprint."
            raise KnownError(msg)
        return (left, right) if area[0] >= area[1] - 1e-6 else (right, left)


class _Pieces:
    """Changes that leave one piece in place and make rows of the other."""

    def __init__(
        self, district: District, chosen: Chosen, kept: dict[int, Surfaces], gone: dict[int, Surfaces], whole: str
    ) -> None:
        self.district, self.chosen, self.kept, self.gone, self.whole = district, chosen, kept, gone, whole
        self.buildings = district.city.buildings
        self.ids = [str(name) for name in self.buildings.ids[chosen.rows]]
        self.sentence = f"cut from “{whole}” in the project"

    def preparation(self) -> Preparation:
        """Everything at once."""
        new = free_id(self.whole, self.buildings, 2)
        lead = self.ids.index(self.whole)
        # Parts that lie on the far side whole only change their parent.
        moved = [place for place in self.gone if place not in self.kept and place != lead]
        names = {lead: new}
        taken = {new}
        for place in self.gone:
            if place not in moved and place != lead:
                stem, number = self.ids[place], 2
                while (name := f"{stem}-{number}") in self.buildings or name in taken:
                    number += 1
                names[place] = name
                taken.add(name)
        rows = [self._row(place, name, new) for place, name in names.items()]
        surfaces = [renamed(self.gone.get(place, Surfaces.empty()), name, 0) for place, name in names.items()]
        changes: list[Change] = list(surface_changes(self.district, self.chosen, self._left(moved), self.sentence))
        changes += self._storeys_left()
        if moved:
            parts = tuple(self.ids[place] for place in moved)
            changes.append(set_cells(self.district, "parent_id", parts, [new] * len(parts)))
        changes.append(inserted(self.district, rows, surfaces))
        changes += same_packages(self.district, {name: self.ids[place] for place, name in names.items()})
        report = {"kept": self.whole, "new": new, "parts_moved": [self.ids[place] for place in moved]}
        return Preparation(tuple(changes), f"Split {self.whole}, new {new}", report=report)

    def _left(self, moved: list[int]) -> Surfaces:
        """Surfaces that stay with the chosen rows."""
        parts = []
        for place in range(len(self.chosen.rows)):
            mine = self.gone[place] if place in moved else self.kept.get(place, Surfaces.empty())
            parts.append(renamed(mine, self.ids[place], place))
        return Surfaces.concatenate(parts)

    def _row(self, place: int, name: str, whole: str) -> dict[str, Any]:
        """Columns of a new row after those of the one that it was cut from."""
        source = int(self.chosen.rows[place])
        row = {column: self.buildings.columns[column][source] for column in COLUMNS}
        row |= {"id": name, "parent_id": "" if name == whole else whole}
        if name == whole:
            row["parent_id"] = self.buildings.columns["parent_id"][source]
        origins = {key: item for key, item in row[VALUE_ORIGINS].items() if key not in (DELIVERED, SERIES, MERGED)}
        row[VALUE_ORIGINS] = {**origins, GEOMETRY: ["", self.sentence]}
        row["attributes"] = dict(row["attributes"])
        if place in self.gone:
            levels = Levels.of(renamed(self.gone[place], name, 0), 1)
            if np.isfinite(row["height_m"]):
                row["height_m"] = round(float(levels.height_m[0]), 6)
                row[VALUE_ORIGINS]["height_m"] = [row["height_m"], self.sentence]
            row["storeys"] = self._storeys(place, levels)
        return row

    def _storeys(self, place: int, piece: Levels) -> float:
        """Storeys of a piece: in proportion to its eaves."""
        known = float(self.buildings.columns["storeys"][self.chosen.rows[place]])
        whole = self.chosen.levels
        before = float(whole.eaves_m[place] - whole.base_m[place])
        share = float(piece.eaves_m[0] - piece.base_m[0]) / max(before, 0.1)
        return max(1.0, round(known * share)) if np.isfinite(known) else np.nan

    def _storeys_left(self) -> list[Change]:
        found = {}
        for place, surfaces in self.kept.items():
            storeys = self._storeys(place, Levels.of(renamed(surfaces, "", 0), 1))
            known = float(self.buildings.columns["storeys"][self.chosen.rows[place]])
            if np.isfinite(known) and storeys != known:
                found[self.ids[place]] = storeys
        return [set_cells(self.district, "storeys", tuple(found), list(found.values()))] if found else []


@register
@dataclass(frozen=True)
class MergeBuildings(Command):
    """Make one building of several that touch or overlap.

    The largest by volume keeps its identifier and its values. All surfaces stay but those that two of them turn to
    each other; where bodies overlap their union is drawn anew, with the highest roof and the lowest ground everywhere.
    """

    id: ClassVar[str] = "merge_buildings"
    summary: ClassVar[str] = "Make one building of several that touch or overlap"

    building_ids: tuple[str, ...]

    def prepare(self, district: District) -> Preparation:
        """Work out the common body."""
        chosen = Chosen.of(district, self.building_ids)
        places = np.flatnonzero(chosen.leader == np.arange(len(chosen.rows)))
        if len(places) < 2:
            raise KnownError("Only one building is chosen: select two or more that touch.")
        if len(chosen.rows) > MOST_MERGED:
            msg = f"{len(chosen.rows)} buildings and parts are too many to merge at once: choose {MOST_MERGED} at most."
            raise KnownError(msg)
        ids = [str(name) for name in district.city.buildings.ids[chosen.rows]]
        body = self._body(chosen, ids)
        largest = self._largest(district.city, chosen, places)
        gone = np.delete(np.arange(len(ids)), largest)
        sentence = f"merged of {counted(len(places))} in the project"
        # Its own row alone: its parts go with all others.
        alone = Chosen.of_row(district, int(chosen.rows[largest]))
        changes: list[Change] = list(
            surface_changes(district, alone, renamed(body.surfaces, ids[largest], 0), sentence)
        )
        changes = [self._noted(change, district, chosen, gone, sentence) for change in changes]
        changes += without_packages(district, {ids[place] for place in gone})
        changes.append(DeleteBuildings(fragment_of(district.city, np.sort(chosen.rows[gone]))))
        named = [ids[place] for place in places if place != largest]
        report = {"kept": ids[largest], "merged": named, "removed_wall_m2": body.removed_m2, "redrawn": body.redrawn}
        return Preparation(tuple(changes), f"Merge {counted(len(places))} into {ids[largest]}", report=report)

    def _body(self, chosen: Chosen, ids: list[str]) -> Merged:
        owners = np.unique(chosen.surfaces.building)
        pooled = Surfaces(
            chosen.surfaces.polygons,
            chosen.surfaces.kind,
            np.searchsorted(owners, chosen.surfaces.building),
            chosen.surfaces.source_id,
        )
        group = touching_groups(pooled, len(owners))
        if group.any():
            apart = ids[int(owners[int(np.flatnonzero(group != group[0])[0])])]
            msg = f"Building “{apart}” does not touch “{ids[int(owners[0])]}”: choose buildings that stand together."
            raise KnownError(msg)
        body = merge(pooled, len(owners))
        if body is None:
            raise KnownError(
                "The buildings overlap where one stands above the other, so that their union cannot be drawn: "
                "move one of them first."
            )
        return body

    def _noted(self, change: Change, district: District, chosen: Chosen, gone: IntArray, sentence: str) -> Change:
        """With the names of those that go among the origins, for a newer delivery holds them still."""
        if not isinstance(change, SetCells) or change.column != VALUE_ORIGINS:
            return change
        columns = district.city.buildings.columns
        names = [str(name) for name in columns["id"][chosen.rows[gone]]]
        for noted in columns[VALUE_ORIGINS][chosen.rows]:
            names += noted.get(MERGED, [[]])[0]
        return replace(change, after=({**change.after[0], MERGED: [names, sentence]},))

    def _largest(self, city: CityModel, chosen: Chosen, places: "np.ndarray[Any, np.dtype[np.int64]]") -> int:
        part = CityModel(buildings=city.buildings.take(chosen.rows), surfaces=chosen.surfaces)
        volume = np.bincount(chosen.leader, part.volumes_m3(), minlength=len(chosen.rows))
        return int(places[int(np.argmax(volume[places]))])
