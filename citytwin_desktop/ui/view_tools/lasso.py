"""Select the buildings in a loop that is drawn over the view."""

from PySide6.QtCore import QPointF

from citytwin_desktop.ui.view_tools.region import RegionTool

STEP_PX = 2


class LassoTool(RegionTool):
    """The pointer's way, closed by a straight line."""

    def extend(self, position: QPointF) -> None:
        """Go on to the pointer's place, unless it has hardly moved."""
        if (position - self.path[-1]).manhattanLength() >= STEP_PX:
            self.path.append(position)
