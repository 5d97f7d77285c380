"""Which archetype set suits the place of a city."""

from citytwin_desktop.catalog.archetypes import archetype_sets
from citytwin_desktop.city.coordinates import latitude_longitude_deg
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.errors import KnownError

# Rough boxes of the countries that have a set: south, west, north, east [deg].
_COUNTRIES = {"NL": (50.7, 3.3, 53.6, 7.3), "GB": (49.8, -8.7, 60.9, 1.8)}


def archetype_set_for(city: CityModel) -> str:
    """Archetype set of the country that a city lies in.

    Raises
    ------
    KnownError
        When there is none; the user must then choose, for nothing is guessed.
    """
    latitude, longitude = latitude_longitude_deg(city)
    for name, (south, west, north, east) in _COUNTRIES.items():
        if south <= latitude <= north and west <= longitude <= east:
            return name
    place = f"{latitude:.1f}° N, {longitude:.1f}° E"
    msg = f"There is no archetype set for {place}: choose one of {', '.join(archetype_sets())} with --archetypes."
    raise KnownError(msg)
