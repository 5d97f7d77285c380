"""Start the program: the only place that knows both the window and the command line."""

import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run a command, or open the window on a project.

    Parameters
    ----------
    arguments : list of str, optional
        Without the program's name; from the command line by default.

    Returns
    -------
    int
        Exit code.
    """
    from citytwin_desktop.cli import app as command_line
    from citytwin_desktop.cli.window import set_window_opener
    from citytwin_desktop.preflight import calm_numeric_threads

    calm_numeric_threads()

    given = sys.argv[1:] if arguments is None else arguments
    set_window_opener(_open_if_possible)
    if not given:
        return _open_window(None)
    if len(given) == 1 and _means_a_project(given[0], command_line.command_names()):
        return _open_window(Path(given[0]))
    return command_line.run(given)


def _means_a_project(word: str, commands: frozenset[str]) -> bool:
    """Whether a single word is a file to open: not an option, not a command, not a mistyped one."""
    return not word.startswith("-") and word not in commands and ("." in word or Path(word).exists())


def _open_if_possible(project: Path) -> int:
    """Open the window where there is a display, and do without where there is none."""
    from citytwin_desktop.preflight import has_display

    return _open_window(project) if has_display() else 0


def _open_window(project: Path | None) -> int:
    from citytwin_desktop.errors import KnownError
    from citytwin_desktop.preflight import require_window_libraries

    try:
        require_window_libraries()
        from citytwin_desktop.ui.application import run

        return int(run(project))
    except KnownError as error:
        sys.stderr.write(f"citytwin: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
