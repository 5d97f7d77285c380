"""Commands that move and turn buildings."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from citytwin_desktop.city.district import District
from citytwin_desktop.city.shaping.outlines import FARTHEST_M
from citytwin_desktop.city.shaping.placing import moved, plan_centre, rotated
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted
from citytwin_desktop.document.commands.shaping import Chosen, check_number, metres, surface_changes
from citytwin_desktop.errors import KnownError

_LEAST_MOVE_M = 1e-6
_LEAST_TURN_DEG = 1e-7


@register
@dataclass(frozen=True)
class MoveBuildings(Command):
    """Shift buildings with their parts."""

    id: ClassVar[str] = "move_buildings"
    summary: ClassVar[str] = "Move buildings with their parts"

    building_ids: tuple[str, ...]
    dx_m: float
    dy_m: float
    dz_m: float = 0.0

    def prepare(self, district: District) -> Preparation:
        """Work out the shifted surfaces."""
        way = (self.dx_m, self.dy_m, self.dz_m)
        for name, value in zip(("The way east", "The way north", "The way up"), way, strict=True):
            check_number(value, name, -FARTHEST_M, FARTHEST_M, "m")
        length = math.hypot(*way)
        if length < _LEAST_MOVE_M:
            raise KnownError("The buildings stay where they are: give a way of a micrometre at least.")
        chosen = Chosen.of(district, self.building_ids)
        title = f"Move {counted(len(chosen.ids))} {metres(length)}"
        after = moved(chosen.surfaces, np.array(way))
        return Preparation(surface_changes(district, chosen, after, f"moved {metres(length)} in the project"), title)


@register
@dataclass(frozen=True)
class RotateBuildings(Command):
    """Turn buildings about an upright axis, counter-clockwise seen from above."""

    id: ClassVar[str] = "rotate_buildings"
    summary: ClassVar[str] = "Turn buildings with their parts about an upright axis"

    building_ids: tuple[str, ...]
    angle_deg: float
    about_x_m: float | None = None
    about_y_m: float | None = None

    def prepare(self, district: District) -> Preparation:
        """Work out the turned surfaces."""
        check_number(self.angle_deg, "The angle", -36_000.0, 36_000.0, "°")
        if (self.about_x_m is None) != (self.about_y_m is None):
            raise KnownError("Only one coordinate of the axis is given: give both about_x_m and about_y_m, or none.")
        turn = self.angle_deg % 360.0
        if min(turn, 360.0 - turn) < _LEAST_TURN_DEG:
            raise KnownError("The buildings stay as they are: give an angle that is no whole turn.")
        chosen = Chosen.of(district, self.building_ids)
        about = plan_centre(chosen.surfaces)
        if self.about_x_m is not None and self.about_y_m is not None:
            for value in (self.about_x_m, self.about_y_m):
                check_number(value, "A coordinate of the axis", -FARTHEST_M, FARTHEST_M, "m")
            about = np.array([self.about_x_m, self.about_y_m])
        title = f"Turn {counted(len(chosen.ids))} by {self.angle_deg:g}°"
        after = rotated(chosen.surfaces, self.angle_deg, about)
        sentence = f"turned by {self.angle_deg:g}° in the project"
        return Preparation(surface_changes(district, chosen, after, sentence), title)
