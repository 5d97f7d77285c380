"""Going round the city: the cameras of one turn, and where their pictures go."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import IO, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.scene.camera import OrbitCamera

MOST_FRAMES = 10_000


def turn(camera: OrbitCamera, frames: int) -> list[OrbitCamera]:
    """Cameras of one turn about the turning point; the frame after the last would be the first again.

    Raises
    ------
    KnownError
        When the number is beyond reason.
    """
    if not 1 <= frames <= MOST_FRAMES:
        msg = f"A turntable of {frames} pictures cannot be made: choose 1 to {MOST_FRAMES}."
        raise KnownError(msg)
    return [camera.orbited(360.0 * step / frames, 0.0) for step in range(frames)]


def frame_path(folder: Path, number: int, frames: int) -> Path:
    """Name of one picture, with as many digits as the last one needs."""
    return folder / f"turntable_{number + 1:0{max(len(str(frames)), 4)}d}.png"


class Sink(Protocol):
    """Takes frames one after the other."""

    def write(self, frame: NDArray[np.uint8]) -> None:
        """Take one, (height, width, 3) uint8."""

    def close(self) -> None:
        """All frames are there."""

    def discard(self) -> None:
        """Given up: nothing half-done stays."""


class PictureFolder:
    """Numbered PNG files.

    Parameters
    ----------
    folder : Path
    frames : int
    """

    def __init__(self, folder: Path, frames: int) -> None:
        self.folder, self.frames = folder, frames
        self._written: list[Path] = []
        self._made = not folder.exists()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            msg = f"The folder {folder} cannot be made ({error.strerror or error}): choose another place."
            raise KnownError(msg) from error

    def write(self, frame: NDArray[np.uint8]) -> None:
        """Write the next picture."""
        path = frame_path(self.folder, len(self._written), self.frames)
        try:
            Image.fromarray(frame).save(path, "PNG", compress_level=4)
        except OSError as error:
            msg = f"The picture {path} cannot be written ({error.strerror or error}): choose another place."
            raise KnownError(msg) from error
        self._written.append(path)

    def close(self) -> None:
        """Nothing is left to do."""

    def discard(self) -> None:
        """Take away what was written."""
        for path in self._written:
            path.unlink(missing_ok=True)
        if self._made and self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()


class VideoFile:
    """One MP4 file, made by ffmpeg from raw frames.

    Parameters
    ----------
    path : Path
    size : tuple of int
        Width and height of the frames [px].
    frames_per_second : int

    Raises
    ------
    KnownError
        When there is no ffmpeg.
    """

    def __init__(self, path: Path, size: tuple[int, int], frames_per_second: int) -> None:
        self.path, self._part = path, path.with_name(f"{path.stem}.part{path.suffix}")
        program = shutil.which("ffmpeg")
        if program is None:
            raise KnownError("ffmpeg is not installed, so no video can be made: choose numbered pictures.")
        # H.264 in its common form takes even sides only.
        self._even = (size[0] // 2 * 2, size[1] // 2 * 2)
        sizes = f"{self._even[0]}x{self._even[1]}"
        given = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", sizes, "-r", str(frames_per_second), "-i", "-"]
        made = ["-an", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "18", "-movflags", "+faststart"]
        self._process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
            [program, "-y", "-nostdin", "-loglevel", "error", *given, *made, str(self._part.absolute())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def write(self, frame: NDArray[np.uint8]) -> None:
        """Hand one frame to ffmpeg."""
        try:
            self._input.write(np.ascontiguousarray(frame[: self._even[1], : self._even[0]]).tobytes())
        except OSError as error:
            raise self._failed() from error

    def close(self) -> None:
        """Wait for ffmpeg to finish the file."""
        try:
            self._input.close()
        except OSError as error:
            raise self._failed() from error
        if self._process.wait() != 0 or not self._part.is_file():
            raise self._failed()
        self._close_pipes()
        self._part.replace(self.path)

    def discard(self) -> None:
        """Stop ffmpeg and take its file away."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._close_pipes()
        self._part.unlink(missing_ok=True)

    @property
    def _input(self) -> IO[bytes]:
        if self._process.stdin is None:
            raise BugError("ffmpeg was started without an input")
        return self._process.stdin

    def _failed(self) -> KnownError:
        if self._process.poll() is None:
            self._process.kill()
        said = self._process.stderr.read() if self._process.stderr is not None else b""
        self._process.wait()
        lines = said.decode(errors="replace").strip().splitlines()
        reason = lines[-1][:120] if lines else f"it ended with code {self._process.returncode}"
        return KnownError(f"ffmpeg could not make the video ({reason}): choose numbered pictures.")

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stderr):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what ffmpeg did not take before it was stopped
