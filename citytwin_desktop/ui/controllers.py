"""The parts of what the window can do, by the names that actions call them."""

from collections.abc import Mapping

from citytwin_desktop.ui.chart_commands import ChartController
from citytwin_desktop.ui.compare_commands import CompareController
from citytwin_desktop.ui.controller import Controller
from citytwin_desktop.ui.explain_commands import ExplainController
from citytwin_desktop.ui.find_commands import FindController
from citytwin_desktop.ui.first_paint import FirstPaint
from citytwin_desktop.ui.look_commands import LookController
from citytwin_desktop.ui.paint_commands import PaintController
from citytwin_desktop.ui.selection_commands import SelectionController
from citytwin_desktop.ui.shape_commands import ShapeController
from citytwin_desktop.ui.starting_commands import StartingController

CONTROLLERS: Mapping[str, type[Controller]] = {
    "looking": LookController,
    "painting": PaintController,
    "selecting": SelectionController,
    "finding": FindController,
    "shaping": ShapeController,
    "comparing": CompareController,
    "charting": ChartController,
    "explaining": ExplainController,
    "starting": StartingController,
    "first_paint": FirstPaint,
}
