"""A condition cut into words, each with its place in the text."""

import re
from dataclasses import dataclass

from citytwin_desktop.errors import KnownError

NAME, QUOTED, NUMBER, TEXT, SIGN, WORD, END = "name", "quoted", "number", "text", "sign", "word", "end"
"""Kinds of tokens; ``quoted`` stands in double quotes and may be a name or a text, ``word`` is one of `WORDS`."""

WORDS = frozenset(
    {
        "and", "or", "not", "in", "is", "known", "unknown", "null", "between", "contains", "like", "startswith",
        "endswith", "true", "false",
    }
)  # fmt: skip
"""Words of the language, in any case; everything else that begins with a letter is a name."""

LONGEST, DEEPEST = 2000, 60

_TOKEN = re.compile(
    r"""(?P<attribute>attributes\.(?:"[^"]*"|'[^']*'))
    |(?P<number>(?:(?<![\w.])-)?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?![\w.])
    |(?P<name>[^\W\d][\w.:-]*)
    |(?P<text>'(?:[^']|'')*')
    |(?P<quoted>"[^"]*")
    |(?P<sign><=|>=|!=|<>|==|=|<|>|\(|\)|,)""",
    re.VERBOSE,
)
_GAP = re.compile(r"\s*")


class QueryError(KnownError):
    """A condition that cannot be understood, and where in its text.

    Parameters
    ----------
    sentence : str
    start, end : int
        Characters that are to blame.
    """

    def __init__(self, sentence: str, start: int, end: int) -> None:
        super().__init__(sentence)
        self.start, self.end = start, end


@dataclass(frozen=True)
class Token:
    """One word of a condition.

    Parameters
    ----------
    kind : str
    value : str
        Without quotation marks; words of the language in small letters.
    start, end : int
    """

    kind: str
    value: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Words of a condition in order, an empty one at the end.

    Raises
    ------
    QueryError
        At the first character that begins none.
    """
    if len(text) > LONGEST:
        sentence = f"The condition has {len(text)} characters: write it with at most {LONGEST}."
        raise QueryError(sentence, LONGEST, len(text))
    found, place = [], _end_of_gap(text, 0)
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise QueryError(_complaint(text, place), place, len(text) if text[place] in "'\"" else place + 1)
        found.append(_token(match))
        place = _end_of_gap(text, match.end())
    return [*found, Token(END, "", len(text.rstrip()), len(text.rstrip()))]


def _end_of_gap(text: str, place: int) -> int:
    match = _GAP.match(text, place)
    return match.end() if match else place


def _complaint(text: str, place: int) -> str:
    if text[place] in "'\"":
        return f"The text that begins with {text[place : place + 12]} has no end: close its quotation mark."
    return f"The character “{text[place]}” has no meaning here: write it like {EXAMPLE}."


def _token(match: re.Match[str]) -> Token:
    kind, value = str(match.lastgroup), match.group()
    if kind == "attribute":
        kind, value = NAME, "attributes." + value[len("attributes.") + 1 : -1]
    elif kind == "name" and value.lower() in WORDS:
        kind, value = WORD, value.lower()
    elif kind == "text":
        value = value[1:-1].replace("''", "'")
    elif kind == "quoted":
        value = value[1:-1]
    return Token(kind, value, match.start(), match.end())


EXAMPLE = "year < 1965 and function = 'residential'"
