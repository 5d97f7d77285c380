"""Commands on scenarios: list, add, assign, compare."""

from typing import Annotated

import typer

from citytwin_desktop.cli.app import app
from citytwin_desktop.cli.output import print_json, say
from citytwin_desktop.cli.project import AsJson, Project
from citytwin_desktop.cli.results import VariableName
from citytwin_desktop.cli.session import opened

group = typer.Typer(help="List, add, assign and compare scenarios.", no_args_is_help=True)
app.add_typer(group, name="scenario")


@group.callback()
def _project(context: typer.Context, project: Project) -> None:
    """Work on the scenarios of a project."""
    context.obj = project


@group.command("list")
def list_scenarios(context: typer.Context, as_json: AsJson = False) -> None:
    """List the scenarios."""
    with opened(context.obj, read_only=True) as document:
        rows = [
            {"id": item.id, "name": item.name, "parent": item.parent_id or None, "assigned": len(item.assignments)}
            for item in document.scenarios
        ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['id']:<20} {row['name']:<28} {row['assigned']:>6} with a package")


@group.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name for people.")],
    parent: Annotated[str, typer.Option(help="Scenario whose assignments it starts with.")] = "baseline",
) -> None:
    """Make a scenario; prints its identifier."""
    with opened(context.obj) as document:
        before = {item.id for item in document.scenarios}
        document.execute("add_scenario", name=name, parent_id=parent)
        typer.echo(next(item.id for item in document.scenarios if item.id not in before))


@group.command()
def assign(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="Identifier of the scenario.")],
    package: Annotated[str, typer.Argument(help="Identifier of the package, or none.")],
    buildings: Annotated[str | None, typer.Option(help="Identifiers, separated by commas.")] = None,
    where: Annotated[str | None, typer.Option(help="Condition on columns; all buildings by default.")] = None,
) -> None:
    """Give buildings a retrofit package."""
    from citytwin_desktop.document.queries import matching_ids_of

    if buildings is not None and where is not None:
        raise typer.BadParameter("give either --buildings or --where")
    with opened(context.obj) as document:
        city = document.city
        ids = buildings.split(",") if buildings else [str(city.buildings.ids[row]) for row in city.rows_with_geometry]
        if where is not None:
            ids = matching_ids_of(document, where, scenario)
        chosen = None if package == "none" else package
        say(document.execute("assign_package", scenario_id=scenario, building_ids=ids, package_id=chosen).title + ".")


@group.command()
def compare(
    context: typer.Context,
    first: Annotated[str, typer.Argument(help="Identifier of the scenario looked at.")],
    second: Annotated[str, typer.Argument(help="Identifier of the scenario it is held against.")],
    variable: VariableName = "heating_demand",
    as_json: AsJson = False,
) -> None:
    """Hold two scenarios against each other, over buildings that have results in both."""
    from citytwin_desktop.document.comparison import compare_scenarios

    with opened(context.obj, read_only=True) as document:
        content = compare_scenarios(document, variable, first, second)
    if as_json:
        print_json(content)
        return
    typer.echo(f"{variable} [{content['unit']}] of {content['buildings']} buildings with results in both")
    for side in ("first", "second"):
        typer.echo(f"  {content[side]['id']:<20} {content[side]['total']:>14,.0f}")
    share = content["relative"]
    of = f"no share: {second} is 0" if share is None else f"{share:+.1%} of {second}"
    typer.echo(f"  {'difference':<20} {content['difference']:>14,.0f}  ({of})")


@group.command()
def optimise(context: typer.Context) -> None:
    """Choose packages by cost and carbon; not in this version."""
    from citytwin_desktop.errors import KnownError

    msg = f"Optimising “{context.obj.name}” is not in this version: compare scenarios that you make yourself."
    raise KnownError(msg)
