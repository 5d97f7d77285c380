"""From a scene to its operators: the expensive, weather-free part of the solar engine."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.solar.cells import Cells, make_cells
from citytwin_desktop.sim.solar.exchange import Exchange, diffuse_exchange, sun_visibility
from citytwin_desktop.sim.solar.operators import FULL_VISIBILITY, SolarOperators
from citytwin_desktop.sim.solar.orientation import inward_rows, turn_rows
from citytwin_desktop.sim.solar.reflections import reflected_part
from citytwin_desktop.sim.solar.scene import SolarScene
from citytwin_desktop.sim.solar.settings import PATCH_SUBDIVISION, SOLAR_ENGINE_VERSION, SolarSettings
from citytwin_desktop.sim.solar.sky import sky_patches
from citytwin_desktop.sim.solar.sun_grid import sun_grid
from citytwin_desktop.sim.solar.threads import Watch
from citytwin_desktop.sim.solar.tracing import Floats, Tracer, tracer

Progress = Callable[[float, str], None]
Cancelled = Callable[[], bool]

_POLES_DEG = 90.0


def build_operators(
    scene: SolarScene,
    latitude_deg: float,
    settings: SolarSettings,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    threads: int | None = None,
) -> SolarOperators:
    """Trace a scene and solve its reflections.

    Parameters
    ----------
    scene : SolarScene
    latitude_deg : float [deg]
        North positive; of the weather, for its sun is the one that will be interpolated.
    settings : SolarSettings
        Those that the scene was made with.
    progress : callable, optional
        Called with a share between 0 and 1 and what is being done.
    cancelled : callable, optional
        Asked often; the run stops soon after it says yes.
    threads : int, optional
        One for each core that this process may use by default.

    Returns
    -------
    SolarOperators

    Raises
    ------
    KnownError
        When the latitude is impossible or the ray tracing library is missing.
    CancelledError
        When ``cancelled`` says so.
    """
    if not -_POLES_DEG <= latitude_deg <= _POLES_DEG:
        raise KnownError(f"Latitude {latitude_deg:g}° does not exist; give one between -90 and 90.")
    report = progress or _silent

    def stage(what: str, begin: float, end: float) -> Watch:
        return Watch(lambda share: report(begin + (end - begin) * share, what), cancelled, threads)

    report(0.0, "Cells")
    scene, rays, cells = _oriented_cells(scene, settings)
    patches, count = sky_patches(PATCH_SUBDIVISION[settings.patches]), scene.surface_count
    seen = diffuse_exchange(scene, rays, cells, patches, settings.rays, stage("Sky", 0.05, 0.35))
    sun = sun_grid(latitude_deg, settings.declinations, settings.hour_angles).direction
    visible = sun_visibility(scene, rays, cells, sun, stage("Sun", 0.35, 0.7))
    share, scale = _reflected_sun(scene, seen, visible, sun, settings, stage("Reflected sun", 0.7, 0.95))
    sky_reflected = _reflected_sky(scene, seen, settings, stage("Reflected sky", 0.95, 1.0))
    return SolarOperators(
        **_made_for(latitude_deg, settings),
        areas_m2=scene.areas_m2[:count].astype(np.float32),
        normals=scene.normals[:count].astype(np.float32),
        sky_direct=(np.float32(np.pi) * seen.sky[:count]).astype(np.float16),
        sky_reflected=(np.float32(np.pi) * sky_reflected).astype(np.float16, order="C"),
        sun_visibility=_as_bytes(visible[:count]),
        sun_reflected_share=share,
        sun_reflected_scale=scale,
    )


def _made_for(latitude_deg: float, settings: SolarSettings) -> dict[str, Any]:
    """What the operators have to say of themselves."""
    return {
        "engine_version": SOLAR_ENGINE_VERSION,
        "latitude_deg": float(latitude_deg),
        "patches": settings.patches,
        "declinations": settings.declinations,
        "hour_angles": settings.hour_angles,
        "ground_reflectance": float(settings.ground_reflectance),
    }


def _oriented_cells(scene: SolarScene, settings: SolarSettings) -> tuple[SolarScene, Tracer, Cells]:
    rays = tracer(scene)
    cells = make_cells(scene, rays, settings.cell_size_m, settings.ground_cell_m)
    inward = inward_rows(scene, rays, cells)
    return turn_rows(scene, rays, cells, inward) if len(inward) else (scene, rays, cells)


def _reflected_sun(
    scene: SolarScene,
    seen: Exchange,
    visible: Floats,
    sun: Floats,
    settings: SolarSettings,
    watch: Watch,
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    normals = scene.normals.astype(np.float32)

    def sunlight(piece: slice) -> Floats:
        return np.asarray(visible[:, piece] * np.maximum(normals @ sun[piece].T, 0.0))

    light = reflected_part(
        seen.reflected, sunlight, len(sun), scene.surface_count, settings.reflections, watch
    )  # fmt: skip
    scale = light.max(axis=1, initial=0.0)
    light /= np.where(scale > 0.0, scale, 1.0)[:, None]
    return _as_bytes(light), scale


def _reflected_sky(scene: SolarScene, seen: Exchange, settings: SolarSettings, watch: Watch) -> Floats:
    def skylight(piece: slice) -> Floats:
        return seen.sky[:, piece]

    columns = seen.sky.shape[1]
    return reflected_part(seen.reflected, skylight, columns, scene.surface_count, settings.reflections, watch)


def _as_bytes(share: Floats) -> NDArray[np.uint8]:
    """Shares as 0 to 255, one sun after another in memory, for an hour needs four of them."""
    return np.asarray(np.rint(np.clip(share, 0.0, 1.0) * FULL_VISIBILITY), np.uint8, order="F")


def _silent(_share: float, _what: str) -> None:
    """Nobody wants to know."""
