"""Commands that give buildings another footprint or another roof."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import shapely

from citytwin_desktop.city.changes import SetCells
from citytwin_desktop.city.district import District
from citytwin_desktop.city.shaping.bodies import named_body
from citytwin_desktop.city.shaping.kept_openings import KeptOpenings, with_openings_kept
from citytwin_desktop.city.shaping.kept_roofs import body_with_old_roofs
from citytwin_desktop.city.shaping.outlines import checked_outline, plans_of
from citytwin_desktop.city.shaping.plan_bodies import Body
from citytwin_desktop.city.shaping.roof_forms import RoofForm, roof_form, slope_for
from citytwin_desktop.city.shaping.roofs import RoofShape, roof_over
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted, set_cells
from citytwin_desktop.document.commands.shaping import HIGHEST_M, Chosen, check_number, report_of, surface_changes
from citytwin_desktop.errors import KnownError

LOWEST_PITCH_DEG, HIGHEST_PITCH_DEG = 1.0, 80.0
_LEAST_WALL_M = 0.1
MOST_TOLD = 20
"""Names of openings that a report lists."""


@register
@dataclass(frozen=True)
class SetFootprint(Command):
    """Draw a building anew over another footprint, with the roof and the heights that it has.

    Flat, shed, gable and hip roofs are drawn again between the same eaves and ridge. Of other roofs every place keeps
    the plane that lies over it, and what is new gets that of the nearest one.
    """

    id: ClassVar[str] = "set_footprint"
    summary: ClassVar[str] = "Give a building another footprint; roof shape and heights stay"

    building_id: str
    footprint: tuple[float, ...]
    holes: tuple[float, ...] = ()
    hole_sizes: tuple[float, ...] = ()

    def prepare(self, district: District) -> Preparation:
        """Work out the new body."""
        outline = checked_outline(self.footprint, "The footprint", self.holes, self.hole_sizes)
        chosen = Chosen.of(district, (self.building_id,))
        own = np.unique(chosen.surfaces.building)
        if len(own) > 1:
            msg = f"Building “{self.building_id}” has {len(own)} parts: change the footprint of one of them."
            raise KnownError(msg)
        plans = plans_of(chosen.surfaces)
        if len(plans) != 1:
            msg = f"Building “{self.building_id}” stands on {len(plans)} plots: split it first."
            raise KnownError(msg)
        form = roof_form(chosen.surfaces, plans[0])
        place = int(own[0])
        name = str(district.city.buildings.ids[chosen.rows[place]])
        body = _over(outline, form, chosen.surfaces)
        kept = with_openings_kept(chosen.surfaces, named_body(body, name, place))
        title = f"Footprint of {self.building_id} to {round(outline.area, 1):g} m²{_lost_words([kept])}"
        report = report_of(area_m2=outline.area, roof=form.shape.value if form.shape else "kept", **_told([kept]))
        sentence = "footprint drawn anew in the project"
        return Preparation(surface_changes(district, chosen, kept.surfaces, sentence), title, report=report)


@register
@dataclass(frozen=True)
class SetRoof(Command):
    """Give buildings a roof of one shape above the eaves that they have."""

    id: ClassVar[str] = "set_roof"
    summary: ClassVar[str] = "Give buildings a flat, gable, hip or shed roof above their eaves"

    building_ids: tuple[str, ...]
    shape: str
    pitch_deg: float = 35.0
    ridge_deg: float | None = None

    def prepare(self, district: District) -> Preparation:
        """Work out the new bodies."""
        shape = roof_shape(self.shape)
        check_number(self.pitch_deg, "The pitch", LOWEST_PITCH_DEG, HIGHEST_PITCH_DEG, "°")
        if self.ridge_deg is not None:
            check_number(self.ridge_deg, "The direction of the ridge", -360.0, 360.0, "°")
        chosen = Chosen.of(district, self.building_ids)
        parts: list[KeptOpenings] = []
        for place in np.unique(chosen.surfaces.building).tolist():
            mine = chosen.surfaces.stretch(chosen.surfaces.of_building(place))
            name = str(district.city.buildings.ids[chosen.rows[place]])
            parts.append(with_openings_kept(mine, named_body(self._body(mine, shape, name), name, place)))
        after = Surfaces.concatenate([part.surfaces for part in parts])
        how = "" if shape is RoofShape.FLAT else f" of {self.pitch_deg:g}°"
        title = f"{shape.value.capitalize()} roof{how} on {counted(len(chosen.ids))}{_lost_words(parts)}"
        sentence = f"{shape.value} roof{how} drawn in the project"
        changes = [*surface_changes(district, chosen, after, sentence), *_detail(district, chosen, shape)]
        return Preparation(tuple(changes), title, report=report_of(**_told(parts)))

    def _body(self, surfaces: Surfaces, shape: RoofShape, name: str) -> Body:
        plans = plans_of(surfaces)
        if not plans or plans[0].area < 1.0:
            msg = f"Building “{name}” has no footprint to put a roof on: give it one with set_footprint."
            raise KnownError(msg)
        form = roof_form(surfaces, plans[0])
        if form.eaves_m - form.base_m < _LEAST_WALL_M:
            msg = f"Building “{name}” has no walls to put a roof on: set its height first."
            raise KnownError(msg)
        bodies = []
        for plan in plans:
            try:
                roof = roof_over(plan, shape, self.ridge_deg)
            except KnownError as error:
                msg = f"Building “{name}”: {str(error)[0].lower()}{str(error)[1:]}"
                raise KnownError(msg) from None
            slope = math.tan(math.radians(self.pitch_deg))
            if form.eaves_m - form.base_m + slope * roof.rise_m > HIGHEST_M:
                msg = f"Building “{name}” would be higher than 1,000 m: give less pitch."
                raise KnownError(msg)
            bodies.append(roof.body(form.base_m, form.eaves_m, slope))
        return Body.joined(bodies)


def roof_shape(text: str) -> RoofShape:
    """Shape of a roof by its name.

    Raises
    ------
    KnownError
        When there is none of that name.
    """
    try:
        return RoofShape(text.strip().lower())
    except ValueError:
        msg = f"There is no roof shape “{text}”: choose one of {', '.join(RoofShape)}."
        raise KnownError(msg) from None


def _over(outline: shapely.Polygon, form: RoofForm, surfaces: Surfaces) -> Body:
    """Body over a new outline with the roof of the old one."""
    if form.top_m - form.base_m < _LEAST_WALL_M:
        raise KnownError("The building has no height: set its height first.")
    if form.shape is None:
        return body_with_old_roofs(surfaces, outline, form)
    roof = roof_over(outline, form.shape, form.ridge_deg)
    return roof.body(form.base_m, form.eaves_m, slope_for(roof, form.top_m - form.eaves_m))


def _detail(district: District, chosen: Chosen, shape: RoofShape) -> list[SetCells]:
    """Level of detail of buildings without roof shapes, which have one now."""
    lods = district.city.buildings.columns["lod"]
    rows = chosen.rows[np.unique(chosen.surfaces.building)]
    plain = [row for row in rows.tolist() if str(lods[row])[:1] in ("0", "1")]
    if shape is RoofShape.FLAT or not plain:
        return []
    names = tuple(str(name) for name in district.city.buildings.ids[plain])
    return [set_cells(district, "lod", names, ["2"] * len(names))]


def _lost_words(parts: Sequence[KeptOpenings]) -> str:
    """For a title: how many windows and doors went with their walls."""
    count = sum(len(part.dropped) for part in parts)
    return f", {count} drawn opening{'s' if count > 1 else ''} dropped" if count else ""


def _told(parts: Sequence[KeptOpenings]) -> dict[str, Any]:
    """Windows and doors that were drawn as surfaces: how many stay, and which do not."""
    dropped = [name for part in parts for name in part.dropped]
    kept = sum(len(part.kept) for part in parts)
    counts = {"openings_kept": kept, "openings_lost": len(dropped)} if kept or dropped else {}
    return {**counts, "openings_dropped": dropped[:MOST_TOLD]}
