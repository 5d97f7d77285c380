"""Ways in which files get damaged, by bytes, by words and by lines."""

import random
import re
from collections.abc import Callable

_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_:.-]{2,}")
_NUMBERS = (
    b"NaN", b"-1", b"0", b"1e308", b"-1e308", b"99999999999999999999", b"2147483648", b"-2147483.648", b"null",
    b"\"x\"",     b"1e-320", b"Infinity", b"1,5", b"", b"--3",
)  # fmt: skip
_BITS = (
    b"[", b"]", b"{", b"}", b"<", b">", b"</", b"\"", b",", b"&lol;", b"\x00", b"\xff\xfe", b"\xc3", b"[[[[[[[[",
    b"null",     b"<!DOCTYPE x [<!ENTITY y \"z\">]>", b"  ",
)  # fmt: skip

Mutation = Callable[[bytes, random.Random], bytes]


def mutated(data: bytes, chance: random.Random) -> tuple[bytes, str]:
    """One to four random damages of a file.

    Parameters
    ----------
    data : bytes
    chance : random.Random

    Returns
    -------
    data : bytes
    how : str
        Names of what was done; ``cut_off`` stands alone.
    """
    if chance.random() < 0.12:
        return cut_off(data, chance), "cut_off"
    # What breaks the syntax is refused at once; values that keep it reach deeper, so they come more often.
    kinds = sorted(MUTATIONS) + ["strange_number", "other_word", "other_value"] * 3
    names = [chance.choice(kinds) for _ in range(chance.choice((1, 1, 2, 4, 12)))]
    for name in names:
        data = MUTATIONS[name](data, chance)
    return data, "+".join(names)


def cut_off(data: bytes, chance: random.Random) -> bytes:
    """The beginning only."""
    return data[: chance.randrange(len(data) // 20, max(len(data) * 9 // 10, 2))]


def _place(data: bytes, chance: random.Random) -> int:
    # Heads decide what a file is, so they get more than their share.
    return chance.randrange(min(len(data), 2000) if chance.random() < 0.3 else len(data) or 1)


def flip_bytes(data: bytes, chance: random.Random) -> bytes:
    """Some bytes at random."""
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 12)):
        changed[_place(data, chance)] = chance.randrange(256)
    return bytes(changed)


def drop_stretch(data: bytes, chance: random.Random) -> bytes:
    """A stretch left out."""
    first = _place(data, chance)
    return data[:first] + data[first + chance.randrange(1, 400) :]


def repeat_stretch(data: bytes, chance: random.Random) -> bytes:
    """A stretch twice or many times."""
    first = _place(data, chance)
    stretch = data[first : first + chance.randrange(1, 600)]
    return data[:first] + stretch * chance.choice((2, 3, 50)) + data[first:]


def strange_number(data: bytes, chance: random.Random) -> bytes:
    """A number replaced by one that no city has."""
    return _replace(data, _NUMBER, chance.choice(_NUMBERS), chance)


def other_value(data: bytes, chance: random.Random) -> bytes:
    """A number replaced by another of the file."""
    found = _NUMBER.findall(data[: 1 << 20])
    return _replace(data, _NUMBER, chance.choice(found) if found else b"1", chance)


def strange_bit(data: bytes, chance: random.Random) -> bytes:
    """A piece of syntax where none belongs."""
    place = _place(data, chance)
    return data[:place] + chance.choice(_BITS) + data[place:]


def other_word(data: bytes, chance: random.Random) -> bytes:
    """A word replaced by another of the file."""
    found = _WORD.findall(data[: 1 << 20])
    return _replace(data, _WORD, chance.choice(found) if found else b"x", chance)


def swap_lines(data: bytes, chance: random.Random) -> bytes:
    """Two lines, or pieces between commas, change places."""
    mark = b"\n" if data.count(b"\n") > 3 else b","
    pieces = data.split(mark)
    one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    pieces[one], pieces[other] = pieces[other], pieces[one]
    return mark.join(pieces)


def _replace(data: bytes, pattern: re.Pattern[bytes], value: bytes, chance: random.Random) -> bytes:
    start = _place(data, chance)
    match = pattern.search(data, start) or pattern.search(data)
    return data[: match.start()] + value + data[match.end() :] if match else data


MUTATIONS: dict[str, Mutation] = {
    function.__name__: function
    for function in (
        flip_bytes,
        drop_stretch,
        repeat_stretch,
        strange_number,
        other_value,
        strange_bit,
        other_word,
        swap_lines,
    )
}
