"""The command that holds the engines against others."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from citytwin_desktop.cli.app import app
from citytwin_desktop.cli.output import print_json, say
from citytwin_desktop.cli.project import AsJson
from citytwin_desktop.errors import KnownError

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


@validate.command()
def bestest(
    weather: Annotated[Path | None, typer.Option(help="The weather file of the standard, 725650TYCST.epw.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Runs at a time.")] = 2,
    as_json: AsJson = False,
) -> None:
    """Run eight test rooms of ASHRAE Standard 140 with EnergyPlus and compare them with six other programs.

    Ends with code 1 and a sentence when a value lies outside its range, or when the weather is not that of the
    standard; the document or table is printed all the same.
    """
    from citytwin_desktop.sim.energyplus.bestest.validation import validate_bestest, verdict

    if weather is None:
        raise KnownError(
            "The weather file of ASHRAE Standard 140-2020 is not shipped: get 725650TYCST.epw, for example from "
            "NREL's BESTEST-GSR on GitHub (folder shared_resources), and name it with --weather."
        )
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        document = validate_bestest(_weather(weather), workers=workers, say=say)
    finally:
        signal.signal(signal.SIGTERM, before)
    if as_json:
        print_json(document)
    else:
        _print_loads(document)
    wrong = verdict(document)
    if wrong:
        raise KnownError(wrong)


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


def _print_loads(document: dict[str, Any]) -> None:
    typer.echo(f"{'case':<6}{'quantity':<10}{'MWh':>8}{'lowest':>9}{'highest':>9}")
    for row in document["cases"]:
        remark = "" if row["pass"] else "  outside" if document["ranges_apply"] else "  not comparable"
        typer.echo(
            f"{row['case']:<6}{row['quantity']:<10}{row['value_mwh']:>8.3f}{row['low']:>9.3f}{row['high']:>9.3f}{remark}"
        )
    typer.echo(f"{document['passed']} of {document['of']} within {document['standard']}; {document['engine']}.")
