"""Select the buildings in a box that is drawn over the view."""

from PySide6.QtCore import QPointF

from citytwin_desktop.ui.view_tools.region import RegionTool


class BoxTool(RegionTool):
    """A box between two corners."""

    def extend(self, position: QPointF) -> None:
        """The pointer is the other corner."""
        first = self.path[0]
        across, down = QPointF(position.x(), first.y()), QPointF(first.x(), position.y())
        self.path = [first, across, position, down]
