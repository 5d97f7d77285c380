"""Placing of geometry templates, within what memory allows."""

from collections.abc import Mapping
from typing import Any

from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.formats.cityjson.structure import Package
from citytwin_desktop.formats.cityjson.templates import Templates
from citytwin_desktop.formats.report import ImportReport

MOST_MADE_CORNERS = 12_000_000
"""Corners that a file may have made of it by placing templates and deriving crowns: 288 MB; else a small file with
a large template placed a million times would take all memory."""


class Placer:
    """Places templates and counts what is made.

    Parameters
    ----------
    report : ImportReport
    """

    def __init__(self, report: ImportReport) -> None:
        self._report = report
        self._templates: Templates | None = None
        self._made_corners = 0
        self.instances = 0

    def library(self, package: Package) -> Templates:
        """Templates of a package; features of a sequence share those of its header, read once."""
        if self._templates is None or self._templates.library is not package.templates:
            self._templates = Templates(package.templates)
        return self._templates

    def placed(self, name: str, instance: Mapping[str, Any], package: Package) -> Polygons:
        """Surfaces of an instance in world coordinates; none, with a remark, when there are too many already.

        Raises
        ------
        KnownError
            When template, matrix or point are impossible.
        """
        templates = self.library(package)
        if not self.may_make(name, templates.corners(instance)):
            return Polygons.empty()
        polygons = templates.placed(instance, package.vertices)
        self.instances += 1
        return polygons

    def may_make(self, name: str, corners: int) -> bool:
        """Whether so many more corners may be made of the file; counts them if so."""
        if self._made_corners + corners > MOST_MADE_CORNERS:
            message = "The file places more templates than fit in memory: this one was left out."
            self._report.add(name, "too_many_templates", message, "skipped")
            return False
        self._made_corners += corners
        return True

    def tell(self, name: str) -> None:
        """Report how many templates were placed."""
        if self.instances:
            message = f"Geometry templates were placed {self.instances} times, as the file asks."
            self._report.add(name, "templates_placed", message)
