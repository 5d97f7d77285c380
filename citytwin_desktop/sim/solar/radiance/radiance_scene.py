"""Radiance files: the city as polygons, a large ground, skies of Reinhart patches, suns."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.sim.solar.radiance.programs import Programs
from citytwin_desktop.sim.solar.sky import ROW_COUNTS

FloatArray = NDArray[np.float64]

GROUND_REACH_M = 20_000.0
"""Half the side of the ground: its edge lies 0.2 degrees under the horizon of the highest roof."""

SUN_ANGLE_DEG = 0.533
"""Apparent diameter of the sun."""

_SUN_SOLID_ANGLE_SR = 2 * np.pi * (1 - np.cos(np.radians(SUN_ANGLE_DEG / 2)))


def city_text(city: CityModel, conditions: SolarConditions, middle_m: FloatArray, ground_height_m: float) -> str:
    """Write a city without holes in its polygons, and flat ground, as a Radiance scene.

    The polygons are the city's own, not our triangles; the materials reflect diffusely and grey.

    Parameters
    ----------
    city : CityModel
    conditions : SolarConditions
        Reflectances.
    middle_m : ndarray, (3,) float64 [m]
        Taken off all coordinates.
    ground_height_m : float [m]
        After that.

    Returns
    -------
    str
    """
    lines = [_plastic(_material(kind), conditions.kind_reflectance(kind)) for kind in SurfaceKind]
    lines.append(_plastic("ground", conditions.ground_reflectance))
    polygons, kinds = city.surfaces.polygons, city.surfaces.kind
    for surface in range(len(polygons)):
        (ring,) = polygons.rings(surface)
        lines.append(_polygon(_material(SurfaceKind(kinds[surface])), f"s{surface}", ring - middle_m))
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * GROUND_REACH_M
    lines.append(_polygon("ground", "ground_plane", np.column_stack([square, np.full(4, ground_height_m)])))
    return "\n".join(lines)


def write_sky(programs: Programs, name: str, radiance: FloatArray, subdivision: int) -> str:
    """Write an upper half of the sky with one radiance for each Reinhart patch.

    Parameters
    ----------
    programs : Programs
        The files go to its folder.
    name : str
    radiance : ndarray, (patches,) float64
        From the horizon up, in each row from north clockwise, the first patch centred on north as in Radiance.
    subdivision : int
        Of Reinhart: 4 for 2,305 patches.

    Returns
    -------
    str
        Name of the scene file.
    """
    values = "\n".join(f"{value:.7g}" for value in radiance)
    programs.write(f"{name}.dat", f"1\n0 {len(radiance) - 1} {len(radiance)}\n{values}\n")
    # Each sky has its own functions: one file for all would be written while another program reads it.
    programs.write(f"{name}.cal", _patch_functions(subdivision))
    return programs.write(
        f"{name}.rad",
        f"void brightdata {name}_patches\n4 same {name}.dat {name}.cal patch\n0\n0\n"
        f"{name}_patches glow {name}_glow\n0\n0\n4 1 1 1 0\n"
        f"{name}_glow source {name}\n0\n0\n4 0 0 1 180\n",
    )


def suns_text(direction: FloatArray, irradiance: FloatArray) -> str:
    """Write suns as light sources.

    Parameters
    ----------
    direction : ndarray, (k, 3) float64
        Unit vectors towards the suns.
    irradiance : ndarray, (k,) float64
        Direct normal.

    Returns
    -------
    str
    """
    lines = []
    for k, (towards, value) in enumerate(zip(direction, irradiance / _SUN_SOLID_ANGLE_SR, strict=True)):
        where = " ".join(f"{x:.9g}" for x in towards)
        lines.append(f"void light sunlight{k}\n0\n0\n3 {value:.9g} {value:.9g} {value:.9g}")
        lines.append(f"sunlight{k} source sun{k}\n0\n0\n4 {where} {SUN_ANGLE_DEG}")
    return "\n".join(lines) + "\n"


def _material(kind: SurfaceKind) -> str:
    return f"kind{int(kind)}"


def _plastic(name: str, reflectance: float) -> str:
    return f"void plastic {name}\n0\n0\n5 {reflectance:g} {reflectance:g} {reflectance:g} 0 0"


def _polygon(material: str, name: str, ring: FloatArray) -> str:
    numbers = " ".join(f"{x:.9g}" for x in ring.ravel())
    return f"{material} polygon {name}\n0\n0\n{ring.size} {numbers}"


def _patch_functions(subdivision: int) -> str:
    """Functions of the ray direction that number the patches of `ROW_COUNTS`, each row so many times finer."""
    counts = [*np.repeat(np.array(ROW_COUNTS) * subdivision, subdivision), 1]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    return "\n".join(
        (
            "same(x) : x;",
            f"height = {np.pi / 2 / (7 * subdivision + 0.5):.12g};",
            "altitude = asin(if(Dz - 1, 1, if(Dz, Dz, 0)));",
            f"row = min(floor(altitude / height), {len(counts) - 1}) + 1;",
            f"columns = select(row, {', '.join(str(n) for n in counts)});",
            f"first = select(row, {', '.join(str(n) for n in starts)});",
            "turned = atan2(Dx, Dy) / (2 * PI);",
            "turn = if(turned, turned, turned + 1);",
            "nearest = floor(turn * columns + 0.5);",
            "patch = first + if(nearest - columns + 0.5, 0, nearest);",
            "",
        )
    )
