"""Which building is in front at each pixel of a small picture, drawn without a graphics card.

Compiled loops over the triangles of a tile. A picture of building rows by OpenGL would need a frame of its own and its
way back from the card; on a software renderer that alone costs more than a box selection may.
"""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.compiling import compiled

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@compiled
def _to_eye(point: NDArray[np.float32], lens: Floats, out: Floats) -> None:
    """Right, up and ahead of the eye [m]; ``lens`` is eye, three axes, scale, centre x and y, parallel."""
    x, y, z = point[0] - lens[0], point[1] - lens[1], point[2] - lens[2]
    out[0] = x * lens[3] + y * lens[4] + z * lens[5]
    out[1] = x * lens[6] + y * lens[7] + z * lens[8]
    out[2] = -(x * lens[9] + y * lens[10] + z * lens[11])


@compiled
def _to_picture(place: Floats, lens: Floats, out: Floats) -> None:
    """Pixel, and how near: one over the distance ahead, or the distance less than nothing in parallel projection.

    Both run straight across a plane face in the picture.
    """
    share = 1.0 if lens[15] > 0.5 else 1.0 / place[2]
    out[0] = lens[13] + place[0] * lens[12] * share - 0.5
    out[1] = lens[14] - place[1] * lens[12] * share - 0.5
    out[2] = -place[2] if lens[15] > 0.5 else share


@compiled
def _kept(place: Floats, plane: Floats) -> float:
    """How far a place lies on the kept side of a plane [m]."""
    return float(place[0] * plane[0] + place[1] * plane[1] + place[2] * plane[2] + plane[3])


@compiled
def _clipped(corners: Floats, planes: Floats, out: Floats, spare: Floats) -> int:
    """Corners of the part of a triangle on the kept side of all planes, in ``out``; how many there are."""
    count = 3
    out[:3] = corners
    for number in range(len(planes)):
        plane = planes[number]
        spare[:count] = out[:count]
        before, count = count, 0
        for place in range(before):
            following = (place + 1) % before
            here, there = _kept(spare[place], plane), _kept(spare[following], plane)
            if here >= 0.0:
                out[count] = spare[place]
                count += 1
            if (here >= 0.0) != (there >= 0.0):
                out[count] = spare[place] + (spare[following] - spare[place]) * (here / (here - there))
                count += 1
        if count < 3:
            return 0
    return count


@compiled
def _fill(a: Floats, b: Floats, c: Floats, row: int, through: bool, mask: Bools, nearness: Floats, rows: Ints) -> bool:
    """Draw a triangle; whether it covers a pixel of the mask."""
    height, width = mask.shape
    area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
    if area == 0.0:
        return False
    slope_x = ((b[2] - a[2]) * (c[1] - a[1]) - (c[2] - a[2]) * (b[1] - a[1])) / area
    slope_y = ((c[2] - a[2]) * (b[0] - a[0]) - (b[2] - a[2]) * (c[0] - a[0])) / area
    first = max(int(np.ceil(min(a[1], b[1], c[1]))), 0)
    last = min(int(np.floor(max(a[1], b[1], c[1]))), height - 1)
    covers = False
    for y in range(first, last + 1):
        low, high = 1e30, -1e30
        for side in range(3):
            p, q = (a, b) if side == 0 else ((b, c) if side == 1 else (c, a))
            if min(p[1], q[1]) <= y <= max(p[1], q[1]):
                if p[1] == q[1]:
                    low, high = min(low, p[0], q[0]), max(high, p[0], q[0])
                else:
                    x = p[0] + (q[0] - p[0]) * (y - p[1]) / (q[1] - p[1])
                    low, high = min(low, x), max(high, x)
        start, end = int(np.ceil(max(low, 0.0))), int(np.floor(min(high, width - 1.0)))
        for x in range(start, end + 1):
            near = a[2] + slope_x * (x - a[0]) + slope_y * (y - a[1])
            if through:
                covers = covers or mask[y, x]
            elif near > nearness[y, x]:
                nearness[y, x], rows[y, x] = near, row
    return covers


@compiled
def draw_triangles(
    points: NDArray[np.float32], triangles: Ints, owners: Ints, visible: Bools, lens: Floats, planes: Floats,
    through: bool, mask: Bools, nearness: Floats, rows: Ints, touched: Bools,
) -> None:  # fmt: skip
    """Draw the triangles of visible buildings into a picture, or mark those that touch the mask.

    Parameters
    ----------
    points : ndarray, (n_points, 3) float32 [m]
    triangles : ndarray, (n_triangles, 3) int64
    owners : ndarray, (n_triangles,) int64
        Building row of each triangle.
    visible : ndarray, (n_buildings,) bool
    lens : ndarray, (16,) float64
        Eye, axes to the right, up and back, pixels per metre at 1 m, centre, parallel.
    planes : ndarray, (k, 4) float64
        What is drawn lies on their positive side; they count to the right, up and ahead of the eye [m].
    through : bool
        Mark whatever lies in the mask, seen or not, instead of drawing.
    mask : ndarray, (height, width) bool
    nearness, rows : ndarray, (height, width) float64, int64
        The picture.
    touched : ndarray, (n_buildings,) bool
    """
    most = 3 + len(planes)
    corners, part, spare = np.empty((3, 3)), np.empty((most, 3)), np.empty((most, 3))
    a, b, c = np.empty(3), np.empty(3), np.empty(3)
    for number in range(len(triangles)):
        row = owners[number]
        if not visible[row] or (through and touched[row]):
            continue
        for place in range(3):
            _to_eye(points[triangles[number, place]], lens, corners[place])
        count = _clipped(corners, planes, part, spare)
        for fan in range(count - 2):
            _to_picture(part[0], lens, a)
            _to_picture(part[fan + 1], lens, b)
            _to_picture(part[fan + 2], lens, c)
            if _fill(a, b, c, row, through, mask, nearness, rows):
                touched[row] = True


@compiled
def measure(
    points: NDArray[np.float32], owners: Ints, visible: Bools, lens: Floats, planes: Floats, through: bool,
    mask: Bools, extents: Floats, touched: Bools,
) -> None:  # fmt: skip
    """Widen each building's box in the picture by its corners; in ``through`` mark those with a corner in the mask.

    Parameters
    ----------
    points, owners, visible, lens, planes, through, mask, touched
        As for `draw_triangles`, owners by point.
    extents : ndarray, (n_buildings, 5) float64
        Lowest and highest x, lowest and highest y, greatest nearness.
    """
    height, width = mask.shape
    place, pixel = np.empty(3), np.empty(3)
    for number in range(len(points)):
        row = owners[number]
        if not visible[row]:
            continue
        _to_eye(points[number], lens, place)
        kept = True
        for plane in range(len(planes)):
            kept = kept and _kept(place, planes[plane]) >= 0.0
        if not kept:
            extents[row, 1] = 1e30  # never tiny: the rest of it may be large
            continue
        _to_picture(place, lens, pixel)
        box = extents[row]
        box[0], box[1] = min(box[0], pixel[0]), max(box[1], pixel[0])
        box[2], box[3] = min(box[2], pixel[1]), max(box[3], pixel[1])
        box[4] = max(box[4], pixel[2])
        x, y = int(np.round(pixel[0])), int(np.round(pixel[1]))
        if through and 0 <= x < width and 0 <= y < height and mask[y, x]:
            touched[row] = True
