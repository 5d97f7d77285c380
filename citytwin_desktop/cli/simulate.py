"""The command that runs an engine."""

import signal
from typing import TYPE_CHECKING, Annotated

import typer

from citytwin_desktop.cli.app import DONE, KNOWN, app
from citytwin_desktop.cli.output import ProgressLine, print_json, say
from citytwin_desktop.cli.project import AsJson, Project
from citytwin_desktop.cli.session import opened

if TYPE_CHECKING:
    from citytwin_desktop.document.runs import Run

Scenario = Annotated[str, typer.Option("--scenario", help="Identifier of the scenario.")]


@app.command()
def simulate(
    project: Project,
    engine: Annotated[str, typer.Option(help="solar, energyplus, estimate or collectors.")],
    scenario: Scenario = "baseline",
    buildings: Annotated[str | None, typer.Option(help="Identifiers, separated by commas.")] = None,
    where: Annotated[str | None, typer.Option(help="Condition on columns, such as “year_built < 1965”.")] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=512, help="Processes, one for each core by default; on a cluster, jobs in flight."),
    ] = None,
    executor: Annotated[str, typer.Option(help="local, or dask://HOST:PORT of a cluster that you trust.")] = "local",
    as_json: AsJson = False,
) -> int:
    """Run an engine on all buildings whose result is not fresh; those that failed are listed, and left to run again."""
    from citytwin_desktop.document.queries import matching_ids_of
    from citytwin_desktop.errors import KnownError

    if buildings is not None and where is not None:
        raise typer.BadParameter("give either --buildings or --where")
    with opened(project) as document:
        ids = buildings.split(",") if buildings is not None else None
        if where is not None:
            ids = matching_ids_of(document, where, scenario)
            if not ids:
                msg = f"No building fulfils “{where}”: check the condition."
                raise KnownError(msg)
        run = document.start_run(engine, scenario, ids, workers, executor)
        watch(run)
    if as_json:
        print_json(run.to_json())
    else:
        for line in [*run.failed.values()][:20]:
            say(line)
    if not run.failed:
        return DONE
    say(f"citytwin: {failed_sentence(len(run.failed), run.total)}")
    # What succeeded is stored, and the failed ones are in the answer: an error is only what gave nothing at all.
    return DONE if run.succeeded or run.skipped_fresh else KNOWN


def failed_sentence(failed: int, total: int) -> str:
    """What a run says in the end that did not give everything: how many, what stays, and what to do."""
    of = f"{failed:,} of {total:,}".replace(",", "\u2009")
    return f"{of} failed: all other results are stored; mend these and run again, which repeats only what is missing."


def watch(run: "Run") -> None:
    """Poll a run until it ends, showing how far it is; Ctrl-C cancels it."""
    line = ProgressLine()
    # Ended politely, as by a batch system or a shutdown, a run stops its workers and clears its folder too.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while not run.finished:
            run.poll(0.2)
            line.show(run.fraction, run.state)
    except KeyboardInterrupt:
        run.cancel()
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
        line.close()
    say(f"{run.title}: {run.state}")
