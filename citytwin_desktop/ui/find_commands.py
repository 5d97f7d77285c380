"""What the actions of the window do: finding things and commands."""

from functools import partial
from typing import Any

from citytwin_desktop.city.named import SELECTION, VIEW
from citytwin_desktop.document import events
from citytwin_desktop.ui.command_palette import CommandPalette, Entry
from citytwin_desktop.ui.controller import Controller
from citytwin_desktop.ui.find_field import FindField
from citytwin_desktop.ui.select_modes import select_rows
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.variables import VARIABLES

RECENT_KEPT = 20
NOT_IN_PALETTE = frozenset({"finding.palette"})

REASONS = {
    "document": "Open a project first",
    "buildings": "The city has no buildings",
    "selection": "Select buildings first",
    "undo": "Nothing to undo",
    "redo": "Nothing to redo",
    "stale": "Nothing is stale",
    "writable": "The project is open read-only",
    "running": "Nothing is running",
    "selection_before": "No selection before this one",
    "saved_selections": "No selection is kept",
    "two_buildings": "Select two buildings first",
    "one_building": "Select one building first",
}
"""Sentence for each condition that an action may lack; the name of the condition otherwise."""


class FindController(Controller):
    """Methods that the table of actions names."""

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self.field: FindField | None = None

    def workspace_made(self, _workspace: Any) -> None:
        """Let the search field find."""
        self.field = FindField(self.window.bars.search, self.session)
        self.field.building_wanted.connect(lambda name: self.window.links.go_to(name))
        self.field.all_wanted.connect(lambda rows: select_rows(self.document, rows))
        self.field.nothing.connect(self._nothing)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the list."""
        if self.field is not None:
            self.field.set_theme(theme)

    def document_opened(self) -> None:
        """Prepare the search."""
        if self.field is not None:
            self.field.prepare()

    def document_closed(self) -> None:
        """Nothing to find."""
        if self.field is not None:
            self.field.forget()

    def document_event(self, event: Any) -> None:
        """Texts of buildings changed."""
        if isinstance(event, events.CityChanged | events.BuildingsChanged) and self.field is not None:
            self.field.prepare()

    def go(self) -> None:
        """Go to the best of what the search field finds."""
        from PySide6.QtCore import Qt

        if self.field is not None:
            self.field.enter(Qt.KeyboardModifier.NoModifier)

    def _nothing(self, text: str) -> None:
        self.window.say(self.tr("No building has “{}” in any of its texts: try a shorter text.").format(text))

    # --- commands

    def open_palette(self) -> None:
        """Show every command by its name."""
        CommandPalette(self.window, self.window.theme, self.entries(), self._recent(), self._used).open()

    def entries(self) -> list[Entry]:
        """Everything that can be done now, or not now and why."""
        return [*self._actions(), *self._variables(), *self._kept()]

    def _actions(self) -> list[Entry]:
        found = []
        told = self.window.conditions()
        for identifier, spec in self.window.actions_.specs.items():
            if identifier in NOT_IN_PALETTE:
                continue
            action = self.window.actions_[identifier]
            reason = "" if action.isEnabled() else _reason(action, spec.needs, told)
            keys = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
            text = action.text().partition("  –  ")[0].replace("&", "")
            found.append(Entry(identifier, text, self.tr(spec.menu), keys, action.trigger, reason))
        return found

    def _variables(self) -> list[Entry]:
        reason = "" if self.document is not None else REASONS["document"]
        paint = self.window.colour_by
        found = [
            Entry(
                "paint.",
                self.tr("Paint the neutral model"),
                self.tr("Painted variable"),
                "",
                partial(paint, ""),
                reason,
            )
        ]
        for item in VARIABLES.values():
            text = self.tr("Paint {}").format(item.title[0].lower() + item.title[1:])
            found.append(Entry(f"paint.{item.name}", text, item.unit, "", partial(paint, item.name), reason))
        return found

    def _kept(self) -> list[Entry]:
        document = self.document
        if document is None:
            return []
        choose = self.window.selecting.select_saved
        found = [
            Entry(
                f"saved.{name}",
                self.tr("Select “{}”").format(name),
                self.tr("Saved selection"),
                "",
                partial(choose, name),
            )
            for name in document.named(SELECTION)
        ]
        show = self.window.looking.views.go
        found += [
            Entry(
                f"view.{name}", self.tr("Go to view “{}”").format(name), self.tr("Named view"), "", partial(show, name)
            )
            for name in document.named(VIEW)
        ]
        return found

    def _used(self, identifier: str) -> None:
        recent = [identifier, *(item for item in self._recent() if item != identifier)][:RECENT_KEPT]
        self.window.settings.remember("recent_commands", recent)

    def _recent(self) -> list[str]:
        kept = self.window.settings.value("recent_commands", [])
        return [str(item) for item in ([kept] if isinstance(kept, str) else kept or [])]


def _reason(action: Any, needs: tuple[str, ...], told: frozenset[str]) -> str:
    """Why an action is greyed: what it lacks first, or what its own text says."""
    lacking = next((name for name in needs if name not in told), "")
    if lacking:
        return REASONS.get(lacking, lacking.replace("_", " ").capitalize())
    return action.toolTip() or "Not possible now"
