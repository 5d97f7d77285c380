"""Which scenario the active one is held against, and how."""

from typing import Any

from citytwin_desktop.document import events

SIDE, FLIP, DIFFERENCE = "side", "flip", "difference"
"""Two views, one view of the active scenario, or the active one less the other."""
MODES = (SIDE, FLIP, DIFFERENCE)


class Comparison:
    """The other scenario of one window.

    Parameters
    ----------
    session : Session

    Attributes
    ----------
    other : str
        Identifier of the scenario B, empty while nothing is compared; A is the active one.
    mode : str
        One of `MODES`.
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self.other = ""
        self.mode = SIDE

    @property
    def active(self) -> bool:
        """Whether anything is compared."""
        return bool(self.other)

    @property
    def side_by_side(self) -> bool:
        """Whether there are two views."""
        return self.active and self.mode == SIDE

    @property
    def shows_difference(self) -> bool:
        """Whether one view shows A less B."""
        return self.active and self.mode == DIFFERENCE

    @property
    def pair(self) -> tuple[str, str]:
        """Scenarios A and B."""
        return self._session.document.active_scenario, self.other

    def choose(self, scenario_id: str) -> None:
        """Compare the active scenario with another one, or with none (empty)."""
        known = [scenario.id for scenario in self._session.document.scenarios]
        active = self._session.document.active_scenario
        self._become(scenario_id if scenario_id in known and scenario_id != active else "", self.mode)
        self._session.view_changed.emit()

    def set_mode(self, mode: str) -> None:
        """Look at the two in another way; with nothing chosen yet, compare with the first other scenario."""
        self._become(self.other or self.likely, mode if mode in MODES else SIDE)
        self._session.view_changed.emit()

    def _become(self, other: str, mode: str) -> None:
        before = self._session.style_key
        self.other, self.mode = other, mode
        self._session.styles.change(before, self._session.style_key)

    def swap(self) -> None:
        """A becomes B and B becomes A."""
        if self.active:
            self._session.set_scenario(self.other)

    @property
    def likely(self) -> str:
        """Scenario to compare with when none was named: the first that assigns other packages."""
        document = self._session.document
        active = document.scenario(document.active_scenario)
        others = [scenario for scenario in document.scenarios if scenario.id != active.id]
        differing = [scenario for scenario in others if scenario.assignments != active.assignments]
        return next((scenario.id for scenario in (*differing, *others)), "")

    def activated(self, scenario_id: str) -> None:
        """Before a scenario becomes the active one: the one it is held against takes the other's place."""
        if scenario_id == self.other:
            self.other = self._session.document.active_scenario

    def follow(self, event: Any) -> None:
        """Let go of a scenario that is gone or has become the active one by another way."""
        if self.active and isinstance(event, events.ScenariosChanged):
            document = self._session.document
            known = {scenario.id for scenario in document.scenarios} - {document.active_scenario}
            if self.other not in known:
                self._become("", self.mode)

    def forget(self) -> None:
        """Another project."""
        self.other, self.mode = "", SIDE

    def view_state(self) -> dict[str, Any]:
        """Plain values, for the next time."""
        return {"compared": self.other, "compare_mode": self.mode}

    def restore(self, state: dict[str, Any]) -> None:
        """The reverse of `view_state`, when the active scenario is set already."""
        self.mode = state.get("compare_mode") if state.get("compare_mode") in MODES else SIDE
        known = {scenario.id for scenario in self._session.document.scenarios}
        other = state.get("compared", "")
        self.other = other if other in known and other != self._session.document.active_scenario else ""
