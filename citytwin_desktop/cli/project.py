"""Commands that fill a project and describe it: import, scan, info, weather, enrich, doctor, check."""

from pathlib import Path
from typing import Annotated, Any

import typer

from citytwin_desktop.cli.app import app
from citytwin_desktop.cli.output import print_json, say
from citytwin_desktop.cli.report_file import write_report
from citytwin_desktop.cli.session import opened, opened_or_created

Project = Annotated[Path, typer.Argument(help="Project file, NAME.citytwin.gpkg.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


@app.command("import")
def import_city(
    sources: Annotated[list[Path], typer.Argument(help="City files to read.")],
    into: Annotated[Path, typer.Option("--into", help="Project to add to; made when it does not exist.")],
    crs: Annotated[
        str | None, typer.Option(help="EPSG:N of the source; needed when it names none, wins over its own.")
    ] = None,
    lod: Annotated[
        str | None, typer.Option(help="Level of detail to take, such as 2.2; the highest by default.")
    ] = None,
    bbox: Annotated[str | None, typer.Option(help="X0,Y0,X1,Y1: only objects whose middle lies inside.")] = None,
    types: Annotated[str | None, typer.Option(help="Types of objects to take, by commas; all by default.")] = None,
    where: Annotated[
        str | None, typer.Option(help="Only buildings whose attributes fit: \"YEAR > 1990 and USE = 'office'\".")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(help="COLUMN=ATTRIBUTE that fills it (height_m, storeys, year_built, function, name, id)."),
    ] = None,
    storey_height: Annotated[
        float | None, typer.Option(help="Height [m] assumed of a storey where only storeys are known.")
    ] = None,
    bring_back: Annotated[
        bool, typer.Option("--bring-back", help="Bring back buildings that were removed in the project.")
    ] = False,
    report: Annotated[Path | None, typer.Option(help="Where to write what became of each object, as JSON.")] = None,
) -> None:
    """Read city files into a project."""
    with opened_or_created(into) as document:
        box = _box(bbox)
        given: dict[str, Any] = {"types": types, "where": where, "columns": column, "storey_height_m": storey_height}
        given["bring_back"] = bring_back
        chosen = {name: value for name, value in given.items() if value}
        paths = [str(source) for source in sources]
        entry = document.execute("import_city", sources=paths, crs=crs, lod=lod, bbox=box, **chosen)
        content = document.last_report.to_json()
        if report is not None:
            write_report(report, content, document)
        names = {source["name"] for source in document.city.metadata["sources"]}
        for item in content["items"]:
            if item["severity"] != "info" and item["object"] in names:
                say(f"{item['object']}: {item['message']}")
        totals = content["totals"]
        counts = f"{totals['kept']} kept, {totals['repaired']} repaired, {totals['skipped']} skipped"
        say(f"{entry.title}: {counts}.")


def _box(text: str | None) -> tuple[float, ...]:
    if text is None:
        return ()
    try:
        corners = tuple(float(part) for part in text.split(","))
    except ValueError:
        corners = ()
    if len(corners) != 4 or corners[0] >= corners[2] or corners[1] >= corners[3]:
        raise typer.BadParameter("give four numbers as X0,Y0,X1,Y1 with X0 < X1 and Y0 < Y1", param_hint="--bbox")
    return corners


@app.command()
def scan(
    sources: Annotated[list[Path], typer.Argument(help="City files to look at.")], as_json: AsJson = False
) -> None:
    """Look at city files without loading them: objects, levels of detail, coordinates, attributes."""
    from citytwin_desktop.formats.city_files import scan_city_file

    found = [item.to_json() for source in sources for item in scan_city_file(source)]
    if as_json:
        print_json({"sources": found})
        return
    for item in found:
        columns = item.pop("columns")
        attributes = item.pop("attributes")
        for name, value in item.items():
            typer.echo(f"{name.replace('_', ' '):<12} {_plain(value)}")
        for entry in attributes:
            filled = next((f" → {column}" for column, name in columns.items() if name == entry["name"]), "")
            samples = ", ".join(entry["samples"])
            typer.echo(f"  {entry['name']:<32.32} {entry['count']:>7}  {samples:.60}{filled}")


@app.command()
def info(project: Project, as_json: AsJson = False) -> None:
    """Describe a project: counts, areas, weather, scenarios, state of results."""
    from citytwin_desktop.document.summary import project_summary

    with opened(project, read_only=True) as document:
        content = project_summary(document)
    if as_json:
        print_json(content)
        return
    for name, value in content.items():
        typer.echo(f"{name.replace('_', ' '):<20} {_plain(value)}")


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        value = list(value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "; ".join(_plain(item) for item in value)
    if isinstance(value, float):
        # Areas need no digits behind the point that shares and reflectances live by.
        return f"{value:,.1f}" if abs(value) >= 100.0 else f"{value:.4g}"
    return "–" if value is None else str(value)


@app.command()
def weather(project: Project, file: Annotated[Path, typer.Argument(help="EPW weather file.")]) -> None:
    """Set the weather file; it is copied into the project."""
    with opened(project) as document:
        say(document.execute("set_weather", path=str(file)).title + ".")


@app.command()
def enrich(
    project: Project,
    archetypes: Annotated[
        str | None, typer.Option(help="Archetype set, such as GB or NL; by the city's place by default.")
    ] = None,
    assume_function: Annotated[str | None, typer.Option(help="Function of buildings that name none.")] = None,
    assume_year: Annotated[float | None, typer.Option(help="Year built of buildings that name none.")] = None,
    as_json: AsJson = False,
) -> None:
    """Give buildings archetypes by function and year; list what was missing and assumed."""
    from citytwin_desktop.document.archetype_choice import archetype_set_for

    with opened(project) as document:
        chosen = archetypes or archetype_set_for(document.city)
        entry = document.execute(
            "enrich", archetype_set=chosen, assume_function=assume_function, assume_year=assume_year
        )
        content = document.last_report
    if as_json:
        print_json(content)
        return
    say(f"{entry.title}, {content['archetypes_assigned']} of {content['buildings']} assigned.")
    for code, count in content["counts"].items():
        say(f"  {count:>6}  {code.replace('_', ' ')}")


@app.command()
def doctor(project: Project, as_json: AsJson = False) -> None:
    """Tell which buildings can be simulated, why others cannot, and what imports had to say."""
    with opened(project, read_only=True) as document:
        content = document.doctor.to_json()
    if as_json:
        print_json(content)
        return
    for row in content["buildings"]:
        if row["reasons"]:
            typer.echo(f"{row['id']:<40} {row['level']:<9} {' '.join(row['reasons'])}")
    say(", ".join(f"{count} {level}" for level, count in content["counts"].items()) + ".")


@app.command()
def check(project: Project, as_json: AsJson = False) -> int:
    """Check a project: integrity, GeoPackage rules, orphan rows, stale results."""
    from citytwin_desktop.document.checks import check_project

    with opened(project, read_only=True) as document:
        content = check_project(document)
    if as_json:
        print_json(content)
    else:
        for problem in content["problems"]:
            say(problem)
        say("Sound." if content["ok"] else f"{len(content['problems'])} problems.")
    return 0 if content["ok"] else 1
