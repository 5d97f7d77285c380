"""The demo district as a project of the user's own."""

from pathlib import Path

from citytwin_desktop.errors import KnownError


def demo_project() -> Path:
    """Make the demo project where it is not there yet, and say where it is.

    Raises
    ------
    KnownError
        When this installation has no demo district.
    """
    try:
        from citytwin_desktop.document.demo import make_demo_project
    except ImportError:
        raise KnownError("This installation has no demo district: open a city file instead.") from None
    return Path(make_demo_project())
