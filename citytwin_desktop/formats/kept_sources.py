"""City files that a project keeps as they came, because we write their format again with nothing lost."""

import hashlib
from dataclasses import dataclass

from citytwin_desktop.formats.city_files import ReadSource
from citytwin_desktop.formats.city_formats import CITYJSON

LARGEST_KEPT_BYTES = 512 << 20


@dataclass(frozen=True)
class KeptSource:
    """The bytes of a source.

    Parameters
    ----------
    hash : str
        Of the bytes.
    name : str
    data : bytes
    """

    hash: str
    name: str
    data: bytes


def kept_source(read: ReadSource) -> KeptSource | None:
    """Bytes to keep of a source that was read, None for formats that are not written back.

    Parameters
    ----------
    read : ReadSource
    """
    if read.kind is not CITYJSON or read.opened.size_bytes > LARGEST_KEPT_BYTES:
        return None
    data = read.opened.read()
    if len(data) > LARGEST_KEPT_BYTES:
        return None
    return KeptSource(hashlib.blake2b(data, digest_size=16).hexdigest(), read.opened.name, data)
