"""What a project is painted with that was never looked at before: a result, where there is one."""

from typing import Any

from citytwin_desktop.ui.controller import Controller

FIRST_CHOICES = (("solar", "solar_irradiation"), ("energyplus", "heating_demand"), ("estimate", "heating_demand"))
"""Engines and what is painted of their results, in order of preference."""


class FirstPaint(Controller):
    """Chooses once, when what stands in a project without a kept view is known; a kept “none” stays."""

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self._waiting = False

    def workspace_made(self, _workspace: Any) -> None:
        """Large cities are counted a while after they are shown."""
        self.session.standing.changed.connect(self._choose)

    def document_opened(self) -> None:
        """Choose now, or as soon as everything was counted."""
        kept = self.window.settings.view_of(self.document.path)
        self._waiting = kept is None or "variable" not in kept
        self._choose()

    def document_closed(self) -> None:
        """Nothing is left to choose."""
        self._waiting = False

    def _choose(self) -> None:
        standing = self.session.standing
        if not self._waiting or self.document is None or standing.counting:
            return
        self._waiting = False
        # Somebody may have chosen while it was counted, also to paint nothing.
        if not self.session.variable_chosen:
            self.session.set_variable(first_variable(standing))


def first_variable(standing: Any) -> str:
    """Name of the first variable that has fresh results, else of one that has stale ones; empty for neither.

    Parameters
    ----------
    standing : StaleCounts
    """
    for quality in ("fresh", "stale"):
        for engine, variable in FIRST_CHOICES:
            if getattr(standing.status(engine), quality):
                return variable
    return ""
