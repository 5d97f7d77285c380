"""Final energy carriers: what is bought, burnt or taken from a network."""

from citytwin_desktop.errors import KnownError

CARRIERS: dict[str, str] = {
    "natural_gas": "Natural gas",
    "electricity": "Electricity",
    "district_heat": "District heat",
    "district_cold": "District cold",
    "oil": "Heating oil",
    "biomass": "Wood and other biomass",
}
"""Title of each carrier code; fuels are counted by their gross calorific value where the source of a system does."""


def carrier_title(code: str) -> str:
    """Title of a carrier.

    Raises
    ------
    KnownError
        When there is no such carrier.
    """
    try:
        return CARRIERS[code]
    except KeyError:
        msg = f"There is no energy carrier “{code}”: choose one of {', '.join(CARRIERS)}."
        raise KnownError(msg) from None
