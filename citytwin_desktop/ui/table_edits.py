"""Values that are typed or pasted into the table: what they mean, and what they would change."""

from dataclasses import dataclass
from typing import Any

from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.city.buildings import COLUMNS
from citytwin_desktop.errors import KnownError
from citytwin_desktop.ui.numbers import parse_number

Value = float | str | None


def typed_value(column: str, text: str) -> tuple[Value]:
    """What a text means in a column; empty is back to the default. In a tuple, for None is a value.

    Raises
    ------
    KnownError
        When a number is wanted and it is none.
    """
    text = text.strip()
    if not text:
        return (None,)
    if COLUMNS[column].kind != "number":
        return (_code(column, text),)
    value = parse_number(text)
    if value is None:
        unit = f" in {COLUMNS[column].unit}" if COLUMNS[column].unit else ""
        raise KnownError(f"“{text}” is no number: type the {COLUMNS[column].title.lower()}{unit}, or nothing.")
    return (value,)


def choices(column: str) -> dict[str, str]:
    """Codes and titles of a column that takes only some texts; empty for all others."""
    if column == "function":
        return dict(FUNCTIONS)
    return {}


def _code(column: str, text: str) -> str:
    """The code of a title, and the same text where there is no such title."""
    titles = {title.casefold(): code for code, title in choices(column).items()}
    return titles.get(text.casefold(), text.casefold() if text.casefold() in choices(column) else text)


@dataclass(frozen=True)
class PastedColumn:
    """Values from the clipboard held against what is there.

    Parameters
    ----------
    column : str
    ids : tuple of str
        Buildings that change.
    before : tuple of str
        As the table shows it.
    values : tuple
    same : int
        How many have the value already.
    problem : str
        Why it cannot be pasted, empty when it can.
    """

    column: str
    ids: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    same: int = 0
    problem: str = ""


def clipboard_values(text: str) -> list[str]:
    """Lines of the first column of a clipboard's text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    return [line.split("\t")[0].strip() for line in lines]


def pasted_column(column: str, ids: list[str], shown: list[str], exact: list[str], texts: list[str]) -> PastedColumn:
    """Work out what pasting would change.

    Parameters
    ----------
    column : str
    ids, shown, exact : list of str
        Buildings in the order of the table, their cells as they are seen, and with all digits.
    texts : list of str
        One for each building, or one for all.
    """
    if len(texts) not in (1, len(ids)):
        sentence = f"The clipboard has {len(texts)} values and {len(ids)} buildings are selected: make them as many."
        return PastedColumn(column, problem=sentence)
    if len(texts) == 1:
        texts = texts * len(ids)
    changed: list[tuple[str, str, Any]] = []
    for name, seen, before, text in zip(ids, shown, exact, texts, strict=True):
        try:
            value = typed_value(column, text)[0]
        except KnownError as error:
            return PastedColumn(column, problem=str(error))
        if text != before and not (isinstance(value, float) and before and float(before) == value):
            changed.append((name, seen, value))
    names, seen_, values = zip(*changed, strict=True) if changed else ((), (), ())
    return PastedColumn(column, names, seen_, values, len(ids) - len(changed))
