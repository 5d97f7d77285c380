"""The commands, and what becomes of errors: exit codes 0 done, 1 known error, 2 wrong usage, 70 bug."""

import errno
import logging
import os
import sys
import traceback

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from citytwin_desktop import __version__
from citytwin_desktop.cli.output import say
from citytwin_desktop.errors import BugError, KnownError

_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
DONE, KNOWN, USAGE, BUG = 0, 1, 2, 70

app = typer.Typer(
    name="citytwin",
    help="3D city models with building energy and solar simulation. Without a command: open the window.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _options() -> None:
    """3D city models with building energy and solar simulation; without a command: open the window."""


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def command_names() -> frozenset[str]:
    """Names of all commands, to tell them from project files."""
    _register()
    return frozenset(_group().commands)


def _group() -> TyperGroup:
    """Build the group of all commands."""
    group = typer.main.get_command(app)
    if not isinstance(group, TyperGroup):
        raise BugError("the command line has no group of commands")
    return group


def run(arguments: list[str]) -> int:
    """Run a command line and give its exit code.

    Parameters
    ----------
    arguments : list of str
        Without the program's name.
    """
    _register()
    try:
        result = _group().main(args=arguments, prog_name="citytwin", standalone_mode=False)
    except typer.Exit as stop:
        return int(stop.exit_code)
    except TyperException as error:
        typer.echo(f"citytwin: {error.format_message()} (see citytwin --help)", err=True)
        return USAGE
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("citytwin: cancelled.", err=True)
        return KNOWN
    except KnownError as error:
        say(f"citytwin: {error}")
        return KNOWN
    except BrokenPipeError:
        # The reader of our output went away, as `head` does; nothing is wrong and nothing can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
            say(f"citytwin: The output cannot be written ({error.strerror}): free some space or write elsewhere.")
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return KNOWN
        logging.getLogger(__name__).debug("bug", exc_info=True)
        traceback.print_exc(file=sys.stderr)
        typer.echo(f"citytwin: this is a bug ({type(error).__name__}): report the lines above.", err=True)
        return BUG
    return int(result) if isinstance(result, int) else DONE


def _register() -> None:
    """Import the modules whose commands add themselves."""
    from citytwin_desktop.cli import (  # noqa: F401
        demo,
        editing,
        explain,
        joining,
        output_files,
        potential,
        project,
        results,
        scenario,
        simulate,
        validation,
    )
