"""Commands on what a project keeps under names: views to come back to, and selections."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson

from citytwin_desktop.city.changes import SetNamed
from citytwin_desktop.city.district import District
from citytwin_desktop.city.named import KINDS, SELECTION, VIEW, checked_name, required
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted
from citytwin_desktop.errors import KnownError

LARGEST_VIEW_BYTES = 1_000_000


@register
@dataclass(frozen=True)
class SaveView(Command):
    """Keep a view under a name, or put another one in its place."""

    id: ClassVar[str] = "save_view"
    summary: ClassVar[str] = "Keep a view (camera, what is painted, what is hidden) under a name"

    name: str
    content: str

    def prepare(self, district: District) -> Preparation:
        """Check the content, which is JSON."""
        name = checked_name(VIEW, self.name)
        try:
            content = orjson.loads(self.content) if len(self.content) <= LARGEST_VIEW_BYTES else None
        except ValueError:
            content = None
        if not isinstance(content, dict):
            msg = f"The content of the view “{name}” is no JSON table: save it from the window."
            raise KnownError(msg)
        return _kept(district, VIEW, name, content, f"Save view “{name}”")


@register
@dataclass(frozen=True)
class RemoveView(Command):
    """Forget a named view."""

    id: ClassVar[str] = "remove_view"
    summary: ClassVar[str] = "Forget a named view"

    name: str

    def prepare(self, district: District) -> Preparation:
        """Look it up."""
        return _forgotten(district, VIEW, self.name)


@register
@dataclass(frozen=True)
class RenameView(Command):
    """Give a named view another name."""

    id: ClassVar[str] = "rename_view"
    summary: ClassVar[str] = "Give a named view another name"

    name: str
    new_name: str

    def prepare(self, district: District) -> Preparation:
        """Look both names up."""
        content, name = required(district.named, VIEW, self.name), checked_name(VIEW, self.new_name)
        if name in district.named.get(VIEW, {}):
            msg = f"There is a view “{name}” already: choose another name."
            raise KnownError(msg)
        changes = (SetNamed(VIEW, self.name, content, None), SetNamed(VIEW, name, None, content))
        return Preparation(changes, f"Rename view “{self.name}” to “{name}”")


@register
@dataclass(frozen=True)
class SaveSelection(Command):
    """Keep a selection under a name, or put another one in its place."""

    id: ClassVar[str] = "save_selection"
    summary: ClassVar[str] = "Keep some buildings as a selection under a name"

    name: str
    building_ids: tuple[str, ...]

    def prepare(self, district: District) -> Preparation:
        """Check that the buildings are there."""
        name, ids = checked_name(SELECTION, self.name), tuple(dict.fromkeys(self.building_ids))
        if not ids:
            raise KnownError("No building is chosen: select some first.")
        district.city.buildings.rows(ids)
        return _kept(
            district, SELECTION, name, {"building_ids": list(ids)}, f"Save selection “{name}” of {counted(len(ids))}"
        )


@register
@dataclass(frozen=True)
class RemoveSelection(Command):
    """Forget a named selection."""

    id: ClassVar[str] = "remove_selection"
    summary: ClassVar[str] = "Forget a named selection"

    name: str

    def prepare(self, district: District) -> Preparation:
        """Look it up."""
        return _forgotten(district, SELECTION, self.name)


def _kept(district: District, kind: str, name: str, content: Mapping[str, Any], title: str) -> Preparation:
    return Preparation((SetNamed(kind, name, district.named.get(kind, {}).get(name), content),), title)


def _forgotten(district: District, kind: str, name: str) -> Preparation:
    before = required(district.named, kind, name)
    return Preparation((SetNamed(kind, name, before, None),), f"Remove {KINDS[kind]} “{name}”")
