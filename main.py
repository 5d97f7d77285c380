"""Start CityTwin Desktop from a checkout. Standard library only until the start-up checks have passed."""

import importlib.util
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must get a sentence, not a syntax error
    sys.exit(f"citytwin: this is Python {sys.version.split()[0]}: start it with Python 3.11 or newer.")

_NEEDED = ("numpy", "typer", "sqlalchemy", "shapely", "pyproj", "vtkmodules", "pyvista", "PySide6", "eppy")


def start_problem() -> str | None:
    """One sentence on why the program cannot start, with the remedy, or None."""
    from citytwin_desktop.preflight import missing_packages

    absent = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if absent:
        return (
            f"The Python packages {', '.join(absent)} are not there: run “python3 installers/from_source.py setup” "
            "and start with the Python of .venv."
        )
    # Without these VTK ends the whole process at the first picture.
    if missing := missing_packages(window=False):
        return f"System libraries are missing: install them with “sudo apt-get install {' '.join(missing)}”."
    return None


if __name__ == "__main__":
    if problem := start_problem():
        sys.exit(f"citytwin: {problem}")
    from citytwin_desktop.__main__ import main

    sys.exit(main())
