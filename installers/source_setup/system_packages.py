"""System libraries: what is missing, and apt where it may be used."""

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from citytwin_desktop.errors import KnownError
from citytwin_desktop.preflight import missing_packages
from source_setup.processes import ROOT, run_quietly, say, succeeds

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
_MINIMUM_GLIBC = (2, 35)
"""Of the EnergyPlus package."""


def missing(*, window: bool, virtual_display: bool, new_environment: bool) -> list[str]:
    """Debian packages that have to be installed first; empty on other systems than Linux.

    Parameters
    ----------
    window : bool
        Whether a window will open, or only pictures be drawn.
    virtual_display : bool
        Whether Xvfb will be started.
    new_environment : bool
        Whether a virtual environment has to be made.
    """
    packages = missing_packages(window=window or virtual_display)
    if not sys.platform.startswith("linux"):
        return packages
    if virtual_display and shutil.which("Xvfb") is None:
        packages.append("xvfb")
    if not _has_font():
        packages.append("fonts-dejavu-core")
    if new_environment and not _can_make_environments():
        packages.append("python3-venv")
    return packages


def install(packages: Iterable[str]) -> None:
    """Install Debian packages, as root or with a sudo that asks for no password.

    Raises
    ------
    KnownError
        When that is not allowed or fails; the message is the line to copy.
    """
    names = list(packages)
    if not names:
        return
    if shutil.which("apt-get") is None:
        msg = f"System libraries are missing, and there is no apt-get: install what Debian calls {' '.join(names)}."
        raise KnownError(msg)
    prefix = _privilege()
    if prefix is None:
        raise KnownError(f"System libraries are missing, install them with:  {apt_line(names)}")
    say(f"installing system libraries: {' '.join(names)}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    try:
        run_quietly([*apt, "update"])
        run_quietly([*apt, "install", "--yes", "--no-install-recommends", *names])
    except KnownError as error:
        msg = f"{error} Install the system libraries yourself:  {apt_line(names)}"
        raise KnownError(msg) from None


def require(*, window: bool, virtual_display: bool, new_environment: bool) -> None:
    """See that all system libraries are there.

    Raises
    ------
    KnownError
        When some are missing and cannot be installed.
    """
    _refuse_old_glibc()
    names = missing(window=window, virtual_display=virtual_display, new_environment=new_environment)
    if not names:
        return
    install(names)
    # A fresh process, for this one may remember which libraries it did not find.
    question = (
        f"import sys; sys.path[:0] = {[str(ROOT), str(Path(__file__).resolve().parents[1])]!r}\n"
        "from source_setup.system_packages import missing\n"
        f"sys.exit(bool(missing(window={window}, virtual_display={virtual_display}, "
        f"new_environment={new_environment})))"
    )
    if not succeeds([sys.executable, "-c", question]):
        msg = f"Libraries are still missing after the installation of {' '.join(names)}: see the output of apt-get."
        raise KnownError(msg)


def apt_line(packages: Iterable[str]) -> str:
    """One line that installs packages, to copy into a terminal."""
    return f"sudo apt-get update && sudo apt-get install --yes --no-install-recommends {' '.join(packages)}"


def _privilege() -> list[str] | None:
    """Words to put before a command that needs root; None when there is no way."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if succeeds(["sudo", "-n", "true"]) else None


def _has_font() -> bool:
    folders = (Path(name).expanduser() for name in _FONT_FOLDERS if not name.startswith("~") or "HOME" in os.environ)
    return any(next(folder.rglob(pattern), None) for folder in folders for pattern in ("*.ttf", "*.otf"))


def _can_make_environments() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))


def _refuse_old_glibc() -> None:
    """Say so now, for the package would only be “not found” later."""
    name, number = platform.libc_ver()
    if not sys.platform.startswith("linux") or name != "glibc":
        return
    if tuple(int(part) for part in number.split(".")[:2]) < _MINIMUM_GLIBC:
        msg = f"This system has glibc {number}, and EnergyPlus needs 2.35: use Debian 12, Ubuntu 22.04 or newer."
        raise KnownError(msg)
