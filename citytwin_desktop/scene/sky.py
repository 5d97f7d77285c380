"""The sky of an hour: day, dusk and night as shades of the theme's own sky."""

from dataclasses import replace
from typing import Any

import numpy as np

from citytwin_desktop.scene.palette import Colour, ScenePalette, colour
from citytwin_desktop.scene.surroundings import sky_texture

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
        self._made: dict[tuple[str, int], Any] = {}

    def follow(self, altitude_deg: float) -> None:
        """The sun stands elsewhere, or the scene has other colours."""
        self.altitude_deg = altitude_deg
        sky = next((actor for actor in self.scene.renderer.GetActors() if actor.IsA("vtkSkybox")), None)
        step, name = sky_step(altitude_deg), self.scene.palette.name
        if sky is None or (self._shown is not None and self._shown[0] is sky and self._shown[1:] == (name, step)):
            return
        if step or self._shown is not None:
            sky.SetTexture(self._texture(step))
        self._shown = (sky, name, step)

    def _texture(self, step: int) -> Any:
        # One for each scene: a texture belongs to one window.
        key = (self.scene.palette.name, step)
        if key not in self._made:
            self._made[key] = sky_texture(palette_at(self.scene.palette, step))
        return self._made[key]


def _mixed(first: Colour, second: Colour, share: float) -> Colour:
    made = np.round(np.array(first) * (1.0 - share) + np.array(second) * share).astype(int)
    return int(made[0]), int(made[1]), int(made[2])
