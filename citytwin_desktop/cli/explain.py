"""The command that explains one number: formula, terms, inputs with origins, run, sources."""

from typing import TYPE_CHECKING, Annotated

import typer

from citytwin_desktop.cli.app import app
from citytwin_desktop.cli.output import print_json
from citytwin_desktop.cli.project import AsJson, Project
from citytwin_desktop.cli.session import opened
from citytwin_desktop.cli.simulate import Scenario

if TYPE_CHECKING:
    from citytwin_desktop.city.buildings import Buildings

_GEOMETRY = "height, volume, ground, wall, roof, floor"


@app.command()
def explain(
    project: Project,
    variable: Annotated[str, typer.Option(help="Such as heating_demand, solar_irradiation or pv_yield.")] = "",
    column: Annotated[str, typer.Option(help=f"Column such as wall_u_value_w_m2k, or one of {_GEOMETRY}.")] = "",
    building: Annotated[str, typer.Option(help="Identifiers, separated by commas; the whole city by default.")] = "",
    surface: Annotated[str, typer.Option(help="Identifier of a surface: its value as it is painted.")] = "",
    scenario: Scenario = "baseline",
    month: Annotated[int | None, typer.Option(help="Month, 1 to 12.")] = None,
    hour: Annotated[int | None, typer.Option(help="Hour of the year, from 0.")] = None,
    as_json: AsJson = False,
) -> None:
    """Explain a number: how it is made, from what, by which run, and after which source."""
    from citytwin_desktop.document.explaining.as_text import as_json as to_json
    from citytwin_desktop.document.explaining.as_text import as_text
    from citytwin_desktop.document.explanation import Question
    from citytwin_desktop.document.explanation import explain as explained

    if bool(variable) + bool(column) != 1 and not (variable == "final_energy" and column):
        raise typer.BadParameter("give --variable or --column")
    if month is not None and hour is not None:
        raise typer.BadParameter("give either --month or --hour")
    with opened(project, read_only=True) as document:
        place = None
        if surface:
            place = _surface(document.city.surfaces.source_id.tolist(), surface)
        ids = _buildings(document.city.buildings, building)
        month_number = None if month is None else month - 1
        question = Question(variable, scenario, ids, place, hour=hour, month=month_number, column=column)
        found = explained(document, question)
    if as_json:
        print_json(to_json(found))
    else:
        typer.echo(as_text(found), nl=False)


def _buildings(known: "Buildings", text: str) -> tuple[str, ...]:
    """Identifiers of a list; one that holds a comma itself is taken whole. KnownError for a list of none."""
    from citytwin_desktop.errors import KnownError

    if not text or text in known:
        return (text,) if text else ()
    ids = tuple(name.strip() for name in text.split(",") if name.strip())
    if not ids:
        msg = f"“{text}” names no building: give identifiers, or leave --building out for the whole city."
        raise KnownError(msg)
    return ids


def _surface(names: list[str], wanted: str) -> int:
    """Number of a surface by its identifier; KnownError when there is none, or several have it."""
    from citytwin_desktop.errors import KnownError

    places = [number for number, name in enumerate(names) if name == wanted]
    if len(places) != 1:
        how = "no surface" if not places else f"{len(places)} surfaces"
        msg = f"There is {how} “{wanted}” in this project: see citytwin results --by surface."
        raise KnownError(msg)
    return places[0]
