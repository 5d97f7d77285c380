"""The command that gives the solar potential: areas, yields and reasons, with the assumptions behind them."""

from pathlib import Path
from typing import Annotated

import typer

from citytwin_desktop.cli.app import app
from citytwin_desktop.cli.output import print_json, say
from citytwin_desktop.cli.project import Project
from citytwin_desktop.cli.session import opened
from citytwin_desktop.cli.simulate import Scenario


@app.command()
def potential(
    project: Project,
    scenario: Scenario = "baseline",
    by: Annotated[str, typer.Option(help="building or surface.")] = "building",
    file_format: Annotated[str, typer.Option("--format", help="json, csv, parquet or xlsx.")] = "json",
    out: Annotated[Path | None, typer.Option(help="File to write; stdout for json and csv by default.")] = None,
) -> None:
    """Print or write the potential of photovoltaics and solar thermal, and why a surface carries none."""
    from citytwin_desktop.document.potential_tables import potential_table
    from citytwin_desktop.errors import KnownError
    from citytwin_desktop.formats.tables import table_bytes, write_table

    with opened(project, read_only=True) as document:
        table = potential_table(document, document.scenario(scenario).id, by)
    if out is None and file_format == "json":
        print_json(table.to_json())
    elif out is not None:
        write_table(out, table.header, table.rows, file_format, table.to_json)
        say(f"{len(table.rows)} rows of the solar potential written to “{out}”.")
    elif file_format == "csv":
        typer.echo(table_bytes(table.header, table.rows, "csv").decode(), nl=False)
    else:
        msg = f"A {file_format} table is no text: say where to write it with --out FILE."
        raise KnownError(msg)
