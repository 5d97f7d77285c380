"""Canonical bytes and the hash that keys every result."""

import hashlib
import json
from typing import Any

import numpy as np


def content_key(*parts: Any) -> str:
    """Hash of any nesting of numbers, texts, bytes, mappings, sequences and arrays.

    Returns
    -------
    str
        32 hexadecimal digits of blake2b; the same for equal content on every machine.
    """
    return content_digest(*parts).hexdigest()


def content_digest(*parts: Any) -> "hashlib.blake2b":
    """The hash behind `content_key`, to be copied and fed on: many keys often begin alike.

    A key is the same whether its parts come together here, or one after another as `part_bytes`.
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part_bytes(part))
    return digest


def part_bytes(part: Any) -> bytes:
    """Canonical bytes of one part of a key, its kind and length first."""
    if isinstance(part, np.ndarray):
        array = np.ascontiguousarray(part)
        return array_head(array.dtype.str, array.shape) + array.tobytes()
    if isinstance(part, bytes):
        return f"bytes {len(part)}|".encode() + part
    text = _CANONICAL.encode(part)
    return f"json {len(text)}|{text}".encode()


def array_head(dtype: str, shape: tuple[int, ...]) -> bytes:
    """What stands before the content of an array."""
    return f"array {dtype} {shape}|".encode()


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    msg = f"cannot hash a {type(value).__name__}"
    raise TypeError(msg)


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_plain)
