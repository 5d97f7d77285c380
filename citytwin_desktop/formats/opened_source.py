"""A source file opened safely: packed files unpacked within limits, whatever they claim of themselves."""

import bz2
import gzip
import io
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, cast

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.files import LARGEST_FILE_BYTES, check_readable

MOST_UNPACKED_BYTES = 8 << 30
"""Of one archive, all members together."""
MOST_UNPACKED_RATIO = 200
"""Unpacked size over packed size beyond which an archive of more than `FREE_UNPACKED_BYTES` is taken for a bomb."""
FREE_UNPACKED_BYTES = 256 << 20
MOST_MEMBERS = 10_000
_BLOCK = 1 << 20
_SIDECARS = (".dbf", ".shx", ".prj", ".cpg", ".qpj", ".tfw", ".aux.xml")


@dataclass(frozen=True)
class OpenedSource:
    """One file, or one member of an archive.

    Parameters
    ----------
    path : Path
        On disk.
    name : str
        For messages and for telling the format: the member's name within an archive, without ``.gz`` or ``.bz2``.
    packing : str
        ``""``, ``"gzip"``, ``"bzip2"`` or ``"zip"``.
    member : str
        Name within a zip.
    """

    path: Path
    name: str
    packing: str = ""
    member: str = ""

    @property
    def size_bytes(self) -> int:
        """Size on disk."""
        return self.path.stat().st_size

    @contextmanager
    def stream(self) -> Iterator[BinaryIO]:
        """Open the unpacked bytes for reading from the start.

        Raises
        ------
        KnownError
            When it cannot be read, is damaged, or unpacks to more than is reasonable.
        """
        try:
            with self._raw() as raw:
                yield cast("BinaryIO", _Guarded(raw, self.size_bytes, self.name) if self.packing else raw)
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            msg = f"“{self.path.name}” cannot be unpacked ({str(error)[:60]}): get an undamaged copy of it."
            raise KnownError(msg) from None
        except OSError as error:
            msg = f"“{self.path.name}” cannot be read ({error.strerror or error}): get an undamaged copy of it."
            raise KnownError(msg) from None

    def read(self) -> bytes:
        """All unpacked bytes.

        Raises
        ------
        KnownError
            As `stream`, or when there are more than 4 GB.
        """
        with self.stream() as stream:
            data = stream.read(LARGEST_FILE_BYTES + 1)
        if len(data) > LARGEST_FILE_BYTES:
            msg = f"“{self.name}” is larger than 4 GB: split it first."
            raise KnownError(msg)
        return data

    def head(self, count: int = 4096) -> bytes:
        """First unpacked bytes, for telling the format."""
        with self.stream() as stream:
            return stream.read(count)

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Give a path for libraries that want one: the file itself, or an unpacked copy that goes again.

        Files that belong to a Shapefile or a grid in the same folder of the archive are unpacked with it.
        """
        if not self.packing:
            yield self.path
            return
        with tempfile.TemporaryDirectory(prefix="citytwin-import-") as folder:
            # Only the last part of a member's name is used, so that no “../” leads anywhere.
            target = Path(folder) / PurePosixPath(self.name).name
            with self.stream() as stream:
                _copy(stream, target)
            for sidecar in self._sidecars():
                with sidecar.stream() as stream:
                    _copy(stream, Path(folder) / PurePosixPath(sidecar.name).name)
            yield target

    def _sidecars(self) -> list["OpenedSource"]:
        if self.packing != "zip":
            return []
        stem = self.member.rsplit(".", 1)[0].lower()
        with zipfile.ZipFile(self.path) as archive:
            names = [name for name in archive.namelist() if name != self.member]
        wanted = [name for name in names if name.lower().startswith(stem) and name.lower().endswith(_SIDECARS)]
        return [OpenedSource(self.path, name, "zip", name) for name in wanted]

    @contextmanager
    def _raw(self) -> Iterator[IO[bytes]]:
        if self.packing == "zip":
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as member:
                yield member
        else:
            stream: Any = {"gzip": gzip.open, "bzip2": bz2.open, "": open}[self.packing](self.path, "rb")  # type: ignore[operator]
            with stream:
                yield stream


class _Guarded(io.RawIOBase):
    """A stream that stops when more comes out than is reasonable."""

    def __init__(self, raw: IO[bytes], packed_bytes: int, name: str) -> None:
        super().__init__()
        self._inner, self._name, self._seen = raw, name, 0
        self._most = min(MOST_UNPACKED_BYTES, max(packed_bytes * MOST_UNPACKED_RATIO, FREE_UNPACKED_BYTES))

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read(size if size >= 0 else self._most + 1 - self._seen)
        self._seen += len(data)
        if self._seen > self._most:
            msg = f"“{self._name}” unpacks to over {self._most >> 20} MB, far more than it is: unpack it yourself."
            raise KnownError(msg)
        return data

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)


def open_sources(path: Path) -> list[OpenedSource]:
    """Open a file; a zip gives each member that could be a source.

    Raises
    ------
    KnownError
        When it is missing, a folder, not readable, or an archive with nothing in it or far too many members.
    """
    check_readable(path)
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        msg = f"“{path.name}” cannot be read ({error.strerror}): get an undamaged copy of it."
        raise KnownError(msg) from None
    if magic[:2] == b"\x1f\x8b":
        return [OpenedSource(path, _unpacked_name(path, ".gz"), "gzip")]
    if magic[:3] == b"BZh":
        return [OpenedSource(path, _unpacked_name(path, ".bz2"), "bzip2")]
    if magic == b"PK\x03\x04" and path.suffix.lower() not in (".xlsx", ".ods", ".ifczip"):
        return _members(path)
    return [OpenedSource(path, shown_name(path))]


def shown_name(path: Path) -> str:
    """Name of a file as text that can be stored; letters that are in no encoding are replaced."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _unpacked_name(path: Path, ending: str) -> str:
    name = shown_name(path)
    return name[: -len(ending)] if name.lower().endswith(ending) else name


def _members(path: Path) -> list[OpenedSource]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        msg = f"“{path.name}” is a damaged archive ({str(error)[:60]}): get an undamaged copy of it."
        raise KnownError(msg) from None
    if len(infos) > MOST_MEMBERS:
        msg = f"“{path.name}” holds {len(infos)} files: unpack it and choose the city files in it."
        raise KnownError(msg)
    total = sum(info.file_size for info in infos)
    if total > MOST_UNPACKED_BYTES:
        msg = f"“{path.name}” claims to hold {total >> 30} GB: unpack it yourself and choose the city files in it."
        raise KnownError(msg)
    return [OpenedSource(path, info.filename, "zip", info.filename) for info in infos]


def _copy(stream: BinaryIO, target: Path) -> None:
    with target.open("wb") as out:
        while block := stream.read(_BLOCK):
            out.write(block)
