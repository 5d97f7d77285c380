"""What EnergyPlus says of a run: its end file and its list of warnings and errors."""

import re
from dataclasses import dataclass
from pathlib import Path

END_FILE, ERROR_FILE = "eplusout.end", "eplusout.err"
_MOST_WARNINGS = 50
_LABEL = re.compile(r"^\s*\*+\s*(Warning|Severe|Fatal|~~~)\s*\*+\s?(.*)$")
_HARMLESS = ("Site:GroundTemperature:BuildingSurface: Some values fall outside the range",)
"""Said of every building: temperatures of open ground are meant here, soil and a virtual layer come between."""
_COUNTS = re.compile(r"(\d+) Warning; (\d+) Severe Errors")


@dataclass(frozen=True)
class RunMessages:
    """Messages of one run.

    Parameters
    ----------
    completed : bool
        Whether the end file says so; false when there is none.
    severe_count : int
        From the end file; EnergyPlus may complete in spite of severe errors.
    warnings, severe : tuple of str
        Each with its continuation lines; repeated ones once.
    """

    completed: bool
    severe_count: int
    warnings: tuple[str, ...]
    severe: tuple[str, ...]


def read_messages(folder: Path) -> RunMessages:
    """Read the end file and the error file of a run's output folder; either may be missing."""
    end = _text(folder / END_FILE)
    counts = _COUNTS.search(end)
    warnings: dict[str, None] = {}
    severe: dict[str, None] = {}
    for label, message in _messages(_text(folder / ERROR_FILE)):
        if message.startswith(_HARMLESS):
            continue
        (warnings if label == "Warning" else severe).setdefault(message)
    return RunMessages(
        completed="Completed Successfully" in end,
        severe_count=int(counts.group(2)) if counts else len(severe),
        warnings=tuple(warnings)[:_MOST_WARNINGS],
        severe=tuple(severe),
    )


def _messages(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        match = _LABEL.match(line)
        if match is None:
            continue
        label, message = match.group(1), " ".join(match.group(2).split())
        if label != "~~~":
            found.append((label, message))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {message}".strip())
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
