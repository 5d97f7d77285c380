"""The command that joins a table to the buildings of a project."""

from pathlib import Path
from typing import Annotated, Any

import typer

from citytwin_desktop.cli.app import app
from citytwin_desktop.cli.output import print_json, say
from citytwin_desktop.cli.project import AsJson, Project
from citytwin_desktop.cli.report_file import write_report
from citytwin_desktop.cli.session import opened


@app.command()
def join(
    project: Project,
    table: Annotated[Path, typer.Argument(help="CSV or XLSX file.")],
    by: Annotated[str, typer.Option(help="id, address or point: how rows are matched to buildings.")] = "id",
    key: Annotated[
        list[str] | None, typer.Option(help="Column of the table that holds the key; several for address or point.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option("--map", help="TABLE_COLUMN=COLUMN to fill, such as BAUJAHR=year_built.")
    ] = None,
    overwrite: Annotated[str, typer.Option(help="empty, unedited or all: which values may be replaced.")] = "empty",
    crs: Annotated[str, typer.Option(help="EPSG:N of the points of the table.")] = "",
    min_confidence: Annotated[
        float | None, typer.Option(help="Least confidence of a match of addresses, above 0 and up to 1.")
    ] = None,
    max_distance: Annotated[
        float | None, typer.Option(help="Greatest distance [m] of a point from its building.")
    ] = None,
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook; the first that holds something by default.")] = "",
    encoding: Annotated[str, typer.Option(help="Encoding of a CSV file, such as cp1252; found out by default.")] = "",
    report: Annotated[Path | None, typer.Option(help="Where to write what each row was matched to, as JSON.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only tell what would be matched.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fill values of buildings from a table, matched by identifier, address or place."""
    from citytwin_desktop.document.commands.joining import JoinTable
    from citytwin_desktop.document.table_join.join import preview_join

    chosen: dict[str, Any] = {"key": by, "overwrite": overwrite, "crs": crs, "sheet": sheet, "encoding": encoding}
    chosen |= {"key_columns": tuple(key or ()), "columns": tuple(column or ())}
    numbers = {"min_confidence": min_confidence, "max_distance_m": max_distance}
    chosen |= {name: value for name, value in numbers.items() if value is not None}
    with opened(project, read_only=preview) as document:
        if preview:
            request = JoinTable(path=str(table), **chosen).request()
            content: Any = preview_join(document.project.district, table, request)
            title = f"{content['matched']} of {content['rows']} rows would be matched"
        else:
            title = document.execute("join_table", path=str(table), **chosen).title
            content = document.last_report
        if report is not None:
            write_report(report, content, document, changed=not preview)
    if as_json:
        print_json(content)
        return
    say(f"{title}.")
