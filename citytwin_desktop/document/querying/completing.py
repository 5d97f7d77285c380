"""What may come next in a condition that is being written."""

from dataclasses import dataclass

from citytwin_desktop.document.querying.fields import ATTRIBUTES, FIELDS, FLAG, SOURCE, STATE, Field, field_named
from citytwin_desktop.document.querying.reading import FieldReader
from citytwin_desktop.document.querying.tokens import END, NAME, QUOTED, SIGN, WORD, QueryError, Token, tokens

MOST_VALUES, MOST_COUNTED = 200, 20_000
"""Values offered of one column, and different ones up to which they are offered at all."""

_OPERATORS = {
    "number": ("<", "<=", "=", ">=", ">", "!=", "between", "in (", "is known", "is unknown"),
    "text": ("=", "!=", "in (", "contains", "startswith", "like", "is known", "is unknown"),
}
_TOLD = {
    "between": "from one value to another",
    "in (": "one of several values",
    "contains": "has it somewhere",
    "startswith": "begins with it",
    "like": "% stands for anything, _ for one letter",
    "is known": "has a value",
    "is unknown": "has no value",
    "and": "both hold",
    "or": "one of them holds",
    "not": "the opposite holds",
}


@dataclass(frozen=True)
class Suggestion:
    """One thing that may stand next.

    Parameters
    ----------
    text : str
        To put in place of the word that is being written.
    title : str
        What it is, for people.
    note : str
        Unit, or how many buildings have the value.
    """

    text: str
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Completion:
    """What may stand in place of some characters.

    Parameters
    ----------
    start, end : int
    suggestions : tuple of Suggestion
    """

    start: int
    end: int
    suggestions: tuple[Suggestion, ...] = ()


def completion(text: str, cursor: int, reader: FieldReader) -> Completion:
    """Suggestions at a place of a condition, those that fit the word before it first.

    Parameters
    ----------
    text : str
    cursor : int
    reader : FieldReader
    """
    before = text[:cursor]
    if before.count("'") % 2 or before.count('"') % 2:
        start = max(before.rfind("'"), before.rfind('"'))
        words = _words(before[:start])
        return Completion(start, cursor, _fitting(_values(words, reader), before[start + 1 :]))
    words = _words(before)
    typed = words.pop() if words and words[-1].end == cursor and words[-1].kind in (NAME, WORD) else None
    start = typed.start if typed else cursor
    return Completion(start, cursor, _fitting(_next(words, reader), before[start:]))


def _words(text: str) -> list[Token]:
    try:
        return [token for token in tokens(text) if token.kind != END]
    except QueryError:
        return []


def _next(words: list[Token], reader: FieldReader) -> list[Suggestion]:
    """By the last word: a name wants an operator, an operator a value, a value a conjunction."""
    last = words[-1] if words else None
    if (
        last is None
        or (last.kind == WORD and last.value in ("and", "or", "not"))
        or (last.kind, last.value) == (SIGN, "(")
    ):
        if last is not None and last.value == "(" and len(words) > 1 and words[-2].value == "in":
            return _values(words, reader)
        return _names(reader)
    if last.kind in (NAME, QUOTED) and _wants_operator(words):
        field = field_named(last.value)
        if field is not None and field.kind == FLAG:
            return _words_told("and", "or")
        return _words_told(*_OPERATORS[field.kind if field else "text"])
    if (last.kind == SIGN and last.value != ")") or (
        last.kind == WORD and last.value in ("contains", "startswith", "like")
    ):
        return _values(words, reader)
    return _words_told("and", "or")


def _wants_operator(words: list[Token]) -> bool:
    before = words[-2] if len(words) > 1 else None
    return before is None or before.value in ("and", "or", "not", "(")


def _names(reader: FieldReader) -> list[Suggestion]:
    found = [Suggestion(item.name, item.title, item.unit) for item in FIELDS.values() if _offered(item, reader)]
    found += [
        Suggestion(f'{ATTRIBUTES}"{name}"' if not name.isidentifier() else f"{ATTRIBUTES}{name}", SOURCE)
        for name in reader.attribute_names()
    ]
    return [*found, *_words_told("not")]


def _offered(item: Field, reader: FieldReader) -> bool:
    return reader.offers(item) and item.name not in ("fid",) and (item.group != STATE or reader.document is not None)


def _values(words: list[Token], reader: FieldReader) -> list[Suggestion]:
    """Commonest values of the column that is being compared."""
    name = next((word.value for word in reversed(words) if word.kind in (NAME, QUOTED)), "")
    field = field_named(name)
    if field is not None and (field.kind != "text" or not reader.offers(field)):
        return []
    plain = name.removeprefix(ATTRIBUTES)
    if field is None and plain not in reader.attribute_names():
        return []
    column = reader.texts(field) if field is not None else reader.attribute(plain).texts
    if len(column.different) > MOST_COUNTED:
        return []
    numeric = field is None and reader.attribute(plain).numeric
    found = column.common(MOST_VALUES)
    return [
        Suggestion(value if numeric else _quoted(value), "", f"{count:,}".replace(",", "\u2009"))
        for value, count in found
    ]


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _words_told(*words: str) -> list[Suggestion]:
    return [Suggestion(word, _TOLD.get(word, "")) for word in words]


def _fitting(found: list[Suggestion], typed: str) -> tuple[Suggestion, ...]:
    """Those that begin with what is typed, then those that have it in name or title."""
    typed = typed.strip().casefold()
    ranked = []
    for place, item in enumerate(found):
        name, title = item.text.strip("'").casefold(), item.title.casefold()
        if name == typed and typed:
            continue
        rank = (
            0 if name.startswith(typed) else 1 if f"_{typed}" in name else 2 if typed in name or typed in title else 3
        )
        if rank < 3:
            ranked.append((rank, place, item))
    return tuple(item for _, _, item in sorted(ranked, key=lambda entry: entry[:2]))
