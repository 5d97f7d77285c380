"""The command that sets buildings down on the terrain."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from citytwin_desktop.city.changes import DeleteBuildings, InsertBuildings
from citytwin_desktop.city.district import District
from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.terrain_drop import TerrainDrop, moved_up
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted, fragment_of
from citytwin_desktop.errors import KnownError

_LEAST_MOVE_M = 0.001


@register
@dataclass(frozen=True)
class DropToTerrain(Command):
    """Move buildings up or down until they stand on the ground; all of them when none is named."""

    id: ClassVar[str] = "drop_to_terrain"
    summary: ClassVar[str] = "Move buildings up or down until they stand on the terrain"

    building_ids: tuple[str, ...] = ()

    def prepare(self, district: District) -> Preparation:
        """Work out which rows move, and how far."""
        city = district.city
        if not any(layer.kind is ContextKind.TERRAIN and len(layer.polygons) for layer in city.context):
            raise KnownError("The project has no terrain to stand on: import a terrain grid or a TIN first.")
        chosen = city.buildings.rows(self.building_ids) if self.building_ids else None
        drop = TerrainDrop.of(city, chosen)
        rows = np.flatnonzero(np.abs(drop.offsets_m) >= _LEAST_MOVE_M)
        off_terrain = [str(name) for name in city.buildings.ids[drop.off_terrain]]
        if not len(rows):
            if off_terrain:
                msg = f"No ground is known under {counted(len(off_terrain))}: import a terrain that reaches there."
                raise KnownError(msg)
            raise KnownError("The buildings stand on the terrain already: choose others.")
        moves = drop.offsets_m[rows]
        report = {
            "moved": len(rows),
            "highest_move_m": float(moves.max()),
            "lowest_move_m": float(moves.min()),
            "off_terrain": off_terrain,
        }
        before = fragment_of(city, rows)
        after = fragment_of(moved_up(city, drop.offsets_m), rows)
        title = f"Set {counted(len(rows))} on the terrain"
        return Preparation((DeleteBuildings(before), InsertBuildings(after)), title, report=report)
