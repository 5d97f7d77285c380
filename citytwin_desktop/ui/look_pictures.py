"""What the actions of the window do: pictures and turntables of the view."""

import shutil
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QFileDialog

from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.look_picture import TURNTABLE_ENGINE, PictureDialog, TurntableDialog
from citytwin_desktop.ui.view_picture import GAP_PX, PictureStyle, pictures


class LookPictures:
    """Methods that the table of actions names; mixed into the controller."""

    window: Any
    session: Any
    view: Any
    workspace: Any
    tr: Any
    picture_style = PictureStyle()

    def ask_picture(self) -> None:
        """Ask what the picture is to show."""
        width = sum(view.width() + GAP_PX for view in self.workspace.views_shown) - GAP_PX
        dialog = PictureDialog(self.window, (width, self.view.height()), self.picture_style)
        dialog.submitted.connect(lambda: self._ask_path(dialog))
        dialog.copy_wanted.connect(lambda: self._copy_chosen(dialog))
        dialog.open()

    def copy_picture(self) -> None:
        """Put what the view shows into the clipboard, as the last picture was."""
        image = self.picture(self.picture_style)
        if image is not None:
            QApplication.clipboard().setImage(image)
            self.window.toast.say(self.tr("Picture copied to the clipboard"), "done")

    def picture(self, style: PictureStyle) -> Any:
        """What the view shows, as an image; `None` when it is too large to draw."""
        page = self.workspace
        chips = self.window.comparing.chips
        overlays = [page.legend, page.scale_bar, self.parts.labels, *chips]
        return self.session.guarded(pictures, page.views_shown, overlays, style)

    def save_picture(self, path: str, style: PictureStyle) -> bool:
        """Write a picture; whether it worked."""
        image = self.picture(style)
        if image is None:
            return False
        path = path if path.lower().endswith(".png") else f"{path}.png"
        if not image.save(path):
            self.window.say(self.tr("The picture {} cannot be written: choose another place.").format(path))
            return False
        self.window.toast.say(self.tr("Picture saved as “{}”").format(Path(path).name), "done")
        return True

    def ask_turntable(self) -> None:
        """Ask for length and format."""
        dialog = TurntableDialog(self.window, video=shutil.which("ffmpeg") is not None)
        dialog.submitted.connect(lambda: self._ask_turntable_path(dialog))
        dialog.open()

    def start_turntable(self, path: Path, frames: int) -> Any:
        """Make a turntable; it shows as a job."""
        from citytwin_desktop.ui.turntable_job import TurntableJob

        try:
            job = TurntableJob(self.view, path, frames)
        except KnownError as error:
            self.window.say(str(error))
            return None
        self.session.add_run(job)
        return job

    def run_finished(self, run: Any) -> None:
        """Say that a turntable is there."""
        if run.engine == TURNTABLE_ENGINE and not run.cancelled:
            self.window.toast.say(self.tr("Turntable saved as “{}”").format(run.path.name), "done")

    def _copy_chosen(self, dialog: PictureDialog) -> None:
        self.picture_style = dialog.style_chosen()
        dialog.accept()
        self.copy_picture()

    def _ask_path(self, dialog: PictureDialog) -> None:
        self.picture_style = dialog.style_chosen()
        title = self.tr("Save picture")
        path = QFileDialog.getSaveFileName(self.window, title, "city.png", "PNG (*.png)")[0]
        if path and self.save_picture(path, self.picture_style):
            dialog.accept()

    def _ask_turntable_path(self, dialog: TurntableDialog) -> None:
        title = self.tr("Save turntable")
        if dialog.format.currentData() == "mp4":
            path = QFileDialog.getSaveFileName(self.window, title, "city.mp4", "MP4 (*.mp4)")[0]
            path = path if not path or path.lower().endswith(".mp4") else f"{path}.mp4"
        else:
            folder = QFileDialog.getExistingDirectory(self.window, title)
            path = str(Path(folder) / "turntable") if folder else ""
        if path and self.start_turntable(Path(path), dialog.frames) is not None:
            dialog.accept()
