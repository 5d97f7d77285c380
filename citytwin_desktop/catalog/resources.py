"""Where the shipped tables, icons and districts are."""

from pathlib import Path

from citytwin_desktop.errors import BugError

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


def resource_path(*parts: str) -> Path:
    """Path of a shipped file, in an installed package or in a checkout.

    Raises
    ------
    BugError
        When the program was installed without it.
    """
    for place in _PLACES:
        if (path := place.joinpath(*parts)).exists():
            return path
    msg = f"the shipped file resources/{'/'.join(parts)} is missing from this installation"
    raise BugError(msg)
