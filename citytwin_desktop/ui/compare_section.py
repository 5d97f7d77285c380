"""The section of the second view: planes and lines of the first one's, worked out once."""

from typing import Any

import numpy as np

from citytwin_desktop.scene.section_view import SectionView


class LentSection(SectionView):
    """Cuts one scene as another section cuts its own.

    Parameters
    ----------
    scene : CityScene
    """

    def __init__(self, scene: Any) -> None:
        super().__init__(scene)
        self.leader: SectionView | None = None

    def follow(self, leader: SectionView) -> None:
        """Cut where another section cuts, with its lines."""
        self.leader = leader
        planes = leader.scene.cut.planes
        if planes or self.scene.cut.planes:
            self.cut(planes, lines=False)
            self.show_lines(leader.lines_m)

    def refresh(self) -> None:
        """Actors were made anew: the first view's section heard of it before and has the lines."""
        if self._planes:
            self._clip()
            self.show_lines(np.zeros((0, 2, 3)) if self.leader is None else self.leader.lines_m)
