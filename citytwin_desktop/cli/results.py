"""Commands that give results: as tables and as pictures."""

from pathlib import Path
from typing import Annotated

import typer

from citytwin_desktop.cli.app import app
from citytwin_desktop.cli.output import print_json, say
from citytwin_desktop.cli.project import AsJson, Project
from citytwin_desktop.cli.session import opened
from citytwin_desktop.cli.simulate import Scenario

VariableName = Annotated[str, typer.Option(help="Such as heating_demand, solar_irradiation or pv_yield.")]


@app.command()
def results(
    project: Project,
    variable: VariableName,
    scenario: Scenario = "baseline",
    by: Annotated[str, typer.Option(help="building, surface or city.")] = "building",
    resolution: Annotated[str, typer.Option(help="hour, month or year.")] = "year",
    file_format: Annotated[str, typer.Option("--format", help="json, csv, parquet or xlsx.")] = "json",
    out: Annotated[Path | None, typer.Option(help="File to write; stdout for json and csv by default.")] = None,
) -> None:
    """Print or write the values of a variable."""
    from citytwin_desktop.document.result_tables import result_table
    from citytwin_desktop.errors import KnownError
    from citytwin_desktop.formats.tables import table_bytes, write_table

    with opened(project, read_only=True) as document:
        table = result_table(document, variable, scenario, by, resolution)
    if out is None and file_format == "json":
        print_json(table.to_json())
        return
    header, rows = table.flat()
    if out is not None:
        write_table(out, header, rows, file_format, table.to_json)
        say(f"{len(rows)} rows of {variable} written to “{out}”.")
    elif file_format == "csv":
        typer.echo(table_bytes(header, rows, "csv").decode(), nl=False)
    else:
        msg = f"A {file_format} table is no text: say where to write it with --out FILE."
        raise KnownError(msg)


@app.command()
def delivered(project: Project, as_json: AsJson = False) -> None:
    """List time series that came with the sources, such as measured demands."""
    from citytwin_desktop.document.delivered import delivered_series

    with opened(project, read_only=True) as document:
        series = delivered_series(document.project)
    if as_json:
        print_json({"series": [item.to_json() for item in series]})
        return
    for item in series:
        total = f"{item.values.sum():.6g} {item.unit}"
        typer.echo(f"{item.building:<40} {item.name:<24.24} {len(item.values):>6} values  {total}  {item.source}")
    say(f"{len(series)} time series.")


@app.command()
def render(
    project: Project,
    out: Annotated[Path, typer.Argument(help="PNG file to write, or the folder of a turntable.")],
    variable: Annotated[str | None, typer.Option(help="Colour the surfaces by this variable.")] = None,
    time: Annotated[
        str | None,
        typer.Option(help="Hour of the year (0–8759), MM-DDTHH, a day MM-DD, a month MM, or MM-DDTHH..MM-DDTHH."),
    ] = None,
    scenario: Scenario = "baseline",
    minus: Annotated[str | None, typer.Option(help="Show the difference to this scenario.")] = None,
    size: Annotated[str, typer.Option(help="Width and height in pixels, as 1600x1000.")] = "1600x1000",
    cells: Annotated[float | None, typer.Option(help="Paint solar cells of this size, 1 to 10 m.")] = None,
    view: Annotated[str | None, typer.Option(help="Show a named view of the project.")] = None,
    turntable: Annotated[
        int | None, typer.Option(min=1, help="So many pictures of one turn, as PNG files in the folder OUT.")
    ] = None,
) -> None:
    """Draw the city into a PNG file, or a turn about it into a folder; needs no display."""
    from citytwin_desktop.cli.picture import draw

    with opened(project, read_only=True) as document:
        draw(document, out, variable, time, scenario, minus, size, cells, view, turntable)
    say(f"{turntable} pictures written to “{out}”." if turntable else f"Picture written to “{out}”.")
