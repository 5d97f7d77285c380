"""`installers/from_source.py`: what it decides and what it would run; nothing is installed here."""

import ast
import importlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from citytwin_desktop.errors import KnownError

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "installers" / "from_source.py"
FIRST_STAGE = [SCRIPT, *(ROOT / "installers" / "source_setup").glob("*.py"), ROOT / "main.py"]
IMPORTED_BY_THEM = [ROOT / "citytwin_desktop" / name for name in ("__init__.py", "errors.py", "preflight.py")]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Loader of the installer's modules."""
    monkeypatch.syspath_prepend(str(SCRIPT.parent))

    def load_module(name: str) -> ModuleType:
        return importlib.import_module(f"source_setup.{name}")

    return load_module


@pytest.fixture
def checkout(tmp_path: Path, load: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The environment module, working on a made-up checkout whose commands are only written down."""
    environment = load("environment")
    locks = tmp_path / "requirements"
    locks.mkdir()
    for name in ("run", "dev", "bootstrap", "geopackage-validator"):
        (locks / f"{name}.lock").write_text(f"{name}==1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    commands: list[list[str]] = []
    failing: list[str] = []

    def pretend(command: Sequence[str | Path], _settings: Any = None) -> None:
        words = [str(word) for word in command]
        commands.append(words)
        if any(word in failing for word in words):
            raise KnownError("It failed.")
        if "venv" in words:
            for name in ("python", "uv"):
                environment.program(Path(words[-1]), name).parent.mkdir(parents=True, exist_ok=True)
                environment.program(Path(words[-1]), name).touch()
            (Path(words[-1]) / "pyvenv.cfg").write_text("version = 3.11\n")

    for name, value in {
        "ROOT": tmp_path,
        "ENVIRONMENT": tmp_path / ".venv",
        "BOOTSTRAP": tmp_path / ".bootstrap",
        "_LOCKS": locks,
        "run_quietly": pretend,
        "succeeds": lambda _command: True,
        "_pip_configuration": lambda: "",
        "_require_space": lambda: None,
    }.items():
        monkeypatch.setattr(environment, name, value)
    environment.commands, environment.failing = commands, failing
    return environment


def test_first_build_syncs_the_lock_and_the_second_does_nothing(checkout: Any) -> None:
    assert not checkout.is_ready("run")
    checkout.build("run")
    assert any("sync" in words and words[-1].endswith("run.lock") for words in checkout.commands)
    assert checkout.is_ready("run")
    done = len(checkout.commands)
    checkout.build("run")
    assert len(checkout.commands) == done


def test_a_changed_lock_is_noticed(checkout: Any) -> None:
    checkout.build("run")
    (checkout._LOCKS / "run.lock").write_text("run==2\n")
    assert not checkout.is_ready("run")


def test_demo_keeps_an_environment_that_can_test(checkout: Any) -> None:
    checkout.build("dev")
    done = len(checkout.commands)
    checkout.build("run")
    assert len(checkout.commands) == done
    (checkout._LOCKS / "dev.lock").write_text("dev==2\n")
    checkout.build("run")
    assert any(word.endswith("dev.lock") for words in checkout.commands[done:] for word in words)


def test_test_builds_upon_an_environment_of_the_demo(checkout: Any) -> None:
    checkout.build("run")
    assert not checkout.is_ready("dev")


def test_pip_steps_in_when_uv_fails(checkout: Any, capfd: pytest.CaptureFixture[str]) -> None:
    checkout.failing.append("sync")
    checkout.build("run")
    assert "with pip" in capfd.readouterr().err
    locked = [words for words in checkout.commands if words[-1].endswith("run.lock") and "sync" not in words]
    assert [word for word in locked[0] if word.startswith("--require")] == ["--require-hashes"]
    assert checkout.is_ready("run")


def test_a_broken_build_is_not_taken_for_ready(checkout: Any) -> None:
    checkout.build("run")
    (checkout._LOCKS / "run.lock").write_text("run==2\n")
    checkout.failing.extend(["sync", "install"])
    with pytest.raises(KnownError):
        checkout.build("run")
    (checkout._LOCKS / "run.lock").write_text("run==1\n")
    assert not checkout.is_ready("run")


def test_a_moved_checkout_gets_a_new_environment(checkout: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.build("run")
    stamp = checkout.ENVIRONMENT / "citytwin-setup.json"
    stamp.write_text(stamp.read_text().replace(str(checkout.ROOT), "/somewhere/else"))
    checkout.commands.clear()
    checkout.build("run")
    assert any("--clear" in words for words in checkout.commands)


def test_pip_settings_are_handed_to_uv(load: Any) -> None:
    listing = r"""
:env:.find-links='/wheels'
global.find-links='/older'
global.index-url='https://one.example/simple'
install.index-url='https://two.example/simple'
global.extra-index-url='file:///a/simple\nfile:///b/simple'
global.no-index='false'
"""
    assert load("environment").uv_settings_from_pip(listing) == {
        "UV_DEFAULT_INDEX": "https://two.example/simple",
        "UV_INDEX": "file:///a/simple file:///b/simple",
        "UV_FIND_LINKS": "/wheels",
    }


def test_what_is_set_for_uv_wins(checkout: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkout, "_pip_configuration", lambda: "global.index-url='https://one.example/simple'")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")
    assert checkout._uv_settings()["UV_DEFAULT_INDEX"] == "https://mine.example/simple"


def test_no_cache_where_none_can_be_written(checkout: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.delenv("UV_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file" / "cache"))
    assert checkout._uv_settings()["UV_NO_CACHE"] == "1"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert "UV_NO_CACHE" not in checkout._uv_settings()


@pytest.fixture
def apt(load: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module on system packages, on a Linux with apt-get, whose commands are only written down."""
    module = load("system_packages")
    commands: list[list[str]] = []
    monkeypatch.setattr(module, "run_quietly", commands.append)
    monkeypatch.setattr(module.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(module.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(module.sys, "platform", "linux")
    module.commands = commands
    return module


def test_libraries_come_through_sudo_without_password(apt: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt, "succeeds", lambda _command: True)
    apt.install(["libegl1", "xvfb"])
    update, install = apt.commands
    assert update[:2] == ["sudo", "-n"]
    assert update[-1] == "update"
    assert install[-4:] == ["--yes", "--no-install-recommends", "libegl1", "xvfb"]
    assert "DEBIAN_FRONTEND=noninteractive" in install


def test_root_needs_no_sudo(apt: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt.os, "geteuid", lambda: 0)
    apt.install(["libegl1"])
    assert all("sudo" not in words for words in apt.commands)


def test_without_rights_there_is_one_line_to_copy(apt: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt, "succeeds", lambda _command: False)
    with pytest.raises(KnownError) as error:
        apt.install(["libegl1", "xvfb"])
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(
        "sudo apt-get update && sudo apt-get install --yes --no-install-recommends libegl1 xvfb"
    )
    assert not apt.commands


def test_what_is_missing_on_a_bare_system(apt: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt, "missing_packages", lambda *, window: ["libxcb-cursor0"] if window else ["libegl1"])
    monkeypatch.setattr(apt.shutil, "which", lambda _name: None)
    monkeypatch.setattr(apt, "_has_font", lambda: False)
    monkeypatch.setattr(apt, "_can_make_environments", lambda: False)
    for_test = apt.missing(window=False, virtual_display=True, new_environment=True)
    assert for_test == ["libxcb-cursor0", "xvfb", "fonts-dejavu-core", "python3-venv"]
    for_picture = apt.missing(window=False, virtual_display=False, new_environment=False)
    assert for_picture == ["libegl1", "fonts-dejavu-core"]


def test_an_old_glibc_is_refused_by_name(apt: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apt.platform, "libc_ver", lambda: ("glibc", "2.31"))
    with pytest.raises(KnownError, match=r"glibc 2\.31"):
        apt.require(window=False, virtual_display=False, new_environment=False)


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")
def test_virtual_display_runs_and_ends(load: Any) -> None:
    with load("virtual_display").virtual_display() as settings:
        place = Path(f"/tmp/.X11-unix/X{settings['DISPLAY'].removeprefix(':')}")  # noqa: S108 - where X puts it
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(place))
        assert settings["QT_QPA_PLATFORM"] == "xcb"
    assert not place.exists()


@pytest.fixture
def commands(load: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The commands module with a set-up that is always ready."""
    module = load("commands")
    module.prepared = []
    monkeypatch.setattr(module, "prepare", lambda kind, **what: module.prepared.append((kind, what)))
    monkeypatch.setattr(module.signal, "signal", lambda *_: None)
    return module


def test_test_stops_at_the_first_failure(
    commands: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    started = []

    def pretend(command: list[str], folder: Path | None = None) -> int:
        started.append(Path(command[0]).stem)
        assert folder == ROOT
        return 3 if started[-1] == "mypy" else 0

    monkeypatch.setattr(commands, "_run", pretend)
    assert commands.main(["test"]) == 3
    assert started == ["ruff", "ruff", "mypy"]
    assert "FAILED at “mypy” (exit code 3)" in capfd.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    "line", ["=== 3 passed in 0.10s ===", "1 failed, 2 passed in 61.20s (0:01:01)", "no tests ran in 0.01s"]
)
@pytest.mark.parametrize("after", ["", "a library says goodbye in 3 languages"])
def test_closing_line_of_pytest_is_last(
    commands: Any, capfd: pytest.CaptureFixture[str], line: str, after: str
) -> None:
    program = f"import sys; print({line!r}); print({after!r}); sys.exit(5)"
    assert commands._run_keeping_last_line([sys.executable, "-c", program], {}) == (5, line)
    printed = [printed for printed in capfd.readouterr().out.splitlines() if printed]
    assert printed[-1] == line
    assert printed.count(line) == (2 if after else 1)


def test_both_parts_run_and_their_counts_are_added(load: Any, capfd: pytest.CaptureFixture[str]) -> None:
    parts = load("test_parts")
    program = (
        "import sys; print('the rest', 'tests/ui' in sys.argv); print('== 2 failed, 40 passed in 3.0s =='); exit(1)"
    )
    seen: list[list[str]] = []

    def foreground(words: list[str]) -> tuple[int, str]:
        seen.append(words)
        return 0, "=== 5 passed, 1 skipped in 0.10s ==="

    assert parts.run_both([sys.executable, "-c", program], dict(os.environ), foreground) == 1
    lines = capfd.readouterr().out.splitlines()
    assert lines[0] == "the rest False"
    assert re.fullmatch(r"2 failed, 45 passed, 1 skipped in [\d.]+s", lines[-1])
    assert seen[0][-3:] == list(parts.DRAWING)
    assert all((ROOT / folder).is_dir() for folder in parts.DRAWING)


@pytest.mark.skipif(os.name == "nt", reason="signals are not sent this way on Windows")
def test_a_run_that_is_told_to_end_ends_its_tests_too() -> None:
    program = (
        f"import sys; sys.path[:0] = [{str(SCRIPT.parent)!r}, {str(ROOT)!r}]\n"
        "from source_setup import commands\n"
        "commands.signal.signal(commands.signal.SIGTERM, commands._stop)\n"
        "commands._run_keeping_last_line([sys.executable, '-uc',"
        " 'import os, time; print(os.getpid()); time.sleep(60)'], {})\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as run:
        child = int(run.stdout.readline() if run.stdout else "")
        run.terminate()
        assert run.wait(20) == 143
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def _links(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    return [link for link in found if "://" not in link]


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "docs/architecture.md", "docs/scripting.md"])
def test_links_of_the_papers_lead_somewhere(name: str) -> None:
    page = ROOT / name
    assert not [link for link in _links(page) if not (page.parent / link).exists()]


@pytest.mark.parametrize(
    ("words", "display", "window", "xvfb"),
    [
        (["demo"], "", False, False),
        (["demo"], ":1", True, False),
        (["demo", "--headless"], ":1", False, False),
        (["demo", "--xvfb", "--dir", "x"], "", True, True),
    ],
)
def test_demo_asks_only_for_what_it_needs(
    commands: Any, monkeypatch: pytest.MonkeyPatch, words: list[str], display: str, window: bool, xvfb: bool
) -> None:
    for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", display)
    started = []
    monkeypatch.setattr(commands, "_run", lambda command, _additions=None: started.append(command) or 0)
    monkeypatch.setattr(commands, "virtual_display", lambda: __import__("contextlib").nullcontext({}))
    assert commands.main(words) == 0
    assert commands.prepared == [("run", {"window": window, "with_xvfb": xvfb})]
    assert started[0][1:4] == ["-m", "citytwin_desktop", "demo"]
    assert started[0][4:] == [word for word in words[1:] if word != "--xvfb"]


@pytest.mark.parametrize(("words", "code"), [(["--help"], 0), ([], 2), (["install"], 2), (["setup", "x"], 2)])
def test_usage(words: list[str], code: int) -> None:
    # -S and -E: without any installed package, as on a bare machine.
    done = subprocess.run([sys.executable, "-S", "-E", SCRIPT, *words], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "from_source.py COMMAND" in (done.stderr if code else done.stdout)


def test_main_names_what_is_not_installed() -> None:
    done = subprocess.run([sys.executable, "-S", "-E", ROOT / "main.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "PySide6" in done.stderr
    assert "from_source.py setup" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("path", [*FIRST_STAGE, *IMPORTED_BY_THEM], ids=lambda path: path.name)
def test_what_runs_first_needs_only_the_standard_library(path: Path) -> None:
    own = {"source_setup", "citytwin_desktop"}
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    assert names <= set(sys.stdlib_module_names) | own


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_hold_versions_and_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert not re.search(r"://|--index-url|--extra-index-url|--find-links", text)
    lines = text.replace("\\\n", " ").splitlines()
    requirements = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert requirements
    assert all("==" in line and "--hash=sha256:" in line for line in requirements)


def test_ci_runs_the_command_of_the_readme() -> None:
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert "python3 installers/from_source.py test" in run.read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.index("python3 installers/from_source.py demo") < 800
    assert "python3 installers/from_source.py test" in readme


def test_readme_lists_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {re.split(r"[<>=;\[ ]", item, maxsplit=1)[0] for group in groups for item in group}
    listed = set(re.findall(r"^\| `([a-z0-9-]+)`", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == names
