"""Bytes of a file in and out, with a sentence where that cannot be."""

import os
from pathlib import Path

from citytwin_desktop.errors import KnownError

LARGEST_FILE_BYTES = 4 << 30


def check_readable(path: Path) -> None:
    """Refuse what is no file that can be read.

    Raises
    ------
    KnownError
        When it is missing, a folder, a device or not readable.
    """
    try:
        exists, is_folder, is_file = path.exists(), path.is_dir(), path.is_file()
    except OSError as error:
        msg = f"“{str(path)[:60]}…” is no usable name ({error.strerror}): check it."
        raise KnownError(msg) from None
    if not exists:
        msg = f"“{path}” does not exist: check the name."
        raise KnownError(msg)
    if is_folder:
        msg = f"“{path}” is a folder: choose a file in it."
        raise KnownError(msg)
    if not is_file:
        msg = f"“{path}” is no ordinary file: choose another."
        raise KnownError(msg)
    if not os.access(path, os.R_OK):
        msg = f"“{path.name}” cannot be read (Permission denied): check its permissions."
        raise KnownError(msg)


def read_bytes(path: Path) -> bytes:
    """Whole content of a file.

    Raises
    ------
    KnownError
        When it is missing, a folder, too large or not readable.
    """
    check_readable(path)
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            msg = f"“{path.name}” is larger than 4 GB: split it first."
            raise KnownError(msg)
        return path.read_bytes()
    except OSError as error:
        msg = f"“{path.name}” cannot be read ({error.strerror}): check its permissions."
        raise KnownError(msg) from None


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file, all of it or nothing.

    Raises
    ------
    KnownError
        When the place cannot be written.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(data)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        msg = f"“{path}” cannot be written ({error.strerror}): choose another place."
        raise KnownError(msg) from None
