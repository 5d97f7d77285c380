"""The plan of the demo district: which building stands where, how old it is and what it is for. All invented."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from district_bodies import (
    Body,
    Box,
    elbow,
    elbow_ring,
    gable,
    hip,
    horseshoe_ring,
    inset,
    mansard,
    mirrored,
    pitched_court,
    prism,
    ring_of,
    sawtooth,
    stepped,
)

COLUMNS = ((0.0, 78.0), (90.0, 168.0), (192.0, 270.0), (282.0, 360.0))
ROWS = ((0.0, 58.0), (70.0, 138.0), (156.0, 224.0), (236.0, 296.0))
"""Blocks in metres of the plan, whose axes are turned against the map; x runs right, y away from the viewer."""

CRESCENT = (84.0, 56.0)
"""Middle of the crescent; its road and houses lie south of it."""
CRESCENT_ROAD_M = (53.0, 61.0)


@dataclass
class PlannedBuilding:
    """One building with its invented attributes.

    Parameters
    ----------
    street : str
        Name of the street; numbers are given in the order of building.
    function : str
    year : int
    storeys : int
    roof : str
    body : Body
        In metres of the plan; empty when there are parts.
    turn : tuple of float
        x, y, angle [rad]: the body is turned about its zero and then moved there.
    note : str
    parts : dict of str to PlannedBuilding
    """

    street: str
    function: str
    year: int
    storeys: int
    roof: str
    body: Body
    turn: tuple[float, float, float] = (0.0, 0.0, 0.0)
    note: str = ""
    parts: dict[str, "PlannedBuilding"] = field(default_factory=dict)


def planned_buildings(random: Random) -> list[PlannedBuilding]:
    """All buildings of the district, from the front to the back."""
    return [
        *_crescent(random),
        *_front_terraces(random),
        *_school_and_park(),
        *_perimeter_block(random, _block(1, 1), "Linden Street", 1896),
        *_offices(),
        *_terraces(random, _block(3, 1), "Linden Street", "Market Street", 8, 1904),
        *_market_block(random),
        *_towers(),
        *_perimeter_block(random, _block(2, 2), "Market Street", 1911),
        *_health_and_work(),
        *_detached(random, _block(0, 3), "Mill Street", "North Lane"),
        *_terraces(random, _block(1, 3), "Mill Street", "North Lane", 8, 1926),
        *_slabs(),
        *_works(),
    ]


def _block(column: int, row: int) -> Box:
    (x0, x1), (y0, y1) = COLUMNS[column], ROWS[row]
    return x0, y0, x1, y1


def _house(random: Random, width: float, depth: float, number: int) -> tuple[Body, str, int]:
    """A detached house about its middle: body, roof type, storeys."""
    storeys = 1 if number % 4 == 3 else 2
    box = (-width / 2, -depth / 2, width / 2, depth / 2)
    eaves, rise = 2.9 * storeys + 0.4, random.randrange(26, 40) / 10
    if number % 5 == 4:
        wing = (-width / 2 - 1.0, -depth / 2, width / 2 + 2.0, depth / 2 + 3.0)
        return elbow(wing, 7.0, eaves, eaves + rise), "hip", storeys
    if number % 3 == 0:
        return hip(box, eaves, eaves + rise), "hip", storeys
    return gable(box, eaves, eaves + rise + 0.6, along_x=number % 2 == 0), "gable", storeys


def _crescent(random: Random) -> Iterator[PlannedBuilding]:
    """Detached houses along the outer side of a half-circle."""
    for number in range(12):
        angle = math.radians(190.0 + number * 160.0 / 11.0)
        radius = 75.0 + random.randrange(-15, 16) / 10
        width, depth = random.randrange(100, 125) / 10, random.randrange(84, 98) / 10
        body, roof, storeys = _house(random, width, depth, number)
        place = (CRESCENT[0] + radius * math.cos(angle), CRESCENT[1] + radius * math.sin(angle))
        year = random.randrange(1924, 1962) if number % 4 else random.randrange(1998, 2016)
        turn = (*place, angle + math.pi / 2)
        yield PlannedBuilding("Orchard Crescent", "residential", year, storeys, roof, body, turn)


def _detached(random: Random, block: Box, south_street: str, north_street: str) -> Iterator[PlannedBuilding]:
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
        storeys = 3 if random.random() < 0.35 else 2  # noqa: PLR2004
        eaves = 2.9 * storeys + random.randrange(3, 9) / 10
        west = round(x0 + number * width, 2)
        plot = (west, y0, round(x0 + (number + 1) * width, 2), y1)
        built = year + random.randrange(0, 8)
        if random.random() < 0.12:  # noqa: PLR2004
            body, roof, built, storeys = prism(ring_of(plot), 9.6), "flat", random.randrange(1988, 2012), 3
        else:
            body, roof = gable(plot, eaves, eaves + random.randrange(34, 42) / 10), "gable"
        yield PlannedBuilding(street, "residential", built, storeys, roof, body)


def _terraces(
    random: Random, block: Box, south_street: str, north_street: str, houses: int, year: int
) -> Iterator[PlannedBuilding]:
    x0, y0, x1, y1 = inset(block, 4.0)
    yield from _terrace(random, (x0, y0, x1, y0 + 9.5), south_street, houses, year)
    yield from _terrace(random, (x0, y1 - 9.5, x1, y1), north_street, houses, year + 6)


def _front_terraces(random: Random) -> Iterator[PlannedBuilding]:
    """A terrace to the north and pairs of houses to the south of the block beside the crescent."""
    x0, y0, x1, y1 = _block(2, 0)
    yield from _terrace(random, (x0 + 3.0, y1 - 13.0, x1 - 3.0, y1 - 4.0), "Linden Street", 9, 1908)
    for pair in range(3):
        middle = x0 + 14.0 + 25.0 * pair
        eaves, year = 6.1 + 0.3 * pair, 1931 + 3 * pair
        for box in ((middle - 8.0, y0 + 8.0, middle, y0 + 17.5), (middle, y0 + 8.0, middle + 8.0, y0 + 17.5)):
            body = gable(box, eaves, eaves + 3.4)
            yield PlannedBuilding("South Lane", "residential", year, 2, "gable", body)


def _school_and_park() -> Iterator[PlannedBuilding]:
    x0, y0, x1, _ = _block(0, 1)
    wings = horseshoe_ring((x0 + 8.0, y0 + 8.0, x1 - 8.0, y0 + 42.0), 13.0)
    school = prism(wings, 7.8)
    yield PlannedBuilding("Linden Street", "education", 1958, 2, "flat", school, note="school")
    gym = gable((x0 + 12.0, y0 + 48.0, x0 + 40.0, y0 + 63.0), 6.5, 9.0)
    yield PlannedBuilding("Market Street", "education", 2012, 1, "gable", gym, note="sports hall of the school")
    cafe = hip((304.0, 42.0, 316.0, 52.0), 3.6, 5.6)
    yield PlannedBuilding("Linden Street", "retail", 2007, 1, "hip", cafe, note="café in the park")


def _perimeter_block(random: Random, block: Box, street: str, year: int) -> Iterator[PlannedBuilding]:
    """Corner houses and houses between them around a shared court; every one touches two others."""
    x0, y0, x1, y1 = inset(block, 3.0)
    arm, depth = 19.0, 12.0
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    corner = prism(elbow_ring((x0, y0, x0 + arm, y0 + arm), depth), 1.0)
    for number, (axis_x, axis_y) in enumerate(((None, None), (middle_x, None), (middle_x, middle_y), (None, middle_y))):
        storeys = 5 + number % 2
        body = mirrored(_raised(corner, 3.2 * storeys + 1.0), axis_x, axis_y)
        note = "shops on the ground floor" if number < 2 else ""  # noqa: PLR2004
        yield PlannedBuilding(street, "residential", year + 3 * number, storeys, "flat", body, note=note)
    for y in (y0, y1 - depth):
        for west, east in ((x0 + arm, middle_x), (middle_x, x1 - arm)):
            yield _town_house(random, (west, y, east, y + depth), street, year, along_x=True)
    for x in (x0, x1 - depth):
        yield _town_house(random, (x, y0 + arm, x + depth, y1 - arm), street, year, along_x=False)


def _raised(body: Body, height: float) -> Body:
    """A body of height 1 stretched."""
    return [[[(x, y, z * height) for x, y, z in ring] for ring in face] for face in body]


def _town_house(random: Random, box: Box, street: str, year: int, along_x: bool) -> PlannedBuilding:
    storeys = random.randrange(4, 6)
    eaves = 3.2 * storeys + random.randrange(0, 9) / 10
    kind = random.randrange(4)
    if kind == 0:
        body, roof = mansard(box, eaves - 2.4, eaves + 0.6, along_x), "mansard"
    elif kind == 1:
        body, roof = prism(ring_of(box), eaves), "flat"
    else:
        body, roof = gable(box, eaves - 1.6, eaves + 2.6, along_x), "gable"
    function = "office" if kind == 1 else "residential"
    built = random.randrange(1952, 1992) if kind == 1 else year + random.randrange(0, 30)
    return PlannedBuilding(street, function, built, storeys, roof, body)


def _offices() -> Iterator[PlannedBuilding]:
    """An office around two courts, and a hotel."""
    x0, y0, x1, y1 = _block(2, 1)
    outer = (x0 + 4.0, y0 + 4.0, x0 + 48.0, y1 - 6.0)
    courts = ((x0 + 16.0, y0 + 15.0, x0 + 36.0, y0 + 29.0), (x0 + 16.0, y0 + 39.0, x0 + 36.0, y0 + 52.0))
    yield PlannedBuilding(
        "Meridian Boulevard", "office", 1986, 5, "flat", prism(ring_of(outer), 18.0, courts), note="two courtyards"
    )
    tower = (x1 - 24.0, y0 + 22.0, x1 - 4.0, y1 - 24.0)
    tiers = [(ring_of((x1 - 26.0, y0 + 8.0, x1 - 2.0, y1 - 6.0)), 7.5), (ring_of(tower), 42.0)]
    yield PlannedBuilding("Cedar Street", "hotel", 2009, 12, "flat", stepped(tiers))


def _market_block(random: Random) -> Iterator[PlannedBuilding]:
    """Shops with flats above along Market Street, a courtyard house behind."""
    x0, y0, x1, y1 = _block(0, 2)
    for number in range(5):
        plot = (x0 + 3.0 + 14.4 * number, y0 + 3.0, x0 + 3.0 + 14.4 * (number + 1), y0 + 15.0)
        storeys = 3 + random.randrange(2)
        eaves = 3.3 * storeys + 0.5
        flat = number % 2 == 1
        body = prism(ring_of(plot), eaves) if flat else mansard(plot, eaves - 2.6, eaves + 0.4)
        function = "retail" if number == 3 else "residential"  # noqa: PLR2004
        note = "department store" if function == "retail" else "shops on the ground floor"
        year = 1899 + 4 * number
        yield PlannedBuilding("Market Street", function, year, storeys, "flat" if flat else "mansard", body, note=note)
    court = pitched_court((x0 + 8.0, y0 + 23.0, x1 - 8.0, y1 - 3.0), 10.0, 12.2, 15.8)
    yield PlannedBuilding("Mill Street", "residential", 1928, 4, "gable", court, note="courtyard house")


def _towers() -> Iterator[PlannedBuilding]:
    """A tower on a podium, in two parts, and one that draws back twice."""
    x0, y0, x1, y1 = _block(1, 2)
    plot, width = (x0 + 5.0, y0 + 6.0, x0 + 39.0, y1 - 8.0), 14.0
    street, year = "Market Street", 2016
    rest = prism(elbow_ring(plot, width), 10.8)
    box = (plot[0] + width, plot[1] + width, plot[0] + width + 20.0, plot[1] + width + 24.0)
    parts = {
        "podium": PlannedBuilding(street, "retail", year, 3, "flat", rest),
        "tower": PlannedBuilding(street, "residential", year, 19, "flat", prism(ring_of(box), 61.0)),
    }
    yield PlannedBuilding(street, "residential", year, 19, "flat", [], note="tower on a podium", parts=parts)
    base = (x1 - 30.0, y0 + 14.0, x1 - 4.0, y0 + 50.0)
    tiers = [(ring_of(base), 14.8), (ring_of(inset(base, 3.0)), 40.4), (ring_of(inset(base, 6.0)), 51.6)]
    yield PlannedBuilding("Meridian Boulevard", "office", 1998, 14, "flat", stepped(tiers))


def _health_and_work() -> Iterator[PlannedBuilding]:
    x0, y0, x1, y1 = _block(3, 2)
    clinic = prism(ring_of((x0 + 5.0, y0 + 6.0, x0 + 61.0, y0 + 22.0)), 14.6)
    yield PlannedBuilding("Market Street", "healthcare", 1974, 4, "flat", clinic, note="clinic")
    wings = elbow_ring((x0 + 8.0, y0 + 32.0, x1 - 10.0, y1 - 3.0), 13.0)
    yield PlannedBuilding("Mill Street", "office", 2019, 4, "flat", prism(wings, 15.2))


def _slabs() -> Iterator[PlannedBuilding]:
    """Three parallel slabs of flats on a lawn."""
    x0, y0, _, y1 = _block(2, 3)
    for number, storeys in enumerate((7, 9, 7)):
        west = x0 + 8.0 + 26.0 * number
        body = prism(ring_of((west, y0 + 6.0, west + 11.5, y1 - 6.0)), 2.8 * storeys + 0.6)
        yield PlannedBuilding("Mill Street", "residential", 1966 + 3 * number, storeys, "flat", body, note="flats")


def _works() -> Iterator[PlannedBuilding]:
    """A shed with north lights, a workshop against it, and a supermarket."""
    x0, y0, x1, y1 = _block(3, 3)
    shed = sawtooth((x0 + 6.0, y0 + 24.0, x0 + 48.0, y1 - 2.0), 6.0, 9.2, 4)
    yield PlannedBuilding("Canal Road", "industrial", 1937, 1, "sawtooth", shed, note="works")
    office = prism(ring_of((x0 + 48.0, y0 + 30.0, x0 + 60.0, y1 - 8.0)), 7.2)
    yield PlannedBuilding("Canal Road", "office", 1968, 2, "flat", office, note="works office")
    shop = prism(ring_of((x0 + 6.0, y0 + 4.0, x1 - 26.0, y0 + 18.0)), 5.4)
    yield PlannedBuilding("Mill Street", "retail", 1994, 1, "flat", shop, note="supermarket")
    hall = gable((x1 - 14.0, y0 + 5.0, x1 - 2.0, y1 - 5.0), 5.2, 7.2, along_x=False)
    yield PlannedBuilding("Canal Road", "other", 1979, 1, "gable", hall, note="depot")
