"""Compiled loops for the direct sun."""

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.sim.solar.compiling import compiled

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]
States = NDArray[np.int8]

BLOCKED, TURNED_AWAY = -1, -2


@compiled
def sun_rays(position: Floats, normal: Floats, sun: Floats) -> tuple[Floats, Floats, Integers]:
    """Rays from cells to every sun that they face.

    Parameters
    ----------
    position, normal : ndarray, (cells, 3) float32
    sun : ndarray, (n_suns, 3) float32

    Returns
    -------
    origins, directions : ndarray, (k, 3) float32
    pair : ndarray, (k,) int32
        Cell times n_suns plus sun.
    """
    most = len(position) * len(sun)
    origins, directions = np.empty((most, 3), np.float32), np.empty((most, 3), np.float32)
    pair = np.empty(most, np.int32)
    count = 0
    for cell in range(len(position)):
        for s in range(len(sun)):
            cosine = normal[cell, 0] * sun[s, 0] + normal[cell, 1] * sun[s, 1] + normal[cell, 2] * sun[s, 2]
            if cosine > 0.0:
                for axis in range(3):
                    origins[count, axis] = position[cell, axis]
                    directions[count, axis] = sun[s, axis]
                pair[count] = cell * len(sun) + s
                count += 1
    return origins[:count], directions[:count], pair[:count]


@compiled
def sun_states(free: NDArray[np.bool_], crossed: NDArray[np.int8], pair: Integers, cells: int, suns: int) -> States:
    """Write down how each cell sees each sun.

    Parameters
    ----------
    free : ndarray, (k,) bool
        Rays that nothing solid stops.
    crossed : ndarray, (k,) int8
        Crowns that they pass.
    pair : ndarray, (k,) int32
        Cell times suns plus sun.
    cells, suns : int

    Returns
    -------
    ndarray, (cells, suns) int8
        Number of crowns in the way, `BLOCKED`, or `TURNED_AWAY`.
    """
    states = np.full(cells * suns, TURNED_AWAY, np.int8)
    for k in range(len(pair)):
        states[pair[k]] = crossed[k] if free[k] else BLOCKED
    return states.reshape(cells, suns)


@compiled
def sum_seen(states: States, columns: Integers, light: Floats, target: Integers, share: Floats, seen: Floats) -> None:
    """Add what cells see to whom they belong to.

    Parameters
    ----------
    states : ndarray, (cells, suns) int8
    columns : ndarray, (chosen,) int32
        Suns to take; all when empty.
    light : ndarray, (seasons, crossings) float32
        Share of light that so many crowns leave.
    target, share : ndarray, (cells,)
        Whom a cell counts for, and how much.
    seen : ndarray, (seasons, targets, chosen suns) float32
        Added to.
    """
    for cell in range(len(states)):
        for place in range(seen.shape[2]):
            state = states[cell, columns[place]] if len(columns) else states[cell, place]
            if state >= 0:
                for season in range(len(light)):
                    seen[season, target[cell], place] += share[cell] * light[season, state]


@compiled
def _certain(one: int, other: int, states: States, cell: int) -> bool:
    """Whether a cell sees the suns of two days alike, so that it will see those between them so too.

    A sun that grazes a surface in between, behind it on one day and hidden on the other, is taken to be hidden.
    """
    if one < 0 or other < 0:
        return False
    here, there = states[cell, one], states[cell, other]
    return bool(here == there or (here < 0 and there < 0))


@compiled
def add_certain(
    states: States,
    base: Integers,
    base_column: Integers,
    light: Floats,
    cell_row: Integers,
    cell_weight: Floats,
    steps: Floats,
) -> None:
    """Add the base days, and the days between two that a cell sees alike, to the rows.

    Parameters
    ----------
    states : ndarray, (cells, base suns) int8
    base : ndarray, (b,) int32
        Places of the base days among all.
    base_column : ndarray, (24, b) int32
    light : ndarray, (seasons, crossings) float32
    cell_row, cell_weight : ndarray, (cells,)
    steps : ndarray, (seasons, rows, 24, days + 1) float32
        Added to: the visible share of a day is the sum of its steps up to that day.
    """
    days = steps.shape[3] - 1
    for cell in range(len(states)):
        row, weight = cell_row[cell], cell_weight[cell]
        for hour in range(24):
            for b in range(len(base)):
                column, after = base_column[hour, b], (b + 1) % len(base)
                if column < 0 or states[cell, column] < 0:
                    continue
                alike = _certain(column, base_column[hour, after], states, cell)
                end = base[b] + 1
                if alike:
                    end = base[after] if after > b else days
                for season in range(len(light)):
                    part = weight * light[season, states[cell, column]]
                    steps[season, row, hour, base[b]] += part
                    steps[season, row, hour, end] -= part
                    # On into the new year.
                    if alike and after <= b and base[0] > 0:
                        steps[season, row, hour, 0] += part
                        steps[season, row, hour, base[0]] -= part


