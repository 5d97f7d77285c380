"""Which archetype set suits the place of a city."""

from citytwin_desktop.catalog.archetypes import SET_TITLES, archetype_sets
from citytwin_desktop.catalog.set_areas import sets_near
from citytwin_desktop.city.coordinates import latitude_longitude_deg
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError


def archetype_set_for(city: CityModel) -> str:
    """Archetype set of the country that a city lies in.

    Raises
    ------
    KnownError
        When there is none, or the city is too near to a border; the user must then choose, for nothing is guessed.
    """
    return archetype_set_at(*latitude_longitude_deg(city))


def archetype_set_at(latitude_deg: float, longitude_deg: float) -> str:
    """Archetype set of the country that a place lies in.

    Parameters
    ----------
    latitude_deg, longitude_deg : float [deg]

    Raises
    ------
    KnownError
        When there is none, or the place is too near to a border.
    """
    near, sure = sets_near(latitude_deg, longitude_deg)
    if sure:
        return near[0]
    place = f"{abs(latitude_deg):.2f}° {'NS'[latitude_deg < 0]}, {abs(longitude_deg):.2f}° {'EW'[longitude_deg < 0]}"
    if not near:
        msg = (
            f"There is no archetype set for {place} (CA and US hold for climate zones 5 and 6 only): "
            f"choose one of {', '.join(archetype_sets())} with --archetypes."
        )
    elif len(near) == 1:
        title = SET_TITLES[near[0]].split(",")[0]
        msg = (
            f"The place {place} is too near to the edge of the set {near[0]} ({title}) to tell which side it is on: "
            f"state --archetypes {near[0]}, or another of {', '.join(archetype_sets())}."
        )
    else:
        choices = " or ".join(f"{code} ({SET_TITLES[code].split(',')[0]})" for code in near)
        msg = f"The place {place} is too near to a border to tell its country: choose {choices} with --archetypes."
    raise KnownError(msg)
