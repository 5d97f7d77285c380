"""The commands of ``from_source.py``: setup, demo, test."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from citytwin_desktop.errors import KnownError
from citytwin_desktop.preflight import has_display
from source_setup import environment, system_packages
from source_setup.processes import ROOT, clean_environment, say
from source_setup.test_parts import run_both
from source_setup.virtual_display import virtual_display

_USAGE = """\
usage: python3 installers/from_source.py COMMAND

  demo [--xvfb] [ARGUMENTS]   set up, run the main job on the shipped district, show it in the window
                              (--xvfb: in a virtual display; --headless and --dir DIR as of “citytwin demo”)
  test [PYTEST ARGUMENTS]     set up, run every check and all tests
  setup [--dev]               set up only; --dev adds what the tests need
"""

CHECKS: tuple[tuple[str, ...], ...] = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)
"""What comes before the tests; each stops the run when it fails."""

_CLOSING_LINE = re.compile(r"\b\d+ (passed|failed|skipped|errors?|deselected)\b.* in [\d.:]+ ?s|no tests ran in ")


def main(arguments: Sequence[str]) -> int:
    """Carry out a command and give its exit code.

    Parameters
    ----------
    arguments : sequence of str
        Command and what it is given.
    """
    signal.signal(signal.SIGTERM, _stop)
    command, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    if command in ("-h", "--help", "help"):
        print(_USAGE, end="")
        return 0
    try:
        if command == "demo":
            return demo(rest)
        if command == "test":
            return test(rest)
        if command == "setup" and rest in ([], ["--dev"]):
            kind = "dev" if rest else "run"
            prepare(kind, window=has_display(), with_xvfb=bool(rest))
            say(f"ready: {environment.program(environment.ENVIRONMENT, 'citytwin')}")
            return 0
    except KnownError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("stopped.")
        return 130
    print(_USAGE, end="", file=sys.stderr)
    return 2


def prepare(kind: str, *, window: bool, with_xvfb: bool) -> None:
    """See that system libraries and environment are there.

    Parameters
    ----------
    kind : str
        ``run`` or ``dev``.
    window, with_xvfb : bool
        Whether a window will open, whether on a virtual display.
    """
    ready = environment.is_ready(kind)
    system_packages.require(window=window, virtual_display=with_xvfb, new_environment=not ready)
    environment.build(kind)


def demo(arguments: list[str]) -> int:
    """Run the demo; the window opens in the end where there is a display."""
    with_xvfb = "--xvfb" in arguments
    rest = [word for word in arguments if word != "--xvfb"]
    window = "--headless" not in rest and (with_xvfb or has_display())
    prepare("run", window=window, with_xvfb=with_xvfb)
    command = [str(environment.program(environment.ENVIRONMENT, "python")), "-m", "citytwin_desktop", "demo", *rest]
    if not with_xvfb:
        return _run(command)
    with virtual_display() as additions:
        return _run(command, additions)


def test(arguments: list[str]) -> int:
    """Run the checks and then pytest, whose closing line is the last one printed."""
    prepare("dev", window=False, with_xvfb=sys.platform.startswith("linux"))
    for name, *options in CHECKS:
        words = " ".join([name, *options])
        say(words)
        if code := _run([str(environment.program(environment.ENVIRONMENT, name)), *options], folder=ROOT):
            say(f"test: FAILED at “{words}” (exit code {code}); what comes after it was not run.")
            return code
    say(" ".join(["pytest", *arguments]))
    command = [str(environment.program(environment.ENVIRONMENT, "python")), "-m", "pytest", *arguments]
    if sys.stdout.isatty():
        command.append("--color=yes")
    with virtual_display() as additions:
        if arguments:
            return _run_keeping_last_line(command, additions)[0]
        return run_both(command, _environment(additions), lambda words: _run_keeping_last_line(words, additions))


def _run(command: Sequence[str], additions: Mapping[str, str] | None = None, folder: Path | None = None) -> int:
    """Run a program of the environment, where the user is unless a folder is given."""
    done = subprocess.run(command, cwd=folder, env=_environment(additions), stdin=subprocess.DEVNULL, check=False)
    return _exit_code(done.returncode)


def _run_keeping_last_line(command: Sequence[str], additions: Mapping[str, str]) -> tuple[int, str]:
    """Run pytest, and print its closing line once more if a library said something after it; exit code and line."""
    closing = last = ""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=_environment(additions),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                last = line.strip() or last
                if _CLOSING_LINE.search(line):
                    closing = last
        except SystemExit:
            # Told to end; without this the “with” would wait for the last test.
            process.terminate()
            raise
    if closing and closing != last:
        print(closing, flush=True)
    return _exit_code(process.returncode), closing


def _environment(additions: Mapping[str, str] | None = None) -> dict[str, str]:
    """Environment in which the programs of the virtual environment come first."""
    programs = environment.program(environment.ENVIRONMENT, "python").parent
    path = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])
    own = {"VIRTUAL_ENV": str(environment.ENVIRONMENT), "PATH": path, "PYTHONUNBUFFERED": "1"}
    return clean_environment({**own, **(additions or {})})


def _exit_code(returncode: int) -> int:
    """As a shell gives it: a signal counts from 128."""
    return returncode if returncode >= 0 else 128 - returncode


def _stop(_number: int, _frame: FrameType | None) -> None:
    """End in good order, so that the virtual display ends too."""
    raise SystemExit(143)
