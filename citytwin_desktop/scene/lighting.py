"""One sun and one soft headlight: PyVista's light kit costs half the frame."""

from typing import Any

import numpy as np
from vtkmodules.vtkRenderingCore import vtkLight

SUN_STRENGTH, HEADLIGHT_STRENGTH = 1.0, 0.35
DEFAULT_SUN = (160.0, 48.0)
"""Azimuth and altitude [deg] while no hour of a weather file tells otherwise."""


class Lighting:
    """The two lights of a renderer.

    Parameters
    ----------
    renderer : vtkRenderer
    """

    def __init__(self, renderer: Any) -> None:
        renderer.RemoveAllLights()
        renderer.AutomaticLightCreationOff()
        self.sun = vtkLight()
        self.sun.SetLightTypeToSceneLight()
        self.sun.SetColor(1.0, 0.975, 0.94)
        self.headlight = vtkLight()
        self.headlight.SetLightTypeToHeadlight()
        self.headlight.SetColor(0.94, 0.97, 1.0)
        for light in (self.sun, self.headlight):
            light.PositionalOff()
            renderer.AddLight(light)
        self.set_sun(*DEFAULT_SUN)

    def set_sun(self, azimuth_deg: float, altitude_deg: float) -> None:
        """Shine from a place in the sky; below the horizon only the headlight is left, a little stronger.

        Parameters
        ----------
        azimuth_deg : float
            From north over east.
        altitude_deg : float
        """
        azimuth, altitude = np.radians([azimuth_deg, altitude_deg])
        self.sun.SetPosition(np.cos(altitude) * np.sin(azimuth), np.cos(altitude) * np.cos(azimuth), np.sin(altitude))
        self.sun.SetFocalPoint(0.0, 0.0, 0.0)
        up = float(np.clip((altitude_deg + 2.0) / 10.0, 0.0, 1.0))
        self.sun.SetIntensity(SUN_STRENGTH * up)
        self.headlight.SetIntensity(HEADLIGHT_STRENGTH + 0.45 * (1.0 - up))
