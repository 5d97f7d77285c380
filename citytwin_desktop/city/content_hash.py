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
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        _feed(digest, part)
    return digest.hexdigest()


def _feed(digest: "hashlib.blake2b", part: Any) -> None:
    if isinstance(part, np.ndarray):
        array = np.ascontiguousarray(part)
        digest.update(f"array {array.dtype.str} {array.shape}|".encode())
        digest.update(array.tobytes())
    elif isinstance(part, bytes):
        digest.update(f"bytes {len(part)}|".encode())
        digest.update(part)
    else:
        text = json.dumps(part, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_plain)
        digest.update(f"json {len(text)}|{text}".encode())


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    msg = f"cannot hash a {type(value).__name__}"
    raise TypeError(msg)
