"""Solar potential of the selected buildings: photovoltaics and solar thermal on their roofs and façades."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.numbers import energy_unit
from citytwin_desktop.ui.value_grid import GridRow, ValueGrid

AREAS = ("photovoltaic_area_m2", "solar_thermal_m2")


class PotentialView(QWidget):
    """Sums over the selection; amber where the result is stale.

    Signals
    -------
    run_wanted
        The user wants the collectors worked out.
    """

    run_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("potentialView")
        self.note = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.note.setObjectName("muted")
        self.run = QPushButton(self.tr("Run solar collectors"))
        self.run.setObjectName("link")
        self.run.clicked.connect(self.run_wanted)
        self.grid = ValueGrid()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.note, self.run, self.grid):
            layout.addWidget(widget)

    def show_selection(self, document: Any, ids: list[str]) -> None:
        """Read the potential of some buildings; a part stands for the building it belongs to."""
        potential = document.solar_potential(document.active_scenario)
        missing = document.missing_for("collectors", document.active_scenario)
        self.grid.setVisible(potential is not None)
        self.run.setVisible((potential is None or not potential.fresh) and missing is None)
        self.note.setVisible(potential is None or not potential.fresh)
        if potential is None:
            self.note.setText(f"{missing}." if missing else self.tr("What roofs and façades could give appears here."))
            return
        self.note.setText(self.tr("Inputs changed since: numbers in amber are stale."))
        buildings = document.city.buildings
        owners = np.unique(buildings.parent_row()[buildings.rows(ids)])
        self.grid.show_rows((), potential_rows(potential, owners.tolist()))


def potential_rows(potential: Any, rows: list[int]) -> list[GridRow]:
    """Lines of the grid: title with unit, number, and where it comes from.

    Parameters
    ----------
    potential : SolarPotential
    rows : list of int
        Of buildings.
    """
    found = [potential.of_row(row) for row in rows]
    power, energy = (sum(getattr(item, f"photovoltaic_{name}") for item in found) for name in ("kwp", "kwh"))
    area, collectors = (sum(getattr(item, name) for item in found) for name in AREAS)
    heat = sum(item.solar_thermal_kwh for item in found)
    divisor, unit = energy_unit((energy, heat))
    name = "heading" if potential.fresh else "stale"
    source = f"collectors {potential.version}, {potential.at[:16].replace('T', ' ')}"
    specific = energy / power if power > 0.0 else float("nan")
    lines = [
        ("Photovoltaics", power, "kWp"),
        ("Module area", area, "m²"),
        ("Yearly yield", energy / divisor, unit),
        ("Specific yield", specific, "kWh/kWp"),
        ("Solar thermal area", collectors, "m²"),
        ("Solar thermal heat", heat / divisor, unit),
    ]
    shown = [GridRow((f"{title}  {word}", number_text(value)), name, source) for title, value, word in lines]
    return shown + _shares(potential, found)


def _shares(potential: Any, found: list[Any]) -> list[GridRow]:
    """Self-consumption and autarky of the buildings whose demand is known, each using its own yield only."""
    matches = [potential.matches[item.building_id] for item in found if item.building_id in potential.matches]
    made, needed, used = (
        float(np.sum([getattr(match, name) for match in matches]))
        for name in ("generation_kwh", "demand_kwh", "self_consumed_kwh")
    )
    demand = next((item.demand for item in found if item.demand), "")
    tip = f"Hour by hour against {demand}; {len(matches)} of {len(found)} known" if matches else "Run EnergyPlus first"
    name = "heading" if matches and all(match.fresh for match in matches) else "stale" if matches else "muted"
    shares = (("Self-consumption", used, made), ("Autarky", used, needed))
    return [
        GridRow((f"{title}  %", number_text(100.0 * part / whole) if whole > 0.0 else "–"), name, tip)
        for title, part, whole in shares
    ]
