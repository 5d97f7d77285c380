"""The plan of the demo district: which building stands where, from the front to the back."""

from random import Random

from district_blocks import PlannedBuilding, block_box
from district_centre import (
    health_and_work,
    market_block,
    offices,
    perimeter_block,
    school_and_park,
    slabs,
    towers,
    works,
)
from district_homes import crescent, detached, front_terraces, lane_houses, terraces


def planned_buildings(random: Random) -> list[PlannedBuilding]:
    """All buildings of the district, from the front to the back."""
    return [
        *crescent(random),
        *lane_houses(random),
        *front_terraces(random),
        *school_and_park(),
        *perimeter_block(random, block_box(1, 1), "Linden Street", 1896),
        *offices(),
        *terraces(random, block_box(3, 1), "Linden Street", "Market Street", 8, 1904),
        *market_block(random),
        *towers(),
        *perimeter_block(random, block_box(2, 2), "Market Street", 1911),
        *health_and_work(),
        *detached(random, block_box(0, 3), "Mill Street", "North Lane"),
        *terraces(random, block_box(1, 3), "Mill Street", "North Lane", 8, 1926),
        *slabs(),
        *works(),
    ]
