"""rtrace over the sensors: irradiance by the light sources and the sky of a scene."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.solar.radiance.programs import Programs
from citytwin_desktop.sim.solar.radiance.sensors import FloatArray, Sensors

# Point-like suns, no cached ambient values: nothing is interpolated between sensors. Random samples (-u+), for the
# regular ones (-u-) with 1,024 divisions gave 2 to 6 % too little sky on walls between towers; 16,384 divisions,
# random samples and our engine agreed with one another within 1 %.
_OPTIONS = "-h -w- -I+ -u+ -dj 0 -ds 0 -dt 0 -dc 1 -dr 0 -st 1 -as 0 -aa 0 -av 0 0 0 -lr -10 -fdf"


@dataclass(frozen=True)
class Effort:
    """How finely rtrace samples the hemisphere.

    Parameters
    ----------
    bounces : int
        Of ambient light; 0 for the sun alone.
    divisions : int
        Rays over the hemisphere of each sensor; fewer after each bounce.
    """

    bounces: int
    divisions: int

    def options(self) -> list[str]:
        """Arguments of rtrace."""
        # Under this weight a ray lives on by chance with more weight (-lr -10), so nothing is lost on average.
        least = 0.5 / max(self.divisions, 1)
        return [*_OPTIONS.split(), "-ab", str(self.bounces), "-ad", str(self.divisions), "-lw", f"{least:.3g}"]


def octree(programs: Programs, name: str, scene_files: Sequence[str], base: str | None = None) -> str:
    """Compile scene files into an octree, on top of another one if given, and give its name.

    Parameters
    ----------
    programs : Programs
    name : str
    scene_files : sequence of str
        Names in the folder of the programs.
    base : str, optional
        Name of another octree there.
    """
    under = ["-i", base] if base else []
    return programs.write(f"{name}.oct", programs.run("oconv", ["-w", *under, *scene_files]))


def irradiance(
    programs: Programs, tree: str, sensors: Sensors, effort: Effort, order: int = 0, pieces: int = 1
) -> FloatArray:
    """Irradiance of every sensor.

    Parameters
    ----------
    programs : Programs
    tree : str
        Name of an octree.
    sensors : Sensors
    effort : Effort
    order : int
        The sensors are traced in this one of many scattered orders, lest a sensor draws the same samples again
        in another run.
    pieces : int
        Runs that the sensors are shared out to.

    Returns
    -------
    ndarray, (cells,) float64
        In the unit of the sources.

    Raises
    ------
    KnownError
        When Radiance fails.
    """
    shuffled = np.random.default_rng(order).permutation(len(sensors))
    parts = [part for part in np.array_split(shuffled, pieces) if len(part)]
    rays = sensors.rays

    def trace(part: NDArray[np.int64]) -> FloatArray:
        return _rtrace(programs, tree, rays[part], effort)

    answer = np.empty(len(sensors))
    # A single piece is traced here, for the caller may itself be one of several threads.
    found = [trace(parts[0])] if len(parts) == 1 else programs.at_once(trace, parts)
    for part, values in zip(parts, found, strict=True):
        answer[part] = values
    return answer


def _rtrace(programs: Programs, tree: str, rays: FloatArray, effort: Effort) -> FloatArray:
    data = programs.run("rtrace", [*effort.options(), tree], np.ascontiguousarray(rays, np.float64).tobytes())
    colours = np.frombuffer(data, np.float32)
    if colours.size != 3 * len(rays):
        raise BugError(f"rtrace gave {colours.size} numbers for {len(rays)} sensors")
    return np.asarray(colours.reshape(-1, 3).mean(axis=1), np.float64)
