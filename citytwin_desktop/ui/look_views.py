"""Views that the project keeps under names: their list in the layers panel, and the way there."""

import json
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QToolButton, QWidget

from citytwin_desktop.ui.form_dialog import FormDialog
from citytwin_desktop.ui.icons import icon
from citytwin_desktop.ui.section import Section
from citytwin_desktop.ui.theme import Theme
from citytwin_desktop.ui.tool_tips import plain_tip

QUICK = 9
"""Views that Alt and a digit go to."""

ROW_HEIGHT, MOST_ROWS = 24, 6


class NameDialog(FormDialog):
    """Asks for the name of a view.

    Parameters
    ----------
    parent : QWidget
    title, verb, name : str
    """

    def __init__(self, parent: QWidget, title: str, verb: str, name: str) -> None:
        intro = self.tr("Camera, what is painted, the time and what is hidden are kept in the project.")
        super().__init__(parent, title, intro, verb)
        self.setObjectName("viewNameDialog")
        self.name = QLineEdit(name, objectName="viewName", accessibleName=self.tr("Name"))
        self.name.setMaxLength(80)
        self.form.addRow(self.tr("Name"), self.name)
        self.name.selectAll()
        self.name.setFocus()


class ViewsSection(Section):
    """The list with its buttons.

    Signals
    -------
    go_wanted(str), update_wanted(str), rename_wanted(str), remove_wanted(str)
    save_wanted
    """

    go_wanted = Signal(str)
    update_wanted = Signal(str)
    rename_wanted = Signal(str)
    remove_wanted = Signal(str)
    save_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Views")
        self.empty = QLabel(self.tr("Views that you save appear here."), wordWrap=True)
        self.empty.setObjectName("muted")
        self.list = QListWidget(objectName="viewList", accessibleName=self.tr("Saved views"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        line = QWidget()
        self._row = QHBoxLayout(line)
        self._row.setContentsMargins(0, 4, 0, 0)
        self._row.setSpacing(4)
        self.save = self._button("plus", self.tr("Save the view (Ctrl+Shift+V)"))
        self.update_button = self._button("content-save-outline", self.tr("Keep what is seen now under this name"))
        self.rename = self._button("pencil-outline", self.tr("Rename the view"))
        self.remove = self._button("delete-outline", self.tr("Remove the view"))
        self._row.addStretch(1)
        for widget in (self.empty, self.list, line):
            self.add(widget)
        self.save.clicked.connect(self.save_wanted)
        pairs = (
            (self.update_button, self.update_wanted),
            (self.rename, self.rename_wanted),
            (self.remove, self.remove_wanted),
        )
        for button, signal in pairs:
            button.clicked.connect(lambda _, wanted=signal: self._for_chosen(wanted))
        self.list.itemActivated.connect(lambda _: self._for_chosen(self.go_wanted))
        self.list.itemSelectionChanged.connect(self._enable)
        self.writable = True

    def set_theme(self, theme: Theme) -> None:
        """Icons."""
        super().set_theme(theme)
        for button in (self.save, self.update_button, self.rename, self.remove):
            button.setIcon(icon(str(button.property("picture")), theme))

    def show_names(self, names: list[str], writable: bool) -> None:
        """List the views."""
        chosen = self.chosen
        self.writable = writable
        self.list.clear()
        for place, name in enumerate(names):
            self.list.addItem(name)
            if place < QUICK:
                self.list.item(place).setToolTip(plain_tip(f"{name}  (Alt+{place + 1})"))
        if chosen in names:
            self.list.setCurrentRow(names.index(chosen))
        self.list.setFixedHeight(min(len(names), MOST_ROWS) * ROW_HEIGHT + 4)
        self.list.setVisible(bool(names))
        self.empty.setVisible(not names)
        self._enable()

    @property
    def chosen(self) -> str:
        """Name of the chosen view, empty for none."""
        item = self.list.currentItem()
        return str(item.text()) if item is not None and item.isSelected() else ""

    def _for_chosen(self, wanted: Any) -> None:
        if self.chosen:
            wanted.emit(self.chosen)

    def _enable(self) -> None:
        self.save.setEnabled(self.writable)
        for button in (self.update_button, self.rename, self.remove):
            button.setEnabled(self.writable and bool(self.chosen))

    def _button(self, picture: str, text: str) -> QToolButton:
        button = QToolButton(accessibleName=text)
        button.setToolTip(text)
        button.setProperty("picture", picture)
        self._row.addWidget(button)
        return button


class NamedViews(QObject):
    """Saves, goes to, renames and deletes the views of the open project.

    Parameters
    ----------
    window : MainWindow
    workspace : Workspace
    """

    def __init__(self, window: Any, workspace: Any) -> None:
        super().__init__(workspace)
        self.window, self.workspace, self.session = window, workspace, window.session
        self.section = ViewsSection()
        panel = workspace.layers.context.parentWidget().layout()
        panel.insertWidget(panel.count() - 1, self.section)
        self.section.save_wanted.connect(self.ask_save)
        self.section.go_wanted.connect(self.go)
        self.section.update_wanted.connect(self.save)
        self.section.rename_wanted.connect(self.ask_rename)
        self.section.remove_wanted.connect(lambda name: self.session.execute("remove_view", name=name))

    @property
    def names(self) -> list[str]:
        """Names of all views, in the order in which they were first saved."""
        document = self.session.document
        return list(document.named("view")) if document is not None else []

    def refresh(self) -> None:
        """Views came, went or changed."""
        document = self.session.document
        self.section.show_names(self.names, document is not None and not document.read_only)

    def ask_save(self) -> None:
        """Ask for a name and keep what is seen."""
        number = len(self.names) + 1
        while self.tr("View {}").format(number) in self.names:
            number += 1
        title = self.tr("Save view")
        dialog = NameDialog(self.window, title, title, self.tr("View {}").format(number))
        dialog.submitted.connect(lambda: self._submit(dialog, self.save))
        dialog.open()

    def ask_rename(self, name: str) -> None:
        """Ask for another name."""
        dialog = NameDialog(self.window, self.tr("Rename view"), self.tr("Rename view"), name)
        dialog.submitted.connect(
            lambda: self._submit(dialog, lambda other: self.session.execute("rename_view", name=name, new_name=other))
        )
        dialog.open()

    def save(self, name: str) -> Any:
        """Keep what is seen now under a name."""
        content = json.dumps(self.workspace.view_state() | self.session.view_state())
        return self.session.execute("save_view", name=name, content=content)

    def go(self, name: str) -> None:
        """Show what a view shows, and fly to its camera."""
        view = self.workspace.view
        content = self.session.document.named("view").get(name)
        if content is None:
            return
        before = view.scene.camera
        try:
            state = sound_view(content)
            self.session.restore_view(state)
            self.workspace.restore_view(state)
        except (TypeError, ValueError, KeyError, AttributeError):
            self.window.say(self.tr("The view “{}” is damaged: update or delete it.").format(name))
            return
        there, at_home = view.scene.camera, view.at_home
        view.look(before)
        view.fly_to(there)
        view.at_home = at_home

    def go_to_number(self, number: int) -> None:
        """Go to one of the first nine."""
        if number <= len(self.names):
            self.go(self.names[number - 1])

    def _submit(self, dialog: NameDialog, do: Any) -> None:
        if do(dialog.name.text()) is not None:
            dialog.accept()


def sound_view(content: Any) -> dict[str, Any]:
    """A stored view as the window itself would have stored it: other kinds of values are left out.

    Projects come from other people.
    """
    kinds = {"variable": str, "period": str, "map": str, "classes": int, "span": list, "scenario": str, "hour": int}
    state = {key: value for key, value in content.items() if key not in (*kinds, "scene", "at_home")}
    state |= {key: content[key] for key, kind in kinds.items() if isinstance(content.get(key), kind)}
    scene = content.get("scene")
    scene = scene if isinstance(scene, dict) else {}
    sound: dict[str, Any] = {"camera": scene["camera"] if isinstance(scene.get("camera"), dict) else {}}
    for key in ("hidden", "isolated", "context_hidden"):
        names = scene.get(key)
        if isinstance(names, list):
            sound[key] = [name for name in names if isinstance(name, str)]
    return {**state, "scene": sound, "at_home": content.get("at_home") is True}
