"""Arrays and JSON as compressed, checksummed bytes: the only binary form in a project file."""

import struct
import threading
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
import zstandard
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError

MAGIC = b"CTP1"
_LARGEST_BYTES = 4 << 30
_of_thread = threading.local()


def pack(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Header and named arrays as one zstd frame (level 1, with checksum).

    Parameters
    ----------
    header : mapping
        Anything JSON can hold.
    arrays : mapping of str to ndarray
        Numeric arrays of any shape.
    """
    layout = {name: [array.dtype.str, list(array.shape)] for name, array in arrays.items()}
    text = orjson.dumps({"header": dict(header), "arrays": layout}, option=orjson.OPT_SERIALIZE_NUMPY)
    body = b"".join(
        [MAGIC, struct.pack("<I", len(text)), text, *(np.ascontiguousarray(a).tobytes() for a in arrays.values())]
    )
    return _compressor().compress(body)


def _compressor() -> zstandard.ZstdCompressor:
    """Give the compressor of this thread: making one takes longer than packing a building."""
    if not hasattr(_of_thread, "compressor"):
        _of_thread.compressor = zstandard.ZstdCompressor(level=1, write_checksum=True)
    compressor: zstandard.ZstdCompressor = _of_thread.compressor
    return compressor


def unpack(data: bytes, what: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and arrays of bytes that `pack` made.

    Parameters
    ----------
    data : bytes
    what : str
        What they hold, for the message.

    Raises
    ------
    KnownError
        When they are damaged.
    """
    try:
        body = zstandard.ZstdDecompressor().decompress(data, max_output_size=_LARGEST_BYTES)
        length = struct.unpack_from("<I", body, 4)[0]
        if body[:4] != MAGIC:
            raise ValueError
        text = orjson.loads(body[8 : 8 + length])
        arrays, place = {}, 8 + length
        for name, (dtype, shape) in text["arrays"].items():
            kind = np.dtype(dtype)
            if kind.kind not in "fiub":
                raise ValueError
            count = int(np.prod(shape, dtype=np.int64))
            arrays[name] = np.frombuffer(body, kind, count, place).reshape(shape)
            place += count * kind.itemsize
    except (ValueError, KeyError, TypeError, struct.error, zstandard.ZstdError, MemoryError):
        msg = f"The stored {what} is damaged: restore the project file from a backup."
        raise KnownError(msg) from None
    return text["header"], arrays
