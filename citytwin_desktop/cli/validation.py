"""The command that holds the engines against others."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from citytwin_desktop.cli.app import app
from citytwin_desktop.cli.output import print_json, say
from citytwin_desktop.cli.project import AsJson

if TYPE_CHECKING:
    from citytwin_desktop.city.weather import Weather

validate = typer.Typer(help="Hold the engines against other programs.", no_args_is_help=True)
app.add_typer(validate, name="validate")

_QUANTITIES = {
    "annual.mbe": ("annual, mean bias", 100.0, "%"),
    "annual.rrmse": ("annual, root mean square", 100.0, "%"),
    "annual.p90": ("annual, 9 of 10 surfaces within", 100.0, "%"),
    "hourly.first.rrmse": ("hourly at first, root mean square", 100.0, "%"),
    "hourly.refined.rrmse": ("hourly refined, root mean square", 100.0, "%"),
    "hidden_wall_kwh_m2_max": ("most on a hidden wall", 1.0, "kWh/m²"),
}


@validate.command()
def solar(
    weather: Annotated[Path | None, typer.Option(help="EPW file; Chicago by default.")] = None,
    buildings: Annotated[int | None, typer.Option(help="Of the synthetic district; 25 by default.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A rough check in half a minute.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare solar irradiation with Radiance on a synthetic district; some minutes."""
    from dataclasses import replace

    from citytwin_desktop.sim.solar.radiance.reference import QUICK, ValidationPlan
    from citytwin_desktop.sim.solar.radiance.validation import validate_solar

    plan = QUICK if quick else ValidationPlan()
    if buildings is not None:
        plan = replace(plan, buildings=buildings)
    # Ended politely, as by a batch system, it still ends its programs and clears its folder.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        document = validate_solar(_weather(weather), plan=plan, say=say)
    finally:
        signal.signal(signal.SIGTERM, before)
    if as_json:
        print_json(document)
    else:
        _print_table(document)


def _weather(path: Path | None) -> "Weather":
    from citytwin_desktop.formats.epw import read_epw
    from citytwin_desktop.formats.files import read_bytes
    from citytwin_desktop.sim.energyplus.shipped_weather import chicago_weather_path

    chosen = path or chicago_weather_path()
    return read_epw(read_bytes(chosen), chosen.name)


def _print_table(document: dict[str, Any]) -> None:
    typer.echo(f"{'quantity':<36}{'value':>10}{'goal':>10}  unit")
    for place, goal in document["goals"].items():
        label, factor, unit = _QUANTITIES[place]
        remark = "" if goal["pass"] else "  missed"
        typer.echo(f"{label:<36}{goal['value'] * factor:>10.2f}{goal['at_most'] * factor:>10.2f}  {unit}{remark}")
    reference = document["reference"]
    typer.echo(
        f"{reference['surfaces']} surfaces of {document['buildings']} buildings, "
        f"{len(reference['hours'])} single hours, weather {document['weather']}; "
        f"the reference is certain to {reference['rrmse']:.2%}."
    )
