"""The main job on the shipped district: import, archetypes, solar, EnergyPlus, picture."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from citytwin_desktop.cli.app import app
from citytwin_desktop.cli.output import say
from citytwin_desktop.cli.simulate import watch
from citytwin_desktop.cli.window import open_window

if TYPE_CHECKING:
    from citytwin_desktop.document.document import Document


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where to put the project and the picture.")] = Path(
        "demo-output"
    ),
    headless: Annotated[bool, typer.Option(help="Do not open the window in the end.")] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, max=512, help="Processes; one for each core by default.")
    ] = None,
) -> int:
    """Run the main job on the shipped district, and show it in the window if there is a display."""
    from citytwin_desktop.cli.picture import draw
    from citytwin_desktop.document.demo_district import open_demo

    document = open_demo(folder)
    say(f"The demo district: {len(document.city.buildings)} buildings and parts, invented, in the climate of Chicago.")
    picture, heating = folder / "demo.png", folder / "demo-heating.png"
    try:
        for engine in ("solar", "energyplus"):
            _run(document, engine, workers)
        draw(document, picture, "solar_irradiation", None, "baseline", None, "1600x1000")
        draw(document, heating, "heating_demand", None, "baseline", None, "1600x1000")
    finally:
        document.close()
    typer.echo(f"project  {document.path.resolve()}")
    typer.echo(f"picture  {picture.resolve()}")
    typer.echo(f"heating  {heating.resolve()}")
    return 0 if headless else open_window(document.path)


def _run(document: "Document", engine: str, workers: int | None) -> None:
    from citytwin_desktop.errors import KnownError

    run = document.start_run(engine, workers=workers)
    if engine == "energyplus" and run.total:
        say(f"EnergyPlus simulates {run.total} buildings now: some minutes.")
    watch(run)
    for line in run.failed.values():
        say(line)
    if run.failed and not run.succeeded and not run.skipped_fresh:
        raise KnownError(next(iter(run.failed.values())))
