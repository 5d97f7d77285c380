"""Solar surroundings of the whole district: ground, snow, trees, and reflectances of building surfaces."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from citytwin_desktop.catalog.reflectances import reflectances
from citytwin_desktop.city.solar_conditions import MONTH_FIELDS, SolarConditions
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.month_toggles import MonthToggles
from citytwin_desktop.ui.numbers import parse_number
from citytwin_desktop.ui.section import PropertyRow, Section
from citytwin_desktop.ui.session import Session
from citytwin_desktop.ui.theme import Theme

GROUPS = {
    "Ground and snow": (
        ("ground_reflectance", "Ground albedo"),
        ("snow_reflectance", "Snow albedo"),
        ("snow_months", "Snow lies in"),
    ),
    "Trees": (
        ("leaf_on_months", "In leaf"),
        ("crown_transmittance_leaf_on", "Crowns in leaf let through"),
        ("crown_transmittance_leaf_off", "Bare crowns let through"),
    ),
    "Surface reflectances": (
        ("wall_reflectance", "Walls"),
        ("roof_reflectance", "Roofs"),
        ("window_reflectance", "Windows"),
        ("door_reflectance", "Doors"),
        ("outer_ceiling_reflectance", "Outer ceilings"),
        ("outer_floor_reflectance", "Outer floors"),
        ("closure_reflectance", "Closures"),
    ),
}
UNIT = "0–1"
"""All numbers here are shares of the light that arrives."""

_MONTH_TIPS = {
    "snow_months": "Months with snow on the ground; none by default, for a weather file does not tell reliably",
    "leaf_on_months": "Months in which crowns are in leaf; April to October by default, for deciduous trees of the "
    "temperate north",
}
_DEFAULTS = SolarConditions()


class ConditionsPanel(QWidget):
    """Shows and edits the document's solar conditions; each edit is a command.

    Parameters
    ----------
    session : Session
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("conditionsPanel")
        self.session = session
        self.rows: dict[str, PropertyRow] = {}
        self.months: dict[str, MonthToggles] = {}
        self.sections = [Section(self.tr(title)) for title in GROUPS]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for section, entries in zip(self.sections, GROUPS.values(), strict=True):
            for name, title in entries:
                section.add(self._months_row(name, title) if name in MONTH_FIELDS else self._number_row(name, title))
            column.addWidget(section)
        column.addStretch(1)

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        for section in self.sections:
            section.set_theme(theme)

    def refresh(self) -> None:
        """Read the document again."""
        document = self.session.document
        if document is None:
            return
        conditions, writable = document.solar_conditions, not document.read_only
        for name, row in self.rows.items():
            value, default = getattr(conditions, name), getattr(_DEFAULTS, name)
            edited = value != default
            row.show_value(number_text(value), "edited" if edited else "assumed", explanation(name, edited))
            row.value.setReadOnly(not writable)
        for name, toggles in self.months.items():
            toggles.show_months(getattr(conditions, name))
            toggles.setEnabled(writable)

    def finish(self) -> None:
        """Carry out what was typed and not yet confirmed."""
        for row in self.rows.values():
            row.finish()

    def _number_row(self, name: str, title: str) -> QWidget:
        row = PropertyRow(name, self.tr(title), UNIT, editable=True)
        row.edited.connect(self._edit)
        row.label.setToolTip(explanation(name, False))
        self.rows[name] = row
        return row

    def _months_row(self, name: str, title: str) -> QWidget:
        toggles = MonthToggles(self.tr(title), self.tr(_MONTH_TIPS[name]))
        toggles.chosen.connect(lambda months: self._set(name, months))
        self.months[name] = toggles
        return toggles

    def _edit(self, name: str, text: str) -> None:
        value = parse_number(text) if text not in ("", "–") else getattr(_DEFAULTS, name)
        if value is None:
            self.session.problem.emit(self.tr("“{}” is not a number: type one like 0.35.").format(text))
        else:
            self._set(name, value)
        self.refresh()

    def _set(self, name: str, value: Any) -> None:
        if self.session.document is not None and getattr(self.session.document.solar_conditions, name) != value:
            self.session.execute("set_solar_conditions", **{name: value})
        self.refresh()


def explanation(name: str, edited: bool) -> str:
    """Where a value comes from, its default and the range that was published, in one line each."""
    found = reflectances()[name]
    default = f"{found.default.value:g}"
    span = f"{found.low:g}–{found.high:g}"
    first = f"Edited in this project; the default is {default}" if edited else f"Default {default}"
    return f"{first}. Published range {span}.\n{found.default.source}"
