"""Where the files of a tileset go: a folder, or one archive of the 3D Tiles Archive Format 1.3 (.3tz)."""

import hashlib
import os
import shutil
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

from citytwin_desktop.errors import KnownError

INDEX_NAME = "@3dtilesIndex1@"
_NO_TIME = (1980, 1, 1, 0, 0, 0)

Files = Iterable[tuple[str, bytes]]


def write_folder(folder: Path, files: Files) -> int:
    """Write files into a new folder, all of them or nothing, and count them.

    Raises
    ------
    KnownError
        When the folder is there already or cannot be made.
    """
    if folder.exists() or folder.is_symlink():
        msg = f"“{folder}” is there already: choose another name for the folder of tiles."
        raise KnownError(msg)
    draft = folder.with_name(f".{folder.name}.part")
    count = 0
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        for name, data in files:
            place = draft / name
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(data)
            count += 1
        draft.rename(folder)
    except OSError as error:
        msg = f"The folder “{folder}” cannot be written ({error.strerror}): choose another place."
        raise KnownError(msg) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return count


def write_archive(path: Path, files: Files) -> int:
    """Write files into one archive, all of them or nothing, and count them.

    Nothing is packed: readers fetch tiles by the offsets that the index gives.

    Raises
    ------
    KnownError
        When it cannot be written.
    """
    draft = path.with_name(f".{path.name}.part")
    offsets: list[tuple[str, int]] = []
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
            for name, data in files:
                offsets.append((name, archive.fp.tell() if archive.fp is not None else 0))
                archive.writestr(zipfile.ZipInfo(name, _NO_TIME), data)
            archive.writestr(zipfile.ZipInfo(INDEX_NAME, _NO_TIME), archive_index(offsets))
        os.replace(draft, path)
    except OSError as error:
        msg = f"“{path}” cannot be written ({error.strerror}): choose another place."
        raise KnownError(msg) from None
    finally:
        draft.unlink(missing_ok=True)
    return len(offsets)


def archive_index(offsets: Iterable[tuple[str, int]]) -> bytes:
    """Index of an archive: hash of each path and offset of its local header, by hash as two little-endian numbers."""
    entries = [(hashlib.md5(name.encode(), usedforsecurity=False).digest(), offset) for name, offset in offsets]
    entries.sort(key=lambda entry: struct.unpack("<QQ", entry[0]))
    return b"".join(digest + struct.pack("<Q", offset) for digest, offset in entries)
