"""The binary half of a glTF file: arrays, their buffer views and accessors, and the container of both halves."""

import struct
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from citytwin_desktop.errors import KnownError

_FLOAT, _UNSIGNED_SHORT, _UNSIGNED_INT = 5126, 5123, 5125
_COMPONENT = {"float32": _FLOAT, "uint16": _UNSIGNED_SHORT, "uint32": _UNSIGNED_INT}
_SHAPE = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}
ATTRIBUTE_TARGET, INDEX_TARGET = 34962, 34963
_ALIGNMENT = 8
_LARGEST_BYTES = (1 << 32) - 1


class GltfBuffer:
    """Collects arrays into one buffer.

    Attributes
    ----------
    views, accessors : list of dict
        As glTF writes them.
    """

    def __init__(self) -> None:
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self._pieces: list[bytes] = []
        self.byte_length = 0

    def add_view(self, data: bytes, target: int | None = None) -> int:
        """Put bytes into the buffer, aligned to eight, and give the number of their view."""
        view: dict[str, Any] = {"buffer": 0, "byteOffset": self.byte_length, "byteLength": len(data)}
        if target is not None:
            view["target"] = target
        self.views.append(view)
        padding = -len(data) % _ALIGNMENT
        self._pieces += [data, b"\x00" * padding]
        self.byte_length += len(data) + padding
        return len(self.views) - 1

    def add_array(
        self, values: NDArray[Any], target: int = ATTRIBUTE_TARGET, *, normalised: bool = False, bounds: bool = False
    ) -> int:
        """Put an array into the buffer and give the number of its accessor.

        Parameters
        ----------
        values : ndarray, (n,), (n, 3) or (n, 4) float32, uint16 or uint32
        target : int
        normalised : bool
            Whether whole numbers stand for 0 to 1.
        bounds : bool
            Whether to give the least and the greatest of each component, as positions need.
        """
        width = 1 if values.ndim == 1 else values.shape[1]
        little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
        accessor: dict[str, Any] = {
            "bufferView": self.add_view(little.tobytes(), target),
            "componentType": _COMPONENT[values.dtype.name],
            "count": len(values),
            "type": _SHAPE[width],
        }
        if normalised:
            accessor["normalized"] = True
        if bounds:
            flat = values.reshape(len(values), width)
            accessor["min"], accessor["max"] = flat.min(axis=0).tolist(), flat.max(axis=0).tolist()
        self.accessors.append(accessor)
        return len(self.accessors) - 1

    def container(self, document: dict[str, Any]) -> bytes:
        """Bytes of a GLB file (glTF 2.0, 4. GLB File Format Specification) of a document over this buffer.

        Raises
        ------
        KnownError
            When they are more than the format counts.
        """
        whole = {
            **document,
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": self.byte_length}],
        }
        text = orjson.dumps(whole)
        text += b" " * (-len(text) % 4)
        total = 12 + 8 + len(text) + 8 + self.byte_length
        if total > _LARGEST_BYTES:
            raise KnownError("The city is too large for one glTF file: export it as .3dtiles or .3tz.")
        head = struct.pack("<4sII", b"glTF", 2, total) + struct.pack("<I4s", len(text), b"JSON")
        return b"".join([head, text, struct.pack("<I4s", self.byte_length, b"BIN\x00"), *self._pieces])
