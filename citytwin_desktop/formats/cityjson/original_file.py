"""The documents of a CityJSON file that is to be written back, brought to version 2.0."""

import io
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.cityjson.documents import documents
from citytwin_desktop.formats.cityjson.sequence import dumped, file_of, sequence_of
from citytwin_desktop.formats.cityjson.structure import Grid, header_of, vertices_of
from citytwin_desktop.formats.cityjson.upgrade import upgrade_header, upgrade_objects


@dataclass
class OriginalFile:
    """Parsed documents of the original, brought to 2.0.

    Parameters
    ----------
    lines : list of dict
        The first is the header, or the whole file.
    is_sequence : bool
    occurrences : counter
        How often each identifier was met, for telling those that share one.
    """

    lines: list[dict[str, Any]]
    is_sequence: bool
    occurrences: Counter[str] = field(default_factory=Counter)

    @classmethod
    def parsed(cls, original: bytes, name: str) -> "OriginalFile":
        """Parse and upgrade a file; lines of which nothing can be imported are left out.

        Raises
        ------
        KnownError
            When it is no CityJSON.
        """
        lines: list[dict[str, Any]] = []
        alone = False
        for document in documents(io.BytesIO(original), name):
            alone = alone or document.alone
            value = document.value
            if not lines:
                header_of(value, name)
            elif not isinstance(value, dict) or not isinstance(value.get("CityObjects"), dict):
                continue  # a damaged line, of which nothing was imported
            if not isinstance(value.get("vertices"), list):
                value["vertices"] = []
            if value.get("type") == "CityJSON":
                upgrade_header(value)
            else:
                upgrade_objects(value)
            lines.append(value)
        return cls(lines, not alone)

    def written(self, name: str, as_sequence: bool) -> bytes:
        """Bytes of the file, or of a sequence.

        Raises
        ------
        KnownError
            When it would have to become the other of the two and has damaged objects.
        """
        lines = [line for line in self.lines if line is self.lines[0] or line["CityObjects"]]
        if self.is_sequence and as_sequence:
            return b"\n".join([*map(dumped, lines), b""])
        if not self.is_sequence and not as_sequence:
            return dumped(lines[0])
        if any(line.get("transform", lines[0]["transform"]) != lines[0]["transform"] for line in lines):
            msg = f"“{name}” has a grid of its own in each line: write a sequence (.city.jsonl) again."
            raise KnownError(msg)
        try:
            return sequence_of(lines[0]) if as_sequence else dumped(file_of(lines))
        except (LookupError, TypeError, AttributeError, ValueError):
            msg = f"“{name}” has damaged objects, so it can be written back only as the kind of file that it is."
            raise KnownError(msg) from None

    def grid(self, line: dict[str, Any]) -> tuple[FloatArray, FloatArray]:
        """Scale and translate that hold for the vertices of a line, two (3,) float64."""
        transform = line.get("transform") or self.lines[0].get("transform") or {}
        return np.array(transform.get("scale", [1e-3] * 3)), np.array(transform.get("translate", [0.0] * 3))

    def refine(self, line: dict[str, Any], factor: int) -> None:
        """Make the steps of a line's grid smaller by a whole factor, of all lines that share it too."""
        owner = line if line.get("transform") else self.lines[0]
        owner["transform"]["scale"] = [step / factor for step in owner["transform"]["scale"]]
        for other in self.lines:
            if other is owner or (owner is self.lines[0] and not other.get("transform")):
                other["vertices"] = [_on_finer_grid(corner, factor) for corner in other["vertices"]]


def measure(file: OriginalFile) -> None:
    """Bring the extent that the metadata state up to date."""
    metadata = file.lines[0].get("metadata")
    if not isinstance(metadata, dict) or "geographicalExtent" not in metadata:
        return
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for line in file.lines:
        try:
            vertices = vertices_of(line["vertices"], Grid(*file.grid(line)), "")
        except KnownError:
            continue  # a line of which nothing can be used
        corners = vertices[np.array(sorted(_used(line)), np.int64)]
        corners = corners[np.isfinite(corners).all(axis=1)]
        if len(corners):
            low, high = np.minimum(low, corners.min(axis=0)), np.maximum(high, corners.max(axis=0))
    if np.isfinite(low).all():
        metadata["geographicalExtent"] = [*low.tolist(), *high.tolist()]


def _on_finer_grid(corner: Any, factor: int) -> Any:
    """A corner on a finer grid; what is no corner stays as it is."""
    if not isinstance(corner, list) or not all(isinstance(value, int | float) for value in corner):
        return corner
    return [value * factor for value in corner]


def _used(line: dict[str, Any]) -> set[int]:
    waiting: list[Any] = []
    for item in line["CityObjects"].values():
        given = item.get("geometry") if isinstance(item, dict) else None
        geometries = given if isinstance(given, list) else []
        waiting += [geometry.get("boundaries") for geometry in geometries if isinstance(geometry, dict)]
    found: set[int] = set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, int) and 0 <= value < len(line["vertices"]):
            found.add(value)
    return found
