"""The command that exports a project to other formats, by the ending of the file."""

from pathlib import Path
from typing import Annotated

import typer

from citytwin_desktop.cli.app import app
from citytwin_desktop.cli.output import say
from citytwin_desktop.cli.project import Project
from citytwin_desktop.cli.session import opened
from citytwin_desktop.cli.simulate import Scenario


@app.command()
def export(
    project: Project,
    out: Annotated[Path, typer.Argument(help="File; its ending says the format, see the README.")],
    scenario: Scenario = "baseline",
    variable: Annotated[str | None, typer.Option(help="Colour meshes and layers by this variable.")] = None,
    time: Annotated[str | None, typer.Option(help="Moment of the variable, as for render.")] = None,
    crs: Annotated[str | None, typer.Option(help="EPSG:N of layers; the project's own by default.")] = None,
) -> None:
    """Write a project in another format."""
    from citytwin_desktop.document.exports import export_document

    with opened(project, read_only=True) as document:
        say(export_document(document, out, scenario, variable=variable, time=time, crs=crs))
