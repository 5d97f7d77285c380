"""Bodies as surfaces of a row."""

import numpy as np

from citytwin_desktop.city.shaping.plan_bodies import Body
from citytwin_desktop.city.surfaces import Surfaces


def named_body(body: Body, identifier: str, row: int) -> Surfaces:
    """Surfaces of a body, named by its building and counted.

    Parameters
    ----------
    body : Body
    identifier : str
    row : int
    """
    return Surfaces(
        body.polygons, body.kind, np.full(len(body.kind), row, np.int64), surface_names(identifier, len(body.kind))
    )


def surface_names(identifier: str, count: int) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """(count,) object of str: names of the surfaces of one building by their place."""
    names = np.empty(count, object)
    names[:] = [f"{identifier}:{number}" for number in range(count)]
    return names


def renamed(surfaces: Surfaces, identifier: str, row: int) -> Surfaces:
    """Surfaces for a row; those without a name get one that none of the others has."""
    taken = {name for name in surfaces.source_id if name}
    names, number = np.empty(len(surfaces), object), 0
    for place, name in enumerate(surfaces.source_id.tolist()):
        if not name:
            while (name := f"{identifier}:{number}") in taken:
                number += 1
            taken.add(name)
        names[place] = name
    return Surfaces(surfaces.polygons, surfaces.kind, np.full(len(surfaces), row, np.int64), names)