@compiled
def uncertain_hours(  # noqa: C901 - one loop, unrolled for the compiler
    states: States,
    base: Integers,
    base_column: Integers,
    column: Integers,
    dark: NDArray[np.bool_],
    position: Floats,
    normal: Floats,
    sun: Floats,
) -> tuple[Floats, Floats, Integers, Integers]:
    """Rays to the suns between two base days that a cell does not see alike.

    Parameters
    ----------
    states : ndarray, (cells, base suns) int8
    base, base_column : ndarray
        As for `add_certain`.
    column : ndarray, (24, days) int32
        Sun of every hour and day, -1 where it is down.
    dark : ndarray, (24, b) bool
        Whether the sun is down at that hour on all days between a base day and the next.
    position, normal : ndarray, (cells, 3) float32
    sun : ndarray, (n_suns, 3) float32

    Returns
    -------
    origins, directions : ndarray, (k, 3) float32
    cell, place : ndarray, (k,) int32
        Place is the hour times the number of days plus one, plus the day.
    """
    days = column.shape[1]
    capacity = max(len(states) * 256, 1024)
    cell_of, place_of, sun_of = np.empty(capacity, np.int32), np.empty(capacity, np.int32), np.empty(capacity, np.int32)
    count = 0
    for cell in range(len(states)):
        nx, ny, nz = normal[cell, 0], normal[cell, 1], normal[cell, 2]
        for hour in range(24):
            for b in range(len(base)):
                after = (b + 1) % len(base)
                if dark[hour, b] or _certain(base_column[hour, b], base_column[hour, after], states, cell):
                    continue
                last = base[after] if after > b else base[after] + days
                for later in range(base[b] + 1, last):
                    day = later if later < days else later - days
                    s = column[hour, day]
                    if s < 0:
                        continue
                    if nx * sun[s, 0] + ny * sun[s, 1] + nz * sun[s, 2] <= 0.0:
                        continue
                    if count == capacity:
                        capacity *= 2
                        cell_of, place_of = _longer(cell_of, capacity), _longer(place_of, capacity)
                        sun_of = _longer(sun_of, capacity)
                    cell_of[count], place_of[count], sun_of[count] = cell, hour * (days + 1) + day, s
                    count += 1
    origins, directions = np.empty((count, 3), np.float32), np.empty((count, 3), np.float32)
    for k in range(count):
        for axis in range(3):
            origins[k, axis] = position[cell_of[k], axis]
            directions[k, axis] = sun[sun_of[k], axis]
    return origins, directions, cell_of[:count].copy(), place_of[:count].copy()


@compiled
def _longer(values: Integers, capacity: int) -> Integers:
    longer = np.empty(capacity, np.int32)
    longer[: len(values)] = values
    return longer


@compiled
def add_traced(
    free: NDArray[np.bool_],
    crossed: NDArray[np.int8],
    cell: Integers,
    place: Integers,
    light: Floats,
    cell_row: Integers,
    cell_weight: Floats,
    steps: Floats,
) -> None:
    """Add what the rays of `uncertain_hours` found to the rows; arrays as there and for `add_certain`."""
    width = steps.shape[3]
    for k in range(len(free)):
        if free[k]:
            hour, day = place[k] // width, place[k] % width
            for season in range(len(light)):
                part = cell_weight[cell[k]] * light[season, crossed[k]]
                steps[season, cell_row[cell[k]], hour, day] += part
                steps[season, cell_row[cell[k]], hour, day + 1] -= part


@compiled
def visible_bytes(steps: Floats, column: Integers, suns: int) -> NDArray[np.uint8]:
    """Visible shares of rows from their steps.

    Parameters
    ----------
    steps : ndarray, (seasons, rows, 24, days + 1) float32
    column : ndarray, (24, days) int32
        Sun of every hour and day, -1 where it is down.
    suns : int

    Returns
    -------
    ndarray, (seasons, rows, suns) uint8
        255 for all of the row.
    """
    seasons, rows = steps.shape[0], steps.shape[1]
    visible = np.zeros((seasons, rows, suns), np.uint8)
    for season in range(seasons):
        for row in range(rows):
            for hour in range(24):
                share = 0.0
                for day in range(column.shape[1]):
                    share += steps[season, row, hour, day]
                    if column[hour, day] >= 0:
                        visible[season, row, column[hour, day]] = int(min(max(share, 0.0), 1.0) * 255.0 + 0.501)
    return visible


@compiled
def beam_by_month(
    normal: Floats,
    visibility: NDArray[np.uint8],
    sun: Floats,
    node_sun: Floats,
    columns: Integers,
    weights: Floats,
    beam: Floats,
    month: Integers,
) -> NDArray[np.float64]:
    """Beam irradiation of surfaces, summed by month.

    Parameters
    ----------
    normal : ndarray, (n, 3) float32
    visibility : ndarray, (n_suns, n) uint8
        255 for all of the surface.
    sun : ndarray, (hours, 3) float32
        Sun of each hour.
    node_sun : ndarray, (n_suns, 3) float32
    columns, weights : ndarray, (hours, 2)
        Place of each hour among the suns.
    beam : ndarray, (hours,) float32 [W/m2]
        Direct normal irradiance.
    month : ndarray, (hours,) int32

    Returns
    -------
    ndarray, (n, 12) float64 [Wh/m2]
    """
    total = np.zeros((len(normal), 12))
    for hour in range(len(sun)):
        one, other = columns[hour, 0], columns[hour, 1]
        one_part, other_part = weights[hour, 0], weights[hour, 1]
        for i in range(len(normal)):
            nx, ny, nz = normal[i, 0], normal[i, 1], normal[i, 2]
            cosine = nx * sun[hour, 0] + ny * sun[hour, 1] + nz * sun[hour, 2]
            if cosine <= 0.0:
                continue
            share, weight = 0.0, 0.0
            if nx * node_sun[one, 0] + ny * node_sun[one, 1] + nz * node_sun[one, 2] > 0.0:
                weight += one_part
                share += one_part * visibility[one, i]
            if nx * node_sun[other, 0] + ny * node_sun[other, 1] + nz * node_sun[other, 2] > 0.0:
                weight += other_part
                share += other_part * visibility[other, i]
            if weight > 0.0:
                total[i, month[hour]] += beam[hour] * cosine * share / (255.0 * weight)
    return total
