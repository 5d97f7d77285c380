"""The weather file that the EnergyPlus package brings along."""

from pathlib import Path

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus.locate import locate

_CHICAGO = "USA_IL_Chicago-OHare.Intl.AP.725300_TMY3.epw"


def chicago_weather_path() -> Path:
    """Typical year of Chicago O'Hare (TMY3, US DOE), for the demo and for tests.

    Raises
    ------
    KnownError
        When the package lacks it.
    """
    path = locate().weather_folder / _CHICAGO
    if not path.is_file():
        msg = f"The EnergyPlus package lacks its weather file {_CHICAGO}: reinstall that package."
        raise KnownError(msg)
    return path
