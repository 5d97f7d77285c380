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
Places = NDArray[np.int32]

_ROUNDING_PX = 1e-6
"""What rounding may move an end of a row of pixels by, and far more."""


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
def _meets_no_pixel(a: Floats, b: Floats, c: Floats, width: int, height: int) -> bool:
    """Whether a triangle lies between the middles of pixels, or beside the picture: most of a far city does."""
    left, right = min(a[0], b[0], c[0]) - _ROUNDING_PX, max(a[0], b[0], c[0]) + _ROUNDING_PX
    if right < 0.0 or left > width - 1.0 or np.ceil(left) > np.floor(right):
        return True
    above, below = min(a[1], b[1], c[1]), max(a[1], b[1], c[1])
    return bool(below < 0.0 or above > height - 1.0 or np.ceil(above) > np.floor(below))


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
            if through:
                if mask[y, x]:
                    return True
                continue
            near = a[2] + slope_x * (x - a[0]) + slope_y * (y - a[1])
            if near > nearness[y, x]:
                nearness[y, x], rows[y, x] = near, row
    return False


@compiled
def draw_triangles(
    points: NDArray[np.float32], pixels: Floats, kept: Bools, triangles: Places, places: Places, owners: Ints,
    visible: Bools, lens: Floats, planes: Floats, through: bool, mask: Bools, nearness: Floats, rows: Ints,
    touched: Bools,
) -> None:  # fmt: skip
    """Draw the triangles of visible buildings into a picture, or mark those that touch the mask.

    Parameters
    ----------
    points : ndarray, (n_points, 3) float32 [m]
    pixels, kept : ndarray, (n_points, 3) float64, (n_points,) bool
        As `project` leaves them.
    triangles : ndarray, (n_triangles, 3) int32
    places : ndarray, (n_triangles,) int32
        Place in ``owners`` of each triangle.
    owners : ndarray, (k,) int64
        Building rows.
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
    height, width = mask.shape
    most = 3 + len(planes)
    corners, part, spare = np.empty((3, 3)), np.empty((most, 3)), np.empty((most, 3))
    a, b, c = np.empty(3), np.empty(3), np.empty(3)
    for number in range(len(triangles)):
        row = owners[places[number]]
        if not visible[row] or (through and touched[row]):
            continue
        i, j, k = triangles[number, 0], triangles[number, 1], triangles[number, 2]
        if kept[i] and kept[j] and kept[k]:
            if _meets_no_pixel(pixels[i], pixels[j], pixels[k], width, height):
                continue
            if _fill(pixels[i], pixels[j], pixels[k], row, through, mask, nearness, rows):
                touched[row] = True
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
def project(
    points: NDArray[np.float32], places: Places, owners: Ints, visible: Bools, lens: Floats, planes: Floats,
    through: bool, mask: Bools, pixels: Floats, kept: Bools, extents: Floats, touched: Bools,
) -> None:  # fmt: skip
    """Find where points appear, and widen each building's box in the picture by them.

    In ``through`` buildings with a corner in the mask are marked.

    Parameters
    ----------
    points, places, owners, visible, lens, planes, through, mask, touched
        As for `draw_triangles`, places by point.
    pixels, kept : ndarray, (n_points, 3) float64, (n_points,) bool
        Written: right, down and how near, and whether a point lies on the kept side of all planes; those that are not
        kept have no pixel.
    extents : ndarray, (n_buildings, 5) float64
        Lowest and highest x, lowest and highest y, greatest nearness.
    """
    height, width = mask.shape
    place = np.empty(3)
    for number in range(len(points)):
        row = owners[places[number]]
        if not visible[row]:
            continue
        _to_eye(points[number], lens, place)
        inside = True
        for plane in range(len(planes)):
            inside = inside and _kept(place, planes[plane]) >= 0.0
        kept[number] = inside
        if not inside:
            extents[row, 1] = 1e30  # never tiny: the rest of it may be large
            continue
        pixel, box = pixels[number], extents[row]
        _to_picture(place, lens, pixel)
        box[0], box[1] = min(box[0], pixel[0]), max(box[1], pixel[0])
        box[2], box[3] = min(box[2], pixel[1]), max(box[3], pixel[1])
        box[4] = max(box[4], pixel[2])
        if through:
            x, y = int(np.round(pixel[0])), int(np.round(pixel[1]))
            if 0 <= x < width and 0 <= y < height and mask[y, x]:
                touched[row] = True
