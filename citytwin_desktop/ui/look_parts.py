"""The overlays of the 3D view that belong to looking, made together with it."""

from collections.abc import Sequence
from typing import Any

from citytwin_desktop.scene.loose_lines import LooseLines, outline_m
from citytwin_desktop.ui.look_chips import HiddenChip, LookCorner
from citytwin_desktop.ui.look_cutting import Cutting
from citytwin_desktop.ui.look_labels import LabelLayer
from citytwin_desktop.ui.look_menus import LookMenus
from citytwin_desktop.ui.look_sun import SunAndShadows
from citytwin_desktop.ui.look_surface import SurfaceCard
from citytwin_desktop.ui.theme import Theme


class LookParts:
    """Chip, section, surface card, labels, sun.

    Parameters
    ----------
    window : MainWindow
    workspace : Workspace
    """

    def __init__(self, window: Any, workspace: Any) -> None:
        self.view, self.workspace = workspace.view, workspace
        self.menus = LookMenus(window)
        self.labels = LabelLayer(self.view)
        self.corner = LookCorner(self.view)
        self.chip, self.card = HiddenChip(), SurfaceCard()
        self.corner.add(self.chip)
        self.cutting = Cutting(self.view, self.corner)
        self.cutting.applied = self._cut_applied
        self.corner.add(self.card)
        self.corner.hide()
        self.sun = SunAndShadows(window, workspace)
        self.outlines = [SurfaceOutlines(self.view)]
        """Of every view."""
        self.chip.show_all_wanted.connect(window.show_everything)
        self.view.scene.followers.append(self._scene_changed)
        self.view.surface_hovered.connect(self._surface_hovered)
        self.view.camera_changed.connect(self._follow_camera)

    def set_theme(self, theme: Theme) -> None:
        """Colours and icons."""
        self.labels.theme = theme
        self.labels.update()
        self.card.set_theme(theme)
        self.cutting.set_theme(theme)
        self.sun.set_theme()
        self.draw_outlines()

    def forget(self) -> None:
        """Another document, or none."""
        self.cutting.close()
        self.view.use(None)
        self.view.picks_surfaces = False
        self.menus.choices[""].setChecked(True)
        self.labels.show_source("")
        self.show_surface(-1)
        self._scene_changed()
        self.sun.follow()

    def city_changed(self) -> None:
        """Surfaces are counted anew."""
        self.show_surface(-1)
        self.labels.replace()

    def show_surface(self, surface: int, values: Sequence[tuple[str, str]] = ()) -> None:
        """Outline a surface and tell its facts and values; nothing for -1."""
        shown = surface >= 0
        self.card.surface = surface
        if shown:
            self.card.show_surface(self.view.scene.city, surface, values)
        else:
            self._surface_hovered(-1)
        self.corner.show_part(self.card, shown)
        self.draw_outlines()
        self.view.render()

    def draw_outlines(self) -> None:
        """Outline the surface that was clicked, in every view."""
        for outlines in self.outlines:
            outlines.show_clicked(self.card.surface)

    def _surface_hovered(self, surface: int) -> None:
        for outlines in self.outlines:
            outlines.show_hovered(surface)

    def _follow_camera(self) -> None:
        self.outlines[0].follow_camera()

    def _cut_applied(self, section: Any) -> None:
        """Another plane: the view beside this one is cut too, labels of what is gone go."""
        self.workspace.second.mirror_cut(section)
        self.labels.replace()

    def _scene_changed(self) -> None:
        """Actors were made anew, or others are hidden."""
        self.corner.show_part(self.chip, self.chip.follow(self.view.scene.appearance))
        self.draw_outlines()
        self.labels.replace()


class SurfaceOutlines:
    """Lines about the surface under the pointer and the one that was clicked, in one view.

    Parameters
    ----------
    view : CityView
    """

    def __init__(self, view: Any) -> None:
        self.view = view
        self._hovered, self._clicked = LooseLines(view.scene, 1.5), LooseLines(view.scene, 3.0)

    def show_hovered(self, surface: int) -> None:
        """Outline a surface, none for -1."""
        self._hovered.show(outline_m(self.view.scene.city, surface))
        self.view.render()

    def show_clicked(self, surface: int) -> None:
        """Outline a surface strongly, none for -1."""
        self._clicked.show(outline_m(self.view.scene.city, surface))
        self.view.render()

    def follow_camera(self) -> None:
        """To be called for each new camera."""
        self._hovered.follow_camera()
        self._clicked.follow_camera()
