"""Progress lines and child processes."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from citytwin_desktop.errors import KnownError

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""

# These would lead the new environment to other packages than its own.
_MISLEADING = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV")


def say(line: str) -> None:
    """Tell the user what is going on; stdout is left to the program itself."""
    print(f"citytwin: {line}", file=sys.stderr, flush=True)


def clean_environment(additions: Mapping[str, str] | None = None) -> dict[str, str]:
    """Copy the environment without variables that mislead Python, with additions."""
    kept = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    return {**kept, **(additions or {})}


def run_quietly(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
    """Run a command to its end; its output is shown on a terminal, and otherwise only when it fails.

    Raises
    ------
    KnownError
        When it fails or is not there.
    """
    words = [str(word) for word in command]
    seen = None if sys.stderr.isatty() else subprocess.PIPE
    try:
        done = subprocess.run(
            words,
            cwd=ROOT,
            env=dict(environment) if environment is not None else clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=seen,
            stderr=subprocess.STDOUT if seen else None,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        msg = f"“{words[0]}” cannot be started ({error.strerror})."
        raise KnownError(msg) from None
    if done.returncode:
        if done.stdout:
            sys.stderr.write(done.stdout)
        msg = f"“{Path(words[0]).name} {' '.join(words[1:4])} …” failed with exit code {done.returncode}, see above."
        raise KnownError(msg)


def succeeds(command: Sequence[str | Path]) -> bool:
    """Whether a command ends well; its output is thrown away."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=ROOT,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0
