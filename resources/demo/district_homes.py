"""The low edges of the demo district: detached houses, pairs and terraces. All invented."""

import math
from collections.abc import Iterator
from random import Random

from district_blocks import CRESCENT, PlannedBuilding, block_box
from district_bodies import Body, Box, elbow, gable, hip, inset, prism, ring_of


def _house(random: Random, width: float, depth: float, number: int) -> tuple[Body, str, int]:
    """A detached house about its middle: body, roof type, storeys."""
    storeys = 1 if number % 4 == 3 else 2
    box = (-width / 2, -depth / 2, width / 2, depth / 2)
    rise = random.randrange(26, 40) / 10 - (1.2 if storeys == 1 else 0.0)
    eaves = 2.9 * storeys + (0.1 if storeys == 1 else 0.4)
    if number % 5 == 4:
        wing = (-width / 2 - 1.0, -depth / 2, width / 2 + 2.0, depth / 2 + 3.0)
        return elbow(wing, 7.0, eaves, eaves + rise), "hip", storeys
    if number % 3 == 0:
        return hip(box, eaves, eaves + rise), "hip", storeys
    return gable(box, eaves, eaves + rise + 0.6, along_x=number % 2 == 0), "gable", storeys


def crescent(random: Random) -> Iterator[PlannedBuilding]:
    """Detached houses along the outer side of a half-circle."""
    for number in range(12):
        angle = math.radians(193.0 + number * 154.0 / 11.0)
        radius = 75.0 + random.randrange(-15, 16) / 10
        width, depth = random.randrange(100, 125) / 10, random.randrange(84, 98) / 10
        body, roof, storeys = _house(random, width, depth, number)
        place = (CRESCENT[0] + radius * math.cos(angle), CRESCENT[1] + radius * math.sin(angle))
        year = random.randrange(1924, 1962) if number % 4 else random.randrange(1998, 2016)
        turn = (*place, angle + math.pi / 2)
        yield PlannedBuilding("Orchard Crescent", "residential", year, storeys, roof, body, turn)


def lane_houses(random: Random) -> Iterator[PlannedBuilding]:
    """A loose row of houses at the very front."""
    for number in range(6):
        body, roof, storeys = _house(random, random.randrange(104, 124) / 10, random.randrange(86, 98) / 10, number + 2)
        place = (205.0 + 23.0 * number + random.randrange(-15, 16) / 10, -23.0 + random.randrange(-20, 21) / 10)
        year = random.randrange(1951, 2020)
        turn = (*place, random.randrange(-6, 7) / 100)
        yield PlannedBuilding("South Lane", "residential", year, storeys, roof, body, turn)


def detached(random: Random, block: Box, south_street: str, north_street: str) -> Iterator[PlannedBuilding]:
    """Two rows of houses on plots of one width, back to back."""
    x0, y0, x1, y1 = block
    pitch = (x1 - x0) / 4
    for number in range(8):
        column, north = number % 4, number >= 4
        x = x0 + pitch * (column + 0.5) + random.randrange(-15, 16) / 10
        y = (y1 - 13.0 if north else y0 + 12.0) + random.randrange(-20, 21) / 10
        body, roof, storeys = _house(random, random.randrange(100, 120) / 10, random.randrange(86, 100) / 10, number)
        turn = (x, y, random.randrange(-5, 6) / 100)
        year = random.randrange(1948, 2006)
        street = north_street if north else south_street
        yield PlannedBuilding(street, "residential", year, storeys, roof, body, turn)


def _terrace(random: Random, box: Box, street: str, houses: int, year: int) -> Iterator[PlannedBuilding]:
    """A row of houses wall to wall, stepped in height, some with a bay or a flat rebuilt one among them."""
    x0, y0, x1, y1 = box
    width = (x1 - x0) / houses
    for number in range(houses):
        storeys = 3 if random.random() < 0.35 else 2
        eaves = 2.9 * storeys + random.randrange(3, 9) / 10
        west = round(x0 + number * width, 2)
        plot = (west, y0, round(x0 + (number + 1) * width, 2), y1)
        built = year + random.randrange(0, 8)
        if random.random() < 0.12:
            body, roof, built, storeys = prism(ring_of(plot), 9.6), "flat", random.randrange(1988, 2012), 3
        else:
            body, roof = gable(plot, eaves, eaves + random.randrange(34, 42) / 10), "gable"
        yield PlannedBuilding(street, "residential", built, storeys, roof, body)


def terraces(
    random: Random, block: Box, south_street: str, north_street: str, houses: int, year: int
) -> Iterator[PlannedBuilding]:
    """Two terraces with their gardens between them."""
    x0, y0, x1, y1 = inset(block, 4.0)
    yield from _terrace(random, (x0, y0, x1, y0 + 9.5), south_street, houses, year)
    yield from _terrace(random, (x0, y1 - 9.5, x1, y1), north_street, houses, year + 6)


def front_terraces(random: Random) -> Iterator[PlannedBuilding]:
    """A terrace to the north and pairs of houses to the south of the block beside the crescent."""
    x0, y0, x1, y1 = block_box(2, 0)
    yield from _terrace(random, (x0 + 3.0, y1 - 13.0, x1 - 3.0, y1 - 4.0), "Linden Street", 9, 1908)
    for pair in range(3):
        middle = x0 + 14.0 + 25.0 * pair
        eaves, year = 6.1 + 0.3 * pair, 1931 + 3 * pair
        for box in ((middle - 8.0, y0 + 8.0, middle, y0 + 17.5), (middle, y0 + 8.0, middle + 8.0, y0 + 17.5)):
            body = gable(box, eaves, eaves + 3.4)
            yield PlannedBuilding("South Lane", "residential", year, 2, "gable", body)
