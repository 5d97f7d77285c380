"""Commands that edit: any registered command, undo, redo, history."""

from typing import Annotated

import typer

from citytwin_desktop.cli.app import app
from citytwin_desktop.cli.output import print_json, say
from citytwin_desktop.cli.project import AsJson, Project
from citytwin_desktop.cli.session import opened


@app.command()
def edit(
    project: Project,
    command: Annotated[str, typer.Argument(help="Command, such as edit_buildings or assign_package.")],
    values: Annotated[
        list[str] | None, typer.Argument(help="Parameters as KEY=VALUE; lists separated by commas.")
    ] = None,
) -> None:
    """Carry out any registered command."""
    parameters = {}
    for pair in values or []:
        key, separator, value = pair.partition("=")
        if not separator or not key:
            raise typer.BadParameter(f"“{pair}” is not KEY=VALUE")
        parameters[key] = value
    with opened(project) as document:
        entry = document.execute(command, **parameters)
    say(f"{entry.seq}: {entry.title}.")


@app.command()
def undo(
    project: Project,
    to: Annotated[
        int | None, typer.Option("--to", help="Go to just after this command of the history; 0 takes all back.")
    ] = None,
) -> None:
    """Take back the last command, or go to a place in the history."""
    with opened(project) as document:
        if to is not None:
            count = document.go_to(to)
            say(f"{count} command{'' if count == 1 else 's'} taken back or brought back.")
            return
        entry = document.undo()
    say(f"Undone: {entry.title}." if entry else "There is nothing to undo.")


@app.command()
def redo(project: Project) -> None:
    """Bring back the last command that was taken back."""
    with opened(project) as document:
        entry = document.redo()
    say(f"Redone: {entry.title}." if entry else "There is nothing to redo.")


@app.command()
def history(project: Project, as_json: AsJson = False) -> None:
    """List every command that was carried out."""
    with opened(project, read_only=True) as document:
        entries = document.history()
    if as_json:
        print_json([vars(entry) for entry in entries])
        return
    for entry in entries:
        typer.echo(f"{entry.seq:>5}  {entry.at}  {entry.who:<12}  {entry.title}{'  (undone)' if entry.undone else ''}")
