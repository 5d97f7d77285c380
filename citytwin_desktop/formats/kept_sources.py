"""City files that a project keeps as they came, because we write their format again with nothing lost."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from citytwin_desktop.city.model import CityModel
from citytwin_desktop.formats.city_files import city_sources
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


def kept_source(path: Path, city: CityModel) -> KeptSource | None:
    """Bytes to keep of the source that gave a city, None for formats that are not written back.

    Parameters
    ----------
    path : Path
    city : CityModel
        Its first source names the file, or the member of the archive.
    """
    name = city.metadata["sources"][0]["name"]
    for opened, kind in city_sources(path):
        if kind is CITYJSON and opened.name == name and opened.size_bytes <= LARGEST_KEPT_BYTES:
            data = opened.read()
            if len(data) <= LARGEST_KEPT_BYTES:
                return KeptSource(hashlib.blake2b(data, digest_size=16).hexdigest(), name, data)
    return None
