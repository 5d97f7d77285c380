"""The tiles of one city, and how they follow its edits: only those that an edit touches are made anew."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.city.polygons import IntArray
from citytwin_desktop.scene.mesh_actors import TileActors
from citytwin_desktop.scene.palette import ScenePalette
from citytwin_desktop.scene.tiles import build_tiles, split_rows, tile_limit, tile_of

NOWHERE = -1


class TileSet:
    """Actors of every tile.

    Parameters
    ----------
    city : CityModel
    palette : ScenePalette
    """

    def __init__(self, city: CityModel, palette: ScenePalette) -> None:
        self.palette = palette
        self.tiles = [TileActors(mesh, palette) for mesh in build_tiles(city)]
        self._building = city.surfaces.building

    def follow(
        self, city: CityModel, new_row: IntArray, touched: NDArray[np.bool_]
    ) -> tuple[list[TileActors], list[TileActors]]:
        """Show another state of the city.

        Parameters
        ----------
        city : CityModel
        new_row : ndarray, (n_rows before,) int64
            Where each row is now, `NOWHERE` for one that is gone.
        touched : ndarray, (n_rows now,) bool
            Rows that are new or have other surfaces.

        Returns
        -------
        tuple of two lists of TileActors
            Those that went, and those that came.
        """
        same_numbers = city.surfaces.building is self._building and np.array_equal(new_row, np.arange(len(touched)))
        self._building = city.surfaces.building
        kept, gone, homeless = [], [], touched.copy()
        crowds: list[IntArray] = []
        for tile in self.tiles:
            rows = new_row[tile.mesh.rows]
            left = rows[rows != NOWHERE]
            homeless[left] = False
            if len(left) < len(rows) or touched[left].any():
                gone.append(tile)
                crowds.append(left)
            else:
                mesh, surfaces = tile.mesh, city.surfaces
                tile.mesh = mesh.kept(surfaces) if same_numbers else mesh.renumbered(rows, surfaces)
                kept.append(tile)
        homeless &= _with_geometry(city)
        self._house(city, np.flatnonzero(homeless), kept, gone, crowds)
        made = [TileActors(tile_of(city, group), self.palette) for group in self._groups(city, crowds)]
        self.tiles = kept + made
        return gone, made

    def _house(
        self,
        city: CityModel,
        rows: IntArray,
        kept: list[TileActors],
        gone: list[TileActors],
        crowds: list[IntArray],
    ) -> None:
        """Put new rows with the tile in whose middle they nearly stand, which is made anew with them."""
        if not len(rows):
            return
        if not kept and not crowds:
            crowds.append(rows)
            return
        low, high = city.bounds_m
        middles = [np.array(tile.surface_data.GetBounds()).reshape(3, 2).mean(axis=1)[:2] for tile in [*gone, *kept]]
        here = ((low + high) / 2.0)[rows, :2]
        nearest = np.linalg.norm(here[:, None] - np.array(middles)[None], axis=2).argmin(axis=1)
        tiles = [*gone, *kept]
        for number in np.unique(nearest).tolist():
            if tiles[number] in kept:
                kept.remove(tiles[number])
                gone.append(tiles[number])
                crowds.append(tiles[number].mesh.rows)
            place = gone.index(tiles[number])
            crowds[place] = np.concatenate([crowds[place], rows[nearest == number]])

    def _groups(self, city: CityModel, crowds: Sequence[IntArray]) -> list[IntArray]:
        """Rows of the tiles to make, cut where they grew too many."""
        with_surfaces = city.rows_with_geometry
        limit = tile_limit(len(with_surfaces))
        found = []
        for crowd in crowds:
            rows = np.sort(crowd[np.isin(crowd, with_surfaces)])
            found += split_rows(city, rows, limit) if len(rows) > 2 * limit else [rows] if len(rows) else []
        return found


def _with_geometry(city: CityModel) -> NDArray[np.bool_]:
    """(n_rows,) bool: rows that own surfaces."""
    found = np.zeros(len(city.buildings), bool)
    found[city.rows_with_geometry] = True
    return found


def row_mapping(before: CityModel, after: CityModel) -> IntArray:
    """(n_rows before,) int64: where each row of one state of a city is in another, `NOWHERE` when it is not there."""
    old, new = before.buildings.ids, after.buildings.ids
    if old is new or (len(old) == len(new) and bool((old == new).all())):
        return np.arange(len(old))
    places = {name: row for row, name in enumerate(new)}
    return np.array([places.get(name, NOWHERE) for name in old], np.int64)
