"""A turntable that is being made: frames on the window's thread, files on another one."""

from pathlib import Path
from typing import Any

from citytwin_desktop.errors import KnownError
from citytwin_desktop.scene.frame_writer import FrameWriter
from citytwin_desktop.scene.turntable import PictureFolder, VideoFile, turn
from citytwin_desktop.ui.look_picture import FRAMES_PER_SECOND, TURNTABLE_ENGINE
from citytwin_desktop.ui.view_picture import pixels


class TurntableJob:
    """Looks like a run of an engine to whoever shows its progress.

    Parameters
    ----------
    view : CityView
    path : Path
        A folder for pictures, or an ``.mp4`` file.
    frames : int

    Raises
    ------
    KnownError
        When the place cannot be written, or a video is wanted without ffmpeg.
    """

    engine = TURNTABLE_ENGINE

    def __init__(self, view: Any, path: Path, frames: int) -> None:
        self.view, self.path, self.title = view, path, "Turntable"
        self._before = view.scene.camera
        self._cameras = turn(self._before, frames)
        video = path.suffix.lower() == ".mp4"
        size = view.ren_win.GetSize()
        # The window may get another size meanwhile; the pictures must not.
        self._size = (size[0], size[1])
        sink = VideoFile(path, self._size, FRAMES_PER_SECOND) if video else PictureFolder(path, frames)
        self._writer = FrameWriter(sink)
        self.done, self.total, self.skipped_fresh = 0, frames, 0
        self.cancelled = self.finished = False
        self.failed: dict[str, str] = {}
        self.log: list[str] = [f"{frames} pictures into {path}"]

    @property
    def fraction(self) -> float:
        """How far it is, 0 to 1."""
        return self.done / self.total

    def cancel(self) -> None:
        """Give it up; the next `poll` takes away what was written."""
        self.cancelled = not self.finished

    stop = cancel

    def poll(self) -> None:
        """Draw one more frame; call this on the window's thread."""
        if self.finished:
            return
        if self.cancelled:
            self._writer.give_up()
            self._writer.wait()
            self._end("Cancelled")
            return
        if self.done < self.total and not self._writer.finished:
            if self._writer.has_room:
                self._draw()
            return
        if self._writer.finished:
            self._end("Finished")
            try:
                self._writer.raise_error()
            except KnownError as error:
                self.cancelled = True
                self.log.append(str(error))
                raise

    def _draw(self) -> None:
        scene = self.view.scene
        shown = scene.camera
        scene.set_camera(self._cameras[self.done])
        frame = pixels(self.view, base=self._size)
        scene.set_camera(shown)
        self._writer.put(frame)
        self.done += 1
        if self.done == self.total:
            self._writer.end()

    def _end(self, word: str) -> None:
        self.finished = True
        self.log.append(word)
        self.view.render()
