"""All tests in two processes side by side: those that draw, and the rest. One display has one pointer and one focus."""

import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from source_setup.processes import ROOT

DRAWING = ("tests/ui", "tests/scenarios", "tests/scene")
"""Folders of tests that need a display or draw; they go one after another."""

_COUNT = re.compile(r"(\d+) (passed|failed|skipped|deselected|xfailed|xpassed|warnings?|errors?)\b")
_ORDER = ("failed", "error", "passed", "skipped", "deselected", "xfailed", "xpassed", "warning")


def run_both(
    command: Sequence[str], environment: Mapping[str, str], foreground: Callable[[Sequence[str]], tuple[int, str]]
) -> int:
    """Run pytest on the two parts at once, and print their closing lines added up.

    Parameters
    ----------
    command : sequence of str
        Pytest without any folder.
    environment : mapping
        Of the part that runs behind; its output is printed when the other part is done.
    foreground : callable
        Runs a command, printing as it goes; gives exit code and closing line.

    Returns
    -------
    int
        Exit code of the first part that failed, else 0.
    """
    began = time.monotonic()
    behind = [*command, "-p", "no:cacheprovider", "tests", *(f"--ignore={folder}" for folder in DRAWING)]
    with tempfile.TemporaryFile() as output:
        rest = subprocess.Popen(
            behind, cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            code, closing = foreground([*command, *DRAWING])
            rest.wait()
        except BaseException:
            rest.terminate()
            rest.wait()
            raise
        output.seek(0)
        text = output.read().decode(errors="replace")
    sys.stdout.write(text)
    print(added_up([closing, _last_counts(text)], time.monotonic() - began), flush=True)
    return code or (rest.returncode if rest.returncode >= 0 else 128 - rest.returncode)


def added_up(lines: Sequence[str], seconds: float) -> str:
    """One closing line of several.

    Parameters
    ----------
    lines : sequence of str
        As pytest ends with, such as ``12 passed, 1 skipped in 3.10s``.
    seconds : float [s]
    """
    counts: Counter[str] = Counter()
    for line in lines:
        for number, word in _COUNT.findall(line):
            counts[word.removesuffix("s") if word in ("errors", "warnings") else word] += int(number)
    parts = [f"{counts[word]} {word}" for word in _ORDER if counts[word]]
    return f"{', '.join(parts) or 'no tests ran'} in {seconds:.2f}s"


def _last_counts(text: str) -> str:
    """The last line that counts tests."""
    return next((line for line in reversed(text.splitlines()) if _COUNT.search(line) and " in " in line), "")
