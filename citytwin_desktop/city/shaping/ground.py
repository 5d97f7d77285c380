"""Terrain of a city, kept ready for edits that ask for it again and again while something is being drawn."""

from functools import lru_cache

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.model import CityModel, ContextLayer
from citytwin_desktop.city.terrain_drop import TerrainSurface


def terrain_of(city: CityModel) -> TerrainSurface | None:
    """Terrain of a city, None when it has none; made once for the same layers."""
    layers = tuple(layer for layer in city.context if layer.kind is ContextKind.TERRAIN)
    return _terrain(layers) if layers else None


@lru_cache(maxsize=2)
def _terrain(layers: tuple[ContextLayer, ...]) -> TerrainSurface | None:
    # Layers compare by identity, so that an edited one is another.
    return TerrainSurface.of(CityModel(context=layers))
