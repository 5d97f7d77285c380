"""Feature edges are found a tile at a time while the view stands still, so that going near does not wait for them."""

from typing import Any

from PySide6.QtCore import QObject, QTimer

PAUSE_MS = 20


class EdgesAhead(QObject):
    """Finds the edges of tiles from which none were seen yet.

    Parameters
    ----------
    view : CityView
    """

    def __init__(self, view: Any) -> None:
        super().__init__(view)
        self._view = view
        self._timer = QTimer(self, interval=PAUSE_MS)
        self._timer.timeout.connect(self._find)
        view.settled.connect(self._timer.start)
        view.camera_changed.connect(self._timer.stop)

    def _find(self) -> None:
        features = (tile.mesh.features for tile in self._view.scene.tiles)
        left = next((each for each in features if not each.found), None)
        if left is None or not self._view.isVisible():
            self._timer.stop()
        else:
            left.find()
