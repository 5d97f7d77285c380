"""Run EnergyPlus on one input file and accept its results only if every check passes."""

import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from citytwin_desktop.errors import CancelledError, KnownError
from citytwin_desktop.sim.energyplus.locate import locate
from citytwin_desktop.sim.energyplus.messages import ERROR_FILE, RunMessages, read_messages
from citytwin_desktop.sim.energyplus.read import RunOutputs, Series, read_outputs
from citytwin_desktop.sim.energyplus.serialise import escaped
from citytwin_desktop.sim.jobs.child_process import run_child
from citytwin_desktop.sim.jobs.context import JobContext

_INPUT, _WEATHER, _PRINTED = "in.idf", "in.epw", "printed.txt"
_LONGEST_DETAIL = 6000
_AGAIN = "run it again, with fewer workers if it recurs"


@dataclass(frozen=True, eq=False)
class RunResult:
    """An accepted run: what was reported, and what EnergyPlus said."""

    outputs: RunOutputs
    messages: RunMessages

    @property
    def series(self) -> dict[str, Series]:
        """Hourly meters by name [kWh]."""
        return self.outputs.hourly_kwh


def run_idf(idf: str, weather: bytes, context: JobContext, timeout_s: float) -> RunResult:
    """Run EnergyPlus in the job's folder.

    Parameters
    ----------
    idf : str
        Text of the input file.
    weather : bytes
        An EPW that its reader has accepted, whole.
    context : JobContext
    timeout_s : float [s]

    Raises
    ------
    CancelledError
        When the job was cancelled.
    KnownError
        Unless the program ended well, its end file says so, it met no severe error and gave 8,760 hours.
    """
    folder = context.folder
    (folder / _INPUT).write_text(idf, encoding="utf-8")
    (folder / _WEATHER).write_bytes(weather)
    arguments = [*locate().command, "-w", _WEATHER, "-d", str(folder), _INPUT]
    code = run_child(arguments, context, timeout_s, stdout=folder / _PRINTED)
    messages = read_messages(folder)
    if messages.severe:
        raise KnownError(f"EnergyPlus reported: {_shortened(messages.severe[0])}")
    if code == -signal.SIGKILL:
        raise KnownError(f"EnergyPlus was ended from outside, perhaps for lack of memory; {_AGAIN}")
    if code != 0:
        raise KnownError(f"EnergyPlus ended with code {code}: {_shortened(_last_line(folder / _PRINTED))}")
    if not messages.completed:
        raise KnownError("EnergyPlus did not say that it completed")
    if messages.severe_count:
        raise KnownError(f"EnergyPlus counted {messages.severe_count} severe errors")
    return RunResult(read_outputs(folder), messages)


def named_failure(building_id: str, error: KnownError, context: JobContext, keep_folder: str) -> KnownError:
    """The failure of a building as one sentence, with its input file kept for inspection.

    Parameters
    ----------
    building_id : str
    error : KnownError
        What went wrong, without the building's name.
    context : JobContext
    keep_folder : str
        Where to keep the input file and the messages; empty to keep none.

    Returns
    -------
    KnownError
        Notes carry the messages and the place of the kept file.
    """
    if isinstance(error, CancelledError):
        return error
    reason = str(error).rstrip(".")
    sentence = f"Building “{building_id}” has no EnergyPlus result, because {reason[:1].lower()}{reason[1:]}"
    if reason.startswith("EnergyPlus"):
        sentence = f"Building “{building_id}” has no EnergyPlus result: {reason}"
    remedy = "" if sentence.endswith(_AGAIN) else "; check its geometry and its energy data, then run it again"
    named = KnownError(f"{sentence}{remedy}.")
    kept = _keep(building_id, context.folder, keep_folder)
    if kept:
        named.add_note(f"Input file kept at {kept}")
    named.add_note(_read(context.folder / ERROR_FILE)[:_LONGEST_DETAIL])
    return named


def _keep(building_id: str, folder: Path, keep_folder: str) -> str:
    source = folder / _INPUT
    if not keep_folder or not source.is_file():
        return ""
    stem = (
        "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in escaped(building_id)) or "building"
    )
    target = Path(keep_folder)
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target / f"{stem}.idf")
    if (folder / ERROR_FILE).is_file():
        shutil.copyfile(folder / ERROR_FILE, target / f"{stem}.err")
    return str(target / f"{stem}.idf")


def _last_line(path: Path) -> str:
    lines = [line.strip() for line in _read(path).splitlines() if line.strip()]
    return lines[-1] if lines else "it printed nothing"


def _shortened(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:297]}…"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
