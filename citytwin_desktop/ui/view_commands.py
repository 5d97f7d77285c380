"""What the actions of the window do: the view, the selection, the panels and help."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from citytwin_desktop import __version__
from citytwin_desktop.document.variables import ENGINES
from citytwin_desktop.ui.text_dialog import TextDialog

MORE = (
    ("Add to the selection", "Ctrl+click"),
    ("Turn, move by keys", "Shift+arrows, arrows"),
    ("Zoom to the pointer", "Wheel, pinch; finely with Ctrl"),
    ("Set the turning point", "Double click"),
)
"""What the 3D view does beside the actions."""


class ViewCommands:
    """Methods that the table of actions names; mixed into the main window."""

    def focus_search(self) -> None:
        """Put the cursor into the search field."""
        self.bars.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bars.search.selectAll()

    def copy_identifiers(self) -> None:
        """Copy the selected buildings' identifiers."""
        QApplication.clipboard().setText("\n".join(self.session.document.selection))

    def go_home(self) -> None:
        """Show the whole city."""
        self.workspace.view.go_home()

    def look_from(self, name: str) -> None:
        """Look from one of the standard directions."""
        self.workspace.look_from(name)

    def zoom_to_selection(self) -> None:
        """Fly to the selected buildings."""
        view = self.workspace.view
        view.fly_to(view.scene.framed_camera(view.scene.camera, self._selected_rows(), view.aspect))

    def isolate_selection(self) -> None:
        """Show all but the selection faintly."""
        self.workspace.view.scene.isolate(self._selected_rows())
        self.workspace.view.render()

    def hide_selection(self) -> None:
        """Hide the selected buildings."""
        self.workspace.view.scene.hide(self._selected_rows())
        self.session.document.select([])
        self.workspace.view.render()

    def show_everything(self) -> None:
        """Show what was hidden or faint."""
        self.workspace.view.scene.show_all()
        self.workspace.view.render()

    def toggle_edges(self) -> None:
        """Show or hide feature edges."""
        self.workspace.layers.edges.toggle()

    def toggle_theme(self) -> None:
        """Light to dark or back."""
        self.set_theme("light" if self.theme.name == "dark" else "dark")

    def colour_by(self, variable: str) -> None:
        """Paint a variable; an empty name paints the neutral model."""
        self.session.set_variable(variable)

    def set_hour(self, hour: int) -> None:
        """Go to an hour of the year."""
        self.links.choose_hour(hour)

    def toggle_left(self) -> None:
        """Show or hide the left panel."""
        self.workspace.left.setVisible(not self.workspace.left.isVisible())

    def toggle_inspector(self) -> None:
        """Show or hide the inspector."""
        self.workspace.inspector.setVisible(not self.workspace.inspector.isVisible())

    def toggle_panel(self, name: str) -> None:
        """Show or hide a panel at the bottom."""
        self.workspace.toggle_panel(name)

    def select_all(self) -> None:
        """Select every building."""
        city = self.session.document.city
        self.session.document.select(city.buildings.ids[city.rows_with_geometry].tolist())

    def select_none(self) -> None:
        """Select nothing."""
        self.session.document.select([])

    def invert_selection(self) -> None:
        """Select what is not selected."""
        city, chosen = self.session.document.city, set(self.session.document.selection)
        names = city.buildings.ids[city.rows_with_geometry].tolist()
        self.session.document.select([name for name in names if name not in chosen])

    def select_stale(self) -> None:
        """Select buildings with stale results."""
        document = self.session.document
        document.select(sorted(set().union(*(self.session.stale_ids(engine) for engine in ENGINES))))

    def _selected_rows(self) -> Any:
        document = self.session.document
        return document.city.buildings.rows(document.selection)

    def show_keys(self) -> None:
        """List every action with its keys, and what the mouse does."""
        from citytwin_desktop.ui.keys_sheet import KeysSheet

        groups: dict[str, list[tuple[str, str]]] = {self.tr("Mouse and camera"): [*MORE, *self.looking.gestures()]}
        for identifier, spec in self.actions_.specs.items():
            keys = self.actions_[identifier].shortcut().toString()
            if keys:
                groups.setdefault(self.tr(spec.menu), []).append((self.tr(spec.text).rstrip("…"), keys))
        KeysSheet(self, self.theme, groups).open()

    def show_about(self) -> None:
        """Say what this is."""
        text = self.tr("Energy and sun of every building. LGPL-3.0-or-later. Icons: Material Design Icons, Apache-2.0.")
        self._message(self.tr("CityTwin Desktop {}").format(__version__), text)

    def _message(self, title: str, text: str) -> None:
        TextDialog(self, title, text).open()
