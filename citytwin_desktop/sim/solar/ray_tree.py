"""The ray tracing library, Embree through embreex, imported late."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError


def ray_tree(corners_m: NDArray[np.float32]) -> Any:
    """Build a tree of triangles; after that it may be used from several threads at once.

    Parameters
    ----------
    corners_m : ndarray, (t, 3, 3) float32 [m]
        Contiguous.

    Returns
    -------
    object
        Scene of embreex: ``run(origins, directions, dists, query)``.

    Raises
    ------
    KnownError
        When the library is not installed.
    """
    try:
        from embreex.mesh_construction import TriangleMesh
        from embreex.rtcore_scene import EmbreeScene
    except ImportError as error:
        raise KnownError(
            f"Solar needs the ray tracing library embreex, which does not load ({error}); install it with pip."
        ) from error
    tree = EmbreeScene(robust=True)
    TriangleMesh(tree, corners_m)
    # The first query builds the tree; do it before threads share it.
    tree.run(np.zeros((1, 3), np.float32), np.array([[0, 0, 1]], np.float32), query="OCCLUDED")
    return tree
