"""The style sheet, built from the theme's tokens."""

from string import Template

from citytwin_desktop.ui.theme import CONTROL_HEIGHT, CORNER, NORMAL_FONT_PX, SMALL_FONT_PX, Theme

_SHEET = Template("""
* { font-size: ${normal}px; outline: none; }
QMainWindow, QDialog, QWidget#startPage { background: $window; }
QDialog { border: 1px solid $line; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }

QMenuBar { background: $panel; border-bottom: 1px solid $line; padding: 2px 4px; }
QMenuBar::item { padding: 6px 8px; margin: 1px 0; border-radius: ${corner}px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 8px; border-radius: ${corner}px; }
QMenu::item:selected { background: $pressed; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 4px; }
QMenu::icon { padding-left: 6px; }

QToolBar { background: $panel; border: none; border-bottom: 1px solid $line; padding: 4px 8px; spacing: 2px; }
QToolBar::separator { width: 1px; background: $line; margin: 4px 6px; }
QToolButton { border: 1px solid transparent; border-radius: ${corner}px; padding: 3px; background: transparent; }
QToolBar QToolButton { min-height: 20px; min-width: 20px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $disabled; }
QToolButton::menu-indicator { image: none; }
QToolButton#runButton { background: $accent; color: $on_accent; padding: 3px 10px; font-weight: 600; }
QToolButton#runButton:hover { border-color: $text; }
QToolButton#runButton:disabled { background: $raised; color: $disabled; }
QToolButton#stalePill { color: $stale; padding: 3px 8px; }
QToolButton#stalePill:disabled { color: $muted; }
QToolButton#panelTab { padding: 3px 8px; color: $muted; }
QToolButton#month { padding: 2px 0; min-width: 16px; color: $muted; border-color: $line; }
QToolButton#month:checked { color: $on_accent; background: $accent; border-color: $accent; font-weight: 600; }
QToolButton#month:checked:disabled { color: $muted; background: $pressed; border-color: $line; }
QToolButton#month:focus { border-color: $text; }
QSpinBox#cellSize, QDateTimeEdit { min-height: 20px; max-height: 20px; padding: 0 4px; border: 1px solid $line;
    border-radius: ${corner}px; background: $panel; color: $text; selection-background-color: $accent;
    selection-color: $on_accent; }
QSpinBox#cellSize::up-button, QDateTimeEdit::up-button { width: 0; height: 0; border: none;
    subcontrol-origin: border; subcontrol-position: top right; }
QSpinBox#cellSize::down-button, QDateTimeEdit::down-button { width: 0; height: 0; border: none;
    subcontrol-origin: border; subcontrol-position: bottom right; }
QAbstractSpinBox QLineEdit { border: none; padding: 0 4px; min-height: 18px; max-height: 18px;
    background: transparent; }
QDateTimeEdit:focus { border-color: $accent; }
QToolButton#panelTab:disabled { color: $disabled; }
QToolButton#panelTab:checked { color: $text; background: $pressed; }

QPushButton { min-height: ${inner}px; padding: 0 12px; border: 1px solid $line; border-radius: ${corner}px;
    background: $raised; color: $text; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $disabled; }
QPushButton:default, QPushButton#primary { background: $accent; border-color: $accent; color: $on_accent;
    font-weight: 600; }
QPushButton:default:hover, QPushButton#primary:hover { border-color: $text; }
QPushButton:default:disabled, QPushButton#primary:disabled { background: $raised; border-color: $line;
    color: $disabled; }
QPushButton#link { border: none; background: transparent; color: $accent; padding: 0; min-height: 18px;
    text-align: left; }
QPushButton#link:hover { text-decoration: underline; }
QPushButton#link:focus { text-decoration: underline; }

QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox { min-height: ${inner}px; max-height: ${inner}px; padding: 0 6px;
    border: 1px solid $line; border-radius: ${corner}px; background: $panel; color: $text;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit { placeholder-text-color: $muted; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus { border-color: $accent; }
QLineEdit:disabled, QComboBox:disabled { color: $disabled; placeholder-text-color: $disabled; }
QComboBox { background: $raised; padding-right: 18px; }
QComboBox:hover { background: $hover; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox::down-arrow { image: url("$arrow"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; padding: 4px; outline: none;
    selection-background-color: $pressed; selection-color: $text; }
QLineEdit#value { background: transparent; border-color: transparent; }
QLineEdit#value:hover { background: $raised; border-color: $line; }
QLineEdit#value:focus { background: $raised; border-color: $accent; }
QLineEdit#value:read-only { color: $muted; background: transparent; border-color: transparent; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: $panel; }
QTabBar::tab { padding: 7px 8px 6px 8px; color: $muted; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabWidget#leftPanel QTabBar::tab { padding: 7px 5px 6px 5px; }
QTabBar::tab:focus { color: $accent; }

QFrame#panel, QWidget#panel { background: $panel; }
QFrame#card { background: $panel; border: 1px solid $line; border-radius: ${corner}px; }
QFrame#overlay { background: $panel; border: 1px solid $line; border-radius: ${corner}px; }
QFrame#toast { background: $raised; border: 1px solid $line; border-left: 3px solid $failed;
    border-radius: ${corner}px; }
QFrame#toast[kind="done"] { border-left-color: $done; }
QFrame#rule { background: $line; max-height: 1px; min-height: 1px; border: none; }
QSplitter { background: $window; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }
QScrollArea, QScrollArea > QWidget > QWidget { background: $panel; border: none; }

QLabel { background: transparent; }
QLabel#muted { color: $muted; }
QLabel#small { color: $muted; font-size: ${small}px; }
QLabel#heading { font-weight: 600; }
QLabel#title { font-weight: 600; font-size: 20px; }
QLabel#stale { color: $stale; }
QLabel#estimate { font-style: italic; }
QLabel#failed { color: $failed; }
QLabel#done { color: $done; }
QLabel#mark { color: $muted; font-size: ${small}px; }
QLabel#mark[kind="edited"] { color: $accent; }

QToolButton#section { text-align: left; font-weight: 600; border: none; border-radius: 0; padding: 6px 8px;
    border-bottom: none; background: $panel; }
QWidget#sectionBody { border-bottom: 1px solid $line; }
QToolButton#fold { text-align: left; color: $muted; border: none; border-radius: 0; padding: 4px 0;
    background: $panel; }
QToolButton#fold:hover { color: $text; }
QToolButton#fold:focus { color: $accent; }
QToolButton#section:hover { background: $hover; }
QToolButton#section:focus { color: $accent; }

QTreeView, QListView, QTableView, QPlainTextEdit { background: $panel; border: none; color: $text;
    alternate-background-color: $raised; gridline-color: $line; selection-background-color: $pressed;
    selection-color: $text; }
QTreeView::item, QListView::item { min-height: 24px; padding: 0 4px; border-radius: ${corner}px; }
QTreeView::item:hover, QListView::item:hover { background: $hover; }
QTreeView::item:selected, QListView::item:selected { background: $pressed; color: $text; }
QTableView::item { padding: 0 6px; }
QTableView#history::item { padding: 0 6px 0 9px; }
QTableView::item:selected { background: $pressed; color: $text; }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: 5px 6px; font-size: ${small}px; }
QTableCornerButton::section { background: $panel; border: none; }

QListView#completions { background: $raised; border: 1px solid $line; padding: 4px; }
QScrollArea#textScroll, QScrollArea#textScroll > QWidget > QWidget, QScrollArea#dialogScroll,
    QScrollArea#dialogScroll > QWidget > QWidget { background: $window; }
QDialog QToolButton#fold { background: $window; color: $text; }
QDialog QListView { border: 1px solid $line; border-radius: ${corner}px; }
QToolButton#severity { padding: 2px 3px; color: $muted; }
QToolButton#severity:checked { color: $text; }

QCheckBox { spacing: 8px; }
QCheckBox::indicator, QTreeView::indicator, QListView::indicator { width: 14px; height: 14px; border: 1px solid $muted;
    border-radius: 3px; background: $panel; }
QCheckBox::indicator:checked, QTreeView::indicator:checked, QListView::indicator:checked { background: $accent;
    border-color: $accent; image: url("$check"); }
QCheckBox::indicator:focus { border-color: $accent; }

QProgressBar { border: none; border-radius: 2px; background: $line; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QProgressBar[finished="true"]::chunk { background: $done; }

QStatusBar { background: $panel; border-top: 1px solid $line; color: $muted; }
QStatusBar QLabel { color: $muted; font-size: ${small}px; }
QStatusBar::item { border: none; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $disabled; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: none; height: 0; width: 0; }
""")


def style_sheet(theme: Theme, arrow_path: str, check_path: str) -> str:
    """The whole style sheet of a theme.

    Parameters
    ----------
    theme : Theme
    arrow_path, check_path : str
        Pictures of a combo box's arrow and a check mark in the theme's colours; style sheets take files only.
    """
    tokens = {name: getattr(theme, name) for name in theme.__dataclass_fields__}
    sizes = {"normal": NORMAL_FONT_PX, "small": SMALL_FONT_PX, "corner": CORNER, "inner": CONTROL_HEIGHT - 2}
    return _SHEET.substitute(tokens, **sizes, arrow=arrow_path, check=check_path)
