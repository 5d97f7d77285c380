"""The command that mends the geometry of buildings as far as that is safe."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from citytwin_desktop.city.changes import DeleteBuildings, InsertBuildings
from citytwin_desktop.city.diagnosis.repair import repair
from citytwin_desktop.city.district import District
from citytwin_desktop.city.geometry_mark import geometry_marks
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted, fragment_of
from citytwin_desktop.errors import KnownError


@register
@dataclass(frozen=True)
class RepairBuildings(Command):
    """Mend the geometry of buildings, surfaces without area taken out; all of them when none is named."""

    id: ClassVar[str] = "repair_buildings"
    summary: ClassVar[str] = "Mend the geometry of buildings as far as that is safe"

    building_ids: tuple[str, ...] = ()

    def prepare(self, district: District) -> Preparation:
        """Work out which surfaces change."""
        city = district.city
        mended, findings = repair(city, thorough=True)
        marks = zip(geometry_marks(mended), geometry_marks(city), strict=True)
        changed = np.array([one != other for one, other in marks], bool)
        if self.building_ids:
            asked = np.zeros(len(changed), bool)
            asked[city.buildings.rows(self.building_ids)] = True
            changed &= asked
        changed &= np.isin(np.arange(len(changed)), mended.rows_with_geometry)
        rows = np.flatnonzero(changed)
        if not len(rows):
            raise KnownError("There is nothing that can be mended without doubt: choose other buildings.")
        told = [item for item in findings.items(mended) if changed[city.buildings.row(item.building_id)]]
        report: dict[str, Any] = {
            "mended": len(rows),
            "items": [{"object": item.building_id, "code": item.code, "message": item.sentence} for item in told],
        }
        changes = (DeleteBuildings(fragment_of(city, rows)), InsertBuildings(fragment_of(mended, rows)))
        return Preparation(changes, f"Mend {counted(len(rows))}", report=report)
