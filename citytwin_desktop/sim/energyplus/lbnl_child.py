"""EnergyPlus as a program where its package has only a library: macOS with Apple silicon (pyenergyplus-lbnl).

Run as a script, ``python -P lbnl_child.py -w EPW -d FOLDER IDF``, it takes the arguments of the program and ends with
its exit code. A process of its own for every run, because only a process can be stopped, timed out and lost
without harm to the one that waits for it. On macOS it has not been run by us yet; on Linux, with the package's wheel
for Linux, it has.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

PACKAGE = "pyenergyplus"
VERSION = "25.2.0"
"""As in `locate`, which this script does not import: it runs with the standard library and the package alone."""

NO_PACKAGE, WRONG_VERSION = 78, 79
"""Exit codes beside those of EnergyPlus, which are 0 and 1."""


def run(arguments: Sequence[str]) -> int:
    """Run EnergyPlus in this process.

    Parameters
    ----------
    arguments : sequence of str
        As on the command line of the program, without its name.

    Returns
    -------
    int
        Exit code; what is wrong goes to standard output, where the runner looks for it.
    """
    try:
        interface = import_module(f"{PACKAGE}.api").EnergyPlusAPI()
    except (ImportError, OSError) as error:
        _say(f"the package pyenergyplus-lbnl cannot be loaded ({error}), reinstall it")
        return NO_PACKAGE
    # The package has a version of its own, 26.1.0 at the time of writing; what counts is that of the engine in it.
    found = str(interface.functional.ep_version()).partition("-")[0]
    if found != VERSION:
        _say(f"EnergyPlus {found} is installed, but {VERSION} is needed, reinstall the dependencies from the lock file")
        return WRONG_VERSION
    state = interface.state_manager.new_state()
    return int(interface.runtime.run_energyplus(state, list(arguments)))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
