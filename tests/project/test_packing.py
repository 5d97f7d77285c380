"""Packed arrays come back to the bit; damaged ones are refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from citytwin_desktop.errors import KnownError
from citytwin_desktop.project.packing import pack, unpack


@given(arrays.arrays(st.sampled_from([np.float64, np.float32, np.uint8, np.int64]), arrays.array_shapes(max_dims=3)))
def test_round_trip(array: np.ndarray) -> None:  # type: ignore[type-arg]
    header, found = unpack(pack({"a": [1, "ü"]}, {"x": array}), "test")
    assert header == {"a": [1, "ü"]}
    assert found["x"].dtype == array.dtype
    np.testing.assert_array_equal(found["x"], array)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_any_flipped_byte_is_noticed_or_harmless(place: int, flip: int) -> None:
    array = np.arange(100.0)
    data = bytearray(pack({"unit": "kWh"}, {"x": array}))
    data[place % len(data)] ^= flip
    try:
        header, found = unpack(bytes(data), "series")
    except KnownError:
        return
    assert header == {"unit": "kWh"}
    np.testing.assert_array_equal(found["x"], array)


@pytest.mark.parametrize("data", [b"", b"x", b"\x28\xb5\x2f\xfd", bytes(100)])
def test_foreign_bytes(data: bytes) -> None:
    with pytest.raises(KnownError, match="damaged"):
        unpack(data, "series")
