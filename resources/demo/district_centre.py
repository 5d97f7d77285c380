"""The dense middle of the demo district: perimeter blocks, offices, towers, and what serves the homes. All invented."""

from collections.abc import Iterator
from random import Random

from district_blocks import PlannedBuilding, block_box
from district_bodies import (
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


def school_and_park() -> Iterator[PlannedBuilding]:
    """A school in three wings with its sports hall, and a café in the park."""
    x0, y0, x1, _ = block_box(0, 1)
    wings = horseshoe_ring((x0 + 8.0, y0 + 8.0, x1 - 8.0, y0 + 42.0), 13.0)
    school = prism(wings, 7.8)
    yield PlannedBuilding("Linden Street", "education", 1958, 2, "flat", school, note="school")
    gym = gable((x0 + 12.0, y0 + 48.0, x0 + 40.0, y0 + 63.0), 6.5, 9.0)
    yield PlannedBuilding("Market Street", "education", 2012, 1, "gable", gym, note="sports hall of the school")
    cafe = hip((338.0, 8.0, 351.0, 18.0), 3.6, 5.8)
    yield PlannedBuilding("South Lane", "retail", 2007, 1, "hip", cafe, note="café in the park")


def perimeter_block(random: Random, block: Box, street: str, year: int) -> Iterator[PlannedBuilding]:
    """Corner houses and houses between them around a shared court; every one touches two others."""
    x0, y0, x1, y1 = inset(block, 3.0)
    arm, depth = 19.0, 12.0
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    plot = (x0, y0, x0 + arm, y0 + arm)
    for number, (axis_x, axis_y) in enumerate(((None, None), (middle_x, None), (middle_x, middle_y), (None, middle_y))):
        storeys, flat = 5 + number % 2, number % 2 == year % 2
        height = 3.2 * storeys + 1.0
        corner = prism(elbow_ring(plot, depth), height) if flat else elbow(plot, depth, height - 1.2, height + 2.6)
        body, roof = mirrored(corner, axis_x, axis_y), "flat" if flat else "hip"
        note = "shops on the ground floor" if number < 2 else ""
        yield PlannedBuilding(street, "residential", year + 3 * number, storeys, roof, body, note=note)
    for y in (y0, y1 - depth):
        for west, east in ((x0 + arm, middle_x), (middle_x, x1 - arm)):
            yield _town_house(random, (west, y, east, y + depth), street, year, along_x=True)
    for x in (x0, x1 - depth):
        yield _town_house(random, (x, y0 + arm, x + depth, y1 - arm), street, year, along_x=False)


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


def offices() -> Iterator[PlannedBuilding]:
    """An office around two courts, and a hotel."""
    x0, y0, x1, y1 = block_box(2, 1)
    outer = (x0 + 4.0, y0 + 4.0, x0 + 48.0, y1 - 6.0)
    courts = ((x0 + 16.0, y0 + 15.0, x0 + 36.0, y0 + 29.0), (x0 + 16.0, y0 + 39.0, x0 + 36.0, y0 + 52.0))
    yield PlannedBuilding(
        "Meridian Boulevard", "office", 1986, 5, "flat", prism(ring_of(outer), 18.0, courts), note="two courtyards"
    )
    street, tower = "Cedar Street", (x1 - 20.0, y0 + 24.0, x1 - 3.0, y1 - 20.0)
    around = prism(ring_of((x1 - 27.0, y0 + 6.0, x1 - 1.0, y1 - 6.0)), 8.0, (tower,))
    rooms = stepped([(ring_of(tower), 44.0), (ring_of(inset(tower, 4.5)), 47.4)])
    parts = {
        "podium": PlannedBuilding(street, "hotel", 2009, 2, "flat", around),
        "tower": PlannedBuilding(street, "hotel", 2009, 13, "flat", rooms),
    }
    yield PlannedBuilding(street, "hotel", 2009, 13, "flat", [], note="hotel", parts=parts)


def market_block(random: Random) -> Iterator[PlannedBuilding]:
    """Shops with flats above along Market Street, a courtyard house behind."""
    x0, y0, x1, y1 = block_box(0, 2)
    for number in range(5):
        plot = (x0 + 3.0 + 14.4 * number, y0 + 3.0, x0 + 3.0 + 14.4 * (number + 1), y0 + 15.0)
        storeys = 3 + random.randrange(2)
        eaves = 3.3 * storeys + 0.5
        flat = number % 2 == 1
        body = prism(ring_of(plot), eaves) if flat else mansard(plot, eaves - 2.6, eaves + 0.4)
        function = "retail" if number == 3 else "residential"
        note = "department store" if function == "retail" else "shops on the ground floor"
        year = 1899 + 4 * number
        yield PlannedBuilding("Market Street", function, year, storeys, "flat" if flat else "mansard", body, note=note)
    court = pitched_court((x0 + 8.0, y0 + 23.0, x1 - 8.0, y1 - 3.0), 10.0, 12.2, 15.8)
    yield PlannedBuilding("Mill Street", "residential", 1928, 4, "gable", court, note="courtyard house")


def towers() -> Iterator[PlannedBuilding]:
    """A tower on a podium, in two parts, and one that draws back towards its top."""
    x0, y0, x1, y1 = block_box(1, 2)
    plot, width = (x0 + 5.0, y0 + 6.0, x0 + 39.0, y1 - 8.0), 14.0
    street, year = "Market Street", 2016
    rest = prism(elbow_ring(plot, width), 10.8)
    box = (plot[0] + width, plot[1] + width, plot[0] + width + 20.0, plot[1] + width + 24.0)
    top = stepped([(ring_of(box), 58.6), (ring_of(inset(box, 5.0)), 62.0)])
    parts = {
        "podium": PlannedBuilding(street, "retail", year, 3, "flat", rest),
        "tower": PlannedBuilding(street, "residential", year, 19, "flat", top),
    }
    yield PlannedBuilding(street, "residential", year, 19, "flat", [], note="tower on a podium", parts=parts)
    base = (x1 - 30.0, y0 + 14.0, x1 - 4.0, y0 + 50.0)
    tiers = [(ring_of(base), 44.6), (ring_of(inset(base, 3.5)), 51.8), (ring_of(inset(base, 9.0)), 54.6)]
    yield PlannedBuilding("Meridian Boulevard", "office", 1998, 14, "flat", stepped(tiers))


def health_and_work() -> Iterator[PlannedBuilding]:
    """A clinic and an L of offices behind it."""
    x0, y0, x1, y1 = block_box(3, 2)
    clinic = prism(ring_of((x0 + 5.0, y0 + 6.0, x0 + 61.0, y0 + 22.0)), 14.6)
    yield PlannedBuilding("Market Street", "healthcare", 1974, 4, "flat", clinic, note="clinic")
    wings = elbow_ring((x0 + 8.0, y0 + 32.0, x1 - 10.0, y1 - 3.0), 13.0)
    yield PlannedBuilding("Mill Street", "office", 2019, 4, "flat", prism(wings, 15.2))


def slabs() -> Iterator[PlannedBuilding]:
    """Three parallel slabs of flats on a lawn."""
    x0, y0, _, y1 = block_box(2, 3)
    for number, storeys in enumerate((7, 9, 7)):
        west = x0 + 8.0 + 26.0 * number
        height = 2.8 * storeys + 0.6
        lift = ring_of((west + 3.5, y0 + 26.0, west + 8.0, y0 + 33.0))
        body = stepped([(ring_of((west, y0 + 6.0, west + 11.5, y1 - 6.0)), height), (lift, height + 2.6)])
        yield PlannedBuilding("Mill Street", "residential", 1966 + 3 * number, storeys, "flat", body, note="flats")


def works() -> Iterator[PlannedBuilding]:
    """A shed with north lights, a workshop against it, and a supermarket."""
    x0, y0, x1, y1 = block_box(3, 3)
    shed = sawtooth((x0 + 6.0, y0 + 24.0, x0 + 48.0, y1 - 2.0), 6.0, 9.2, 4)
    yield PlannedBuilding("Canal Road", "industrial", 1937, 1, "sawtooth", shed, note="works")
    office = prism(ring_of((x0 + 48.0, y0 + 30.0, x0 + 60.0, y1 - 8.0)), 7.2)
    yield PlannedBuilding("Canal Road", "office", 1968, 2, "flat", office, note="works office")
    shop = prism(ring_of((x0 + 6.0, y0 + 4.0, x1 - 26.0, y0 + 18.0)), 5.4)
    yield PlannedBuilding("Mill Street", "retail", 1994, 1, "flat", shop, note="supermarket")
    hall = gable((x1 - 14.0, y0 + 5.0, x1 - 2.0, y1 - 5.0), 5.2, 7.2, along_x=False)
    yield PlannedBuilding("Canal Road", "other", 1979, 1, "gable", hall, note="depot")
