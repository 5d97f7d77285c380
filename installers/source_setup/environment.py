"""The virtual environment: built from the lock once, and left alone while the lock stays the same."""

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from citytwin_desktop.errors import KnownError
from source_setup.processes import ROOT, clean_environment, run_quietly, say, succeeds

ENVIRONMENT = ROOT / ".venv"
BOOTSTRAP = ROOT / ".bootstrap"
_LOCKS = ROOT / "requirements"
_STAMP = "citytwin-setup.json"
_FREE_BYTES = 2_500_000_000
_BASE_PYTHON = getattr(sys, "_base_executable", "") or sys.executable


def program(folder: Path, name: str) -> Path:
    """Path of a program inside a virtual environment."""
    return folder / "Scripts" / f"{name}.exe" if os.name == "nt" else folder / "bin" / name


def wanted_lock(kind: str) -> str:
    """Lock to install: ``run``, or ``dev`` when that is asked for or already there."""
    return "dev" if kind == "dev" or _read_stamp(ENVIRONMENT).get("lock") == "dev" else "run"


def is_ready(kind: str) -> bool:
    """Whether the environment holds what the lock says, so that there is nothing to do."""
    return _read_stamp(ENVIRONMENT) == _stamp(ENVIRONMENT, wanted_lock(kind))


def build(kind: str) -> None:
    """Make the environment, or bring it to the state of the lock.

    Parameters
    ----------
    kind : str
        ``run`` or ``dev``.

    Raises
    ------
    KnownError
        When a step fails.
    """
    if is_ready(kind):
        return
    lock = wanted_lock(kind)
    _make(ENVIRONMENT)
    _require_space()
    (ENVIRONMENT / _STAMP).unlink(missing_ok=True)
    python = program(ENVIRONMENT, "python")
    files = _lock_files(lock)
    say(f"installing Python packages from {' and '.join(str(file.relative_to(ROOT)) for file in files)}")
    # What checks the lock is its hashes, so any index may deliver a package.
    try:
        uv, settings = _uv(), _uv_settings()
        run_quietly([uv, "pip", "sync", "--require-hashes", "--python", python, *files], settings)
        run_quietly([uv, "pip", "install", "--python", python, *_CHECKOUT], settings)
    except KnownError as error:
        say(f"{error} Trying the same with pip, which takes some minutes.")
        pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet"]
        for file in files:
            run_quietly([*pip, "--require-hashes", "--no-deps", "-r", file])
        run_quietly([*pip, "--no-index", *_CHECKOUT])
    _warm_up(python)
    _write_stamp(ENVIRONMENT, lock)


def _warm_up(python: Path) -> None:
    """Compile the inner loops now; if that fails, the first run does it, and says what is wrong."""
    say("compiling the solar engine, some twenty seconds")
    try:
        run_quietly([python, "-m", "citytwin_desktop.sim.solar.warm_up"])
    except KnownError as error:
        say(f"{error} The first solar run will compile it.")


_CHECKOUT = ("--no-deps", "--no-build-isolation", "--editable", ".")


def _lock_files(lock: str) -> list[Path]:
    names = {"run": ("run",), "dev": ("dev", "geopackage-validator"), "bootstrap": ("bootstrap",)}[lock]
    return [_LOCKS / f"{name}.lock" for name in names]


def _make(folder: Path) -> None:
    """Make a virtual environment where there is none that works."""
    python = program(folder, "python")
    moved = _read_stamp(folder).get("root", str(ROOT)) != str(ROOT)
    if not moved and python.exists() and succeeds([python, "-m", "pip", "--version"]):
        return
    say(f"making {folder.relative_to(ROOT)} with {_BASE_PYTHON}")
    try:
        run_quietly([_BASE_PYTHON, "-m", "venv", "--clear", folder])
    except KnownError as error:
        msg = f"{error} This Python cannot make virtual environments: on Debian install python3-venv."
        raise KnownError(msg) from None


