"""One short text that stands for the code that computes results, to tell two installations apart.

A result is kept under a key that says nothing of the machine that made it. A worker elsewhere must
therefore run exactly our code and our catalogue, or its numbers would be shown under a wrong name.
"""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

import citytwin_desktop

_COMPUTING = ("city", "catalog", "analysis", "sim")


@cache
def code_fingerprint() -> str:
    """Hash of the sources below the engines and of the catalogue; a bundle without sources gives its version."""
    package = Path(str(files(citytwin_desktop)))
    sources = sorted(path for room in _COMPUTING for path in (package / room).rglob("*.py"))
    if not sources:
        return f"version {citytwin_desktop.__version__}"
    digest = hashlib.blake2b(digest_size=16)
    for path in [*sources, *_tables()]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def _tables() -> list[Path]:
    from citytwin_desktop.catalog.resources import resource_path

    return sorted(path for path in resource_path("catalog").rglob("*") if path.suffix in (".csv", ".json"))
