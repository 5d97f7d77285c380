"""Where the camera was before: a bounded list to go back and forward in, apart from the history of edits."""

from dataclasses import dataclass, field

from citytwin_desktop.scene.camera import OrbitCamera

LONGEST = 100


@dataclass
class CameraHistory:
    """Places that the camera rested at.

    Attributes
    ----------
    places : list of OrbitCamera
        The oldest first, at most `LONGEST`.
    at : int
        The place where the camera is now; -1 before the first.
    """

    places: list[OrbitCamera] = field(default_factory=list)
    at: int = -1

    def rest(self, camera: OrbitCamera) -> None:
        """The camera rests somewhere: what was ahead is forgotten, unless this is where it was led back to."""
        if self.at >= 0 and self.places[self.at] == camera:
            return
        self.places = [*self.places[: self.at + 1], camera][-LONGEST:]
        self.at = len(self.places) - 1

    def back(self) -> OrbitCamera | None:
        """The place before, `None` at the first."""
        return self._go(-1)

    def forward(self) -> OrbitCamera | None:
        """The place after, `None` at the last."""
        return self._go(1)

    def can_go(self, step: int) -> bool:
        """Whether there is a place before (-1) or after (1)."""
        return 0 <= self.at + step < len(self.places)

    def clear(self) -> None:
        """Forget all: another city."""
        self.places, self.at = [], -1

    def _go(self, step: int) -> OrbitCamera | None:
        if not self.can_go(step):
            return None
        self.at += step
        return self.places[self.at]
