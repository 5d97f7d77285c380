"""The sky of an hour: day, dusk and night as shades of the theme's own sky."""

from dataclasses import replace
from typing import Any

import numpy as np

from citytwin_desktop.scene.palette import Colour, ScenePalette, colour

DUSK, NIGHT = colour("#C98A5E"), colour("#0A0E16")
STEPS = ((8.0, 0.0, 0.0), (2.0, 0.14, 0.0), (-3.0, 0.22, 0.10), (-9.0, 0.08, 0.28), (-90.0, 0.0, 0.42))
"""Lowest altitude of the sun [deg], share of dusk at the horizon, share of night everywhere: subtle on purpose."""


def sky_step(altitude_deg: float) -> int:
    """Which of `STEPS` an altitude of the sun belongs to."""
    return next((step for step, (lowest, *_) in enumerate(STEPS) if altitude_deg >= lowest), len(STEPS) - 1)


def palette_at(palette: ScenePalette, step: int) -> ScenePalette:
    """A palette whose sky and ground are those of a step."""
    _, dusk, night = STEPS[step]
    horizon = _mixed(_mixed(palette.sky_horizon, DUSK, dusk), NIGHT, night)
    top, ground = _mixed(palette.sky_top, NIGHT, night), _mixed(palette.ground, NIGHT, night * 0.6)
    return replace(palette, sky_horizon=horizon, sky_top=top, ground=ground)


class SkyOfHour:
    """Keeps the sky of a scene in step with the sun.

    Parameters
    ----------
    scene : CityScene
    """

    def __init__(self, scene: Any) -> None:
        self.scene = scene
        self.altitude_deg = 90.0
        self._shown: tuple[Any, str, int] | None = None

    def follow(self, altitude_deg: float) -> None:
        """The sun stands elsewhere, or the scene has other colours."""
        self.altitude_deg = altitude_deg
        wanted = self.scene.sky, self.scene.palette.name, sky_step(altitude_deg)
        if wanted != self._shown:
            self.scene.sky.show(palette_at(self.scene.palette, wanted[2]))
            self._shown = wanted


def _mixed(first: Colour, second: Colour, share: float) -> Colour:
    made = np.round(np.array(first) * (1.0 - share) + np.array(second) * share).astype(int)
    return int(made[0]), int(made[1]), int(made[2])