def _uv() -> Path:
    """Path of uv, installed from its own lock into its own environment."""
    uv = program(BOOTSTRAP, "uv")
    if _read_stamp(BOOTSTRAP) != _stamp(BOOTSTRAP, "bootstrap") or not uv.exists():
        _make(BOOTSTRAP)
        say("installing uv from requirements/bootstrap.lock")
        pip: list[str | Path] = [
            program(BOOTSTRAP, "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        run_quietly([*pip, "--require-hashes", "-r", *_lock_files("bootstrap")])
        _write_stamp(BOOTSTRAP, "bootstrap")
    return uv


def _uv_settings() -> dict[str, str]:
    """Environment for uv: where pip is configured to look, and no cache where none can be written."""
    additions = {"UV_PYTHON_DOWNLOADS": "never", "UV_INDEX_STRATEGY": "unsafe-best-match", "UV_NO_PROGRESS": "1"}
    if sys.stderr.isatty():
        del additions["UV_NO_PROGRESS"]
    settings = uv_settings_from_pip(_pip_configuration())
    # What the user set for uv itself wins over what is set for pip.
    additions |= {name: value for name, value in settings.items() if name not in os.environ}
    if not _cache_is_writable():
        additions["UV_NO_CACHE"] = "1"
    return clean_environment(additions)


def uv_settings_from_pip(listing: str) -> dict[str, str]:
    """Translate pip's configuration into the variables of uv, which does not read it.

    Parameters
    ----------
    listing : str
        Output of ``pip config list``.
    """
    found: dict[str, str] = {}
    # Later sections win, as they do in pip.
    for section in ("global", "install", ":env:"):
        for line in listing.splitlines():
            key, separator, value = line.partition("=")
            if separator and key.startswith(f"{section}."):
                found[key.removeprefix(f"{section}.")] = _literal(value)
    settings = {
        "UV_DEFAULT_INDEX": found.get("index-url", ""),
        "UV_INDEX": " ".join(found.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(found.get("find-links", "").split()),
        "UV_INSECURE_HOST": " ".join(found.get("trusted-host", "").split()),
        "UV_NO_INDEX": "1" if found.get("no-index", "").lower() in ("1", "true", "yes", "on") else "",
        "UV_HTTP_TIMEOUT": found.get("timeout", found.get("default-timeout", "")),
        "SSL_CERT_FILE": found.get("cert", ""),
    }
    return {name: value for name, value in settings.items() if value}


def _literal(text: str) -> str:
    """Read a value of the listing: a Python literal."""
    try:
        return str(ast.literal_eval(text))
    except (ValueError, SyntaxError):
        return text


def _pip_configuration() -> str:
    done = subprocess.run(
        [program(BOOTSTRAP, "python"), "-m", "pip", "config", "list"],
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return done.stdout


def _cache_is_writable() -> bool:
    """Whether uv can keep a cache where it wants to."""
    chosen = os.environ.get("UV_CACHE_DIR")
    if os.name == "nt":
        return True
    home = os.environ.get("XDG_CACHE_HOME") or str(Path(os.environ.get("HOME") or "/nonexistent") / ".cache")
    folder = Path(chosen or Path(home) / "uv")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _require_space() -> None:
    free = shutil.disk_usage(ROOT).free
    if free < _FREE_BYTES:
        msg = f"Only {free / 1e9:.1f} GB are free at “{ROOT}”: make room for {_FREE_BYTES / 1e9:.1f} GB of libraries."
        raise KnownError(msg)


def _stamp(folder: Path, lock: str) -> dict[str, str]:
    """What identifies a finished environment."""
    settings = folder / "pyvenv.cfg"
    files = _lock_files(lock) + ([ROOT / "pyproject.toml"] if lock != "bootstrap" else [])
    parts = [file.read_bytes() for file in files]
    parts.append(settings.read_bytes() if program(folder, "python").exists() and settings.exists() else b"")
    return {"lock": lock, "root": str(ROOT), "digest": hashlib.blake2b(b"\0".join(parts), digest_size=16).hexdigest()}


def _read_stamp(folder: Path) -> dict[str, str]:
    try:
        content = json.loads((folder / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_stamp(folder: Path, lock: str) -> None:
    (folder / _STAMP).write_text(json.dumps(_stamp(folder, lock)), encoding="utf-8")
