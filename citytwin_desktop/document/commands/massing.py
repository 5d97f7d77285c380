"""The command that draws a proposal: several buildings laid out on a site by rules."""

from dataclasses import dataclass
from typing import Any, ClassVar

import shapely

from citytwin_desktop.city.buildings import VALUE_ORIGINS
from citytwin_desktop.city.district import District
from citytwin_desktop.city.geometry_mark import GEOMETRY
from citytwin_desktop.city.shaping.bodies import named_body
from citytwin_desktop.city.shaping.ground import terrain_of
from citytwin_desktop.city.shaping.massing import MOST_STOREYS, Massing, MassingKind, MassingRules, massing
from citytwin_desktop.city.shaping.outlines import checked_outline
from citytwin_desktop.city.shaping.roofs import RoofShape, roof_over
from citytwin_desktop.city.surfaces import Surfaces
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted
from citytwin_desktop.document.commands.new_rows import free_id, inserted
from citytwin_desktop.document.commands.shaping import HIGHEST_M, check_number
from citytwin_desktop.document.commands.shaping_new import Site, new_columns, overlapped
from citytwin_desktop.errors import KnownError

DEPTH_M, SPACING_M, STOREY_HEIGHT_M = 12.0, 15.0, 3.2
_WIDEST_M = 500.0


@register
@dataclass(frozen=True)
class AddMassing(Command):
    """Draw buildings with flat roofs on a site; what they add up to is reported.

    One of floor area ratio, height and storeys says how high they are: with a ratio each gets as many whole storeys
    as come nearest to it, with a height as many as fit below it.
    """

    id: ClassVar[str] = "add_massing"
    summary: ClassVar[str] = "Draw a proposal on a site: a block, rows, towers or a courtyard"

    site: tuple[float, ...]
    kind: str
    floor_area_ratio: float | None = None
    height_m: float | None = None
    storeys: float | None = None
    storey_height_m: float = STOREY_HEIGHT_M
    depth_m: float = DEPTH_M
    spacing_m: float = SPACING_M
    setback_m: float = 0.0
    function: str = ""
    year_built: float | None = None

    def prepare(self, district: District) -> Preparation:
        """Work out plans, storeys and bodies."""
        outline = checked_outline(self.site, "The site")
        rules = self._rules()
        proposal = massing(outline, rules, self.floor_area_ratio, self._storeys())
        highest = max(proposal.storeys) * self.storey_height_m
        if highest > HIGHEST_M or max(proposal.storeys) > MOST_STOREYS:
            msg = f"The buildings would be {highest:,.0f} m high: reduce the floor area ratio or build more densely."
            raise KnownError(msg)
        rows, bodies = self._rows(district, proposal)
        title = f"Draw {counted(len(rows))} as {rules.kind.value}, floor area ratio {proposal.floor_area_ratio:.2f}"
        report = {
            "ids": [row["id"] for row in rows],
            "site_m2": proposal.site_m2,
            "gross_floor_area_m2": proposal.floor_area_m2,
            "floor_area_ratio": proposal.floor_area_ratio,
            "coverage": proposal.coverage,
            "storeys": list(proposal.storeys),
            "overlaps": overlapped(district.city, list(proposal.plans)),
        }
        return Preparation((inserted(district, rows, bodies),), title, report=report)

    def _rules(self) -> MassingRules:
        try:
            kind = MassingKind(self.kind.strip().lower())
        except ValueError:
            msg = f"There is no massing “{self.kind}”: choose one of {', '.join(MassingKind)}."
            raise KnownError(msg) from None
        check_number(self.depth_m, "The depth", 3.0, _WIDEST_M, "m")
        check_number(self.spacing_m, "The spacing", 0.0, _WIDEST_M, "m")
        check_number(self.setback_m, "The set-back", 0.0, _WIDEST_M, "m")
        check_number(self.storey_height_m, "The storey height", 1.8, 20.0, "m")
        return MassingRules(kind, self.depth_m, self.spacing_m, self.setback_m)

    def _storeys(self) -> int | None:
        """Storeys of all buildings, None where they follow from the floor area ratio."""
        given = [value for value in (self.floor_area_ratio, self.height_m, self.storeys) if value is not None]
        if len(given) != 1:
            raise KnownError("The height of the proposal is open: give one of floor_area_ratio, height_m and storeys.")
        if self.floor_area_ratio is not None:
            check_number(self.floor_area_ratio, "The floor area ratio", 0.01, 50.0)
            return None
        if self.height_m is not None:
            check_number(self.height_m, "The height", self.storey_height_m, HIGHEST_M, "m")
            return int(self.height_m / self.storey_height_m + 1e-9)
        storeys = check_number(self.storeys or 0.0, "The number of storeys", 1.0, float(MOST_STOREYS))
        if storeys != round(storeys):
            msg = f"The number of storeys is {storeys:g}: give a whole number."
            raise KnownError(msg)
        return int(storeys)

    def _rows(self, district: District, proposal: Massing) -> tuple[list[dict[str, Any]], list[Surfaces]]:
        uneven = terrain_of(district.city) is not None
        around = Site.of(district.city, shapely.MultiPolygon(proposal.plans).convex_hull)
        sentence = f"drawn as {self.kind.strip().lower()} in the project"
        rows: list[dict[str, Any]] = []
        bodies: list[Surfaces] = []
        number = 0
        for plan, storeys in zip(proposal.plans, proposal.storeys, strict=True):
            site = Site.of(district.city, plan) if uneven else around
            height = storeys * self.storey_height_m
            name = free_id("new", district.city.buildings, number + 1)
            number = int(name.rpartition("-")[2])
            row = new_columns(site, self.function, self.year_built, float(storeys), height)
            row |= {"id": name, "height_m": height, "lod": "1"}
            row[VALUE_ORIGINS] = {GEOMETRY: ["", sentence], "height_m": [height, sentence]}
            rows.append(row)
            body = roof_over(plan, RoofShape.FLAT).body(site.base_m, site.base_m + height, 0.0)
            bodies.append(named_body(body, name, 0))
        return rows, bodies
