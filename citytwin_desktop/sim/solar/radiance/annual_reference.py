"""The annual irradiation of every sensor by Radiance.

Irradiation is linear in the light, so a year is traced at once, in three parts: the mean sky of all hours by its
2,305 patches, straight to the sensors; all suns of the year as light sources, straight to the sensors; and, for the
reflected part, suns and sky gathered into a few hundred light sources, each traced with all bounces and again
without any. The light straight from a source carries no noise, so the difference has only that of the reflections.
"""

from dataclasses import dataclass

import numpy as np

from citytwin_desktop.city.weather import Weather
from citytwin_desktop.sim.solar.radiance.daylight import SUBDIVISION, Daylight, average_sky, patch_directions
from citytwin_desktop.sim.solar.radiance.programs import Programs
from citytwin_desktop.sim.solar.radiance.radiance_scene import suns_text, write_sky
from citytwin_desktop.sim.solar.radiance.sensors import FloatArray, Sensors
from citytwin_desktop.sim.solar.radiance.tracing import Effort, irradiance, octree
from citytwin_desktop.sim.solar.sky import sky_patches

_WH_PER_KWH = 1000.0
_PIECES_PER_WORKER = 4


@dataclass(frozen=True)
class AnnualEffort:
    """How finely the year is traced.

    Parameters
    ----------
    sky_divisions : int
        Rays over the hemisphere of each sensor for the light straight from the sky, in each of two samples.
    source_divisions : int
        The same for the reflected light of each gathered source.
    sun_subdivision, sky_subdivision : int
        Suns, and sky, within one patch of these Reinhart skies are one source.
    bounces : int
    """

    sky_divisions: int = 2048
    source_divisions: int = 8
    sun_subdivision: int = 2
    sky_subdivision: int = 1
    bounces: int = 5


@dataclass(frozen=True, eq=False)
class AnnualReference:
    """Irradiation of every sensor by its way there, the diffuse light in two independent samples.

    Parameters
    ----------
    beam : ndarray, (cells,) float64 [kWh/m2]
        Straight from the sun, without noise.
    sky, reflected : ndarray, (2, cells) float64 [kWh/m2]
        Straight from the sky; after one reflection or more.
    """

    beam: FloatArray
    sky: FloatArray
    reflected: FloatArray


def annual_reference(
    programs: Programs, city_tree: str, sensors: Sensors, weather: Weather, light: Daylight, effort: AnnualEffort
) -> AnnualReference:
    """Trace the year.

    Parameters
    ----------
    programs : Programs
    city_tree : str
        Octree of the city and its ground.
    sensors : Sensors
    weather : Weather
    light : Daylight
    effort : AnnualEffort

    Returns
    -------
    AnnualReference
    """
    dark = light.dark_diffuse_wh_m2 / np.pi
    radiance = (average_sky(programs, weather, light) * len(light.hour) + dark) / _WH_PER_KWH
    suns = np.flatnonzero(light.beam_w_m2 > 0.0)
    direction, beam = light.direction[suns], light.beam_w_m2[suns] / _WH_PER_KWH
    sky = _sky(programs, city_tree, sensors, radiance, effort)
    direct = _direct(programs, city_tree, sensors, direction, beam)
    projected = sky_patches(SUBDIVISION).projected_solid_angle_sr
    towards = patch_directions(SUBDIVISION)
    sources = [
        gathered(direction, beam, effort.sun_subdivision),
        gathered(towards, radiance * projected / towards[:, 2], effort.sky_subdivision),
    ]
    strength = np.concatenate([source[1] for source in sources])
    reflected = _reflected(
        programs, city_tree, sensors, np.concatenate([source[0] for source in sources]), strength, effort
    )  # fmt: skip
    return AnnualReference(direct, sky, reflected)


def _sky(
    programs: Programs, city_tree: str, sensors: Sensors, radiance: FloatArray, effort: AnnualEffort
) -> FloatArray:
    tree = octree(programs, "year", [write_sky(programs, "year_sky", radiance, SUBDIVISION)], city_tree)
    straight, pieces = Effort(1, effort.sky_divisions), _PIECES_PER_WORKER * programs.workers
    return np.stack([irradiance(programs, tree, sensors, straight, order, pieces) for order in (1, 2)])


def _direct(
    programs: Programs, city_tree: str, sensors: Sensors, direction: FloatArray, beam: FloatArray
) -> FloatArray:
    """Every sun of the year, exactly where it stands."""
    tree = octree(programs, "suns", [programs.write("suns.rad", suns_text(direction, beam))], city_tree)
    return irradiance(programs, tree, sensors, Effort(0, 1), 0, _PIECES_PER_WORKER * programs.workers)


def _reflected(
    programs: Programs,
    city_tree: str,
    sensors: Sensors,
    direction: FloatArray,
    strength: FloatArray,
    effort: AnnualEffort,
) -> FloatArray:
    """Reflected light of all sources in two samples, (2, cells) [kWh/m2]."""

    def one(k: int) -> FloatArray:
        scene = programs.write(f"source{k}.rad", suns_text(direction[[k]], strength[[k]]))
        tree = octree(programs, f"source{k}", [scene], city_tree)
        direct = irradiance(programs, tree, sensors, Effort(0, 1))
        full = Effort(effort.bounces, effort.source_divisions)
        found = [irradiance(programs, tree, sensors, full, 2 * k + half) for half in (0, 1)]
        (programs.folder / tree).unlink()
        return np.stack(found) - direct

    total = np.zeros((2, len(sensors)))
    for part in programs.at_once(one, range(len(strength))):
        total += part
    return total


def gathered(direction: FloatArray, beam: FloatArray, subdivision: int) -> tuple[FloatArray, FloatArray]:
    """Gather light sources that stand close together.

    Parameters
    ----------
    direction : ndarray, (k, 3) float64
    beam : ndarray, (k,) float64
    subdivision : int
        Of the Reinhart sky whose patches gather them.

    Returns
    -------
    direction : ndarray, (groups, 3) float64
        Means weighted with the beam.
    beam : ndarray, (groups,) float64
        Sums that leave the irradiance of the open horizontal plane as it was.
    """
    _, group = np.unique(sky_patches(subdivision).patch_of(direction), return_inverse=True)
    total = np.stack([np.bincount(group, beam * direction[:, axis]) for axis in range(3)], axis=1)
    mean = total / np.linalg.norm(total, axis=1, keepdims=True)
    return mean, total[:, 2] / mean[:, 2]
