"""Conditions over all rows at once, with three answers: yes, no, and unknown.

A comparison with an unknown value is neither true nor false, and so is its opposite: ``not year < 1965`` leaves out
the buildings whose year nobody knows. As in SQL, ``unknown or true`` is true and ``unknown and false`` is false.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.document.querying import syntax, tokens
from citytwin_desktop.document.querying.attributes import AttributeColumn
from citytwin_desktop.document.querying.fields import (
    ALIASES,
    ATTRIBUTES,
    DIFFERENCE,
    FIELDS,
    FLAG,
    NUMBER,
    STATES,
    Field,
    field_named,
    nearest,
)
from citytwin_desktop.document.querying.reading import FieldReader
from citytwin_desktop.document.querying.text_column import TextColumn
from citytwin_desktop.document.variables import ENGINES

Mask = NDArray[np.bool_]
_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
EXACT = frozenset({"id", "parent_id"})
"""Texts that are compared letter by letter; all others regardless of case."""


@dataclass(frozen=True, eq=False)
class Answer:
    """Rows that fulfil a condition and rows that do not; all others are unknown.

    Parameters
    ----------
    yes, no : ndarray, (n_buildings,) bool
    """

    yes: Mask
    no: Mask

    @classmethod
    def of(cls, yes: Mask, known: Mask) -> "Answer":
        """From a mask and what is known of it."""
        return cls(yes & known, ~yes & known)

    def __invert__(self) -> "Answer":
        return Answer(self.no, self.yes)


def evaluate(node: syntax.Node, reader: FieldReader) -> Answer:
    """Answer a condition for every row.

    Raises
    ------
    QueryError
        Where a name or the kind of a value does not fit.
    """
    return _Evaluator(reader).answer(node)


@dataclass(frozen=True, eq=False)
class _Side:
    """One side of a comparison: a constant, or a column."""

    operand: syntax.Operand
    numbers: Any = None
    texts: TextColumn | str | None = None
    column: bool = False
    exact: bool = False
    either: bool = False


class _Evaluator:
    def __init__(self, reader: FieldReader) -> None:
        self.reader, self.count = reader, len(reader.buildings)

    def answer(self, node: syntax.Node) -> Answer:
        match node:
            case syntax.Joined(parts, every):
                answers = [self.answer(part) for part in parts]
                yes, no = ([getattr(item, name) for item in answers] for name in ("yes", "no"))
                both, either = np.logical_and.reduce, np.logical_or.reduce
                return Answer(both(yes), either(no)) if every else Answer(either(yes), both(no))
            case syntax.Not(part):
                return ~self.answer(part)
            case syntax.Comparison(left, sign, right):
                return self.compared(left, sign, right)
            case syntax.Between(operand, low, high):
                first, last = self.compared(operand, ">=", low), self.compared(operand, "<=", high)
                return Answer(first.yes & last.yes, first.no | last.no)
            case syntax.OneOf(operand, choices):
                answers = [self.compared(operand, "=", choice) for choice in choices]
                return Answer(
                    np.logical_or.reduce([item.yes for item in answers]),
                    np.logical_and.reduce([item.no for item in answers]),
                )
            case syntax.Match(operand, how, pattern):
                return self.matched(operand, how, pattern)
            case syntax.Known(operand):
                return self.known(operand)
            case syntax.Flag(name, state):
                return self.flagged(name, state)

    def compared(self, left: syntax.Operand, sign: str, right: syntax.Operand) -> Answer:
        first, second = self.side(left, first=True), self.side(right, first=False)
        if not first.column and second.column:
            first, second, sign = second, first, _TURNED.get(sign, sign)
        if not first.column:
            raise tokens.QueryError("One side must name a column: compare it with a value.", left.start, right.end)
        if first.either or second.either:
            first, second = _settled(first, second)
        if (first.numbers is None) != (second.numbers is None):
            raise _unlike(first, second)
        if first.numbers is not None:
            known = np.isfinite(first.numbers) & np.isfinite(second.numbers)
            with np.errstate(invalid="ignore"):
                return Answer.of(
                    np.asarray(_SIGNS[sign](first.numbers, second.numbers)), np.broadcast_to(known, self.count)
                )
        return self._texts_compared(first, sign, second)

    def _texts_compared(self, first: _Side, sign: str, second: _Side) -> Answer:
        column, compare, fold = first.texts, _SIGNS[sign], not (first.exact or second.exact)
        if not isinstance(column, TextColumn):
            raise _unlike(first, second)
        if isinstance(second.texts, str):
            wanted = second.texts.casefold() if fold else second.texts
            if not wanted and sign in ("=", "!="):
                return Answer.of(column.known == (sign == "!="), np.ones(self.count, bool))
            mask = (column.where_folded if fold else column.where)(lambda value: compare(value, wanted))
            return Answer.of(mask, column.known)
        other = second.texts
        if other is None:
            raise _unlike(first, second)
        values, others = (side.folded if fold else side.different for side in (column, other))
        pairs, place = np.unique(np.stack([column.codes, other.codes], axis=1), axis=0, return_inverse=True)
        found = np.array([compare(values[a], others[b]) for a, b in pairs.tolist()], bool)
        return Answer.of(found[place.reshape(-1)], column.known & other.known)

    def matched(self, operand: syntax.Operand, how: str, pattern: syntax.Operand) -> Answer:
        side = self.side(operand, first=True)
        if not isinstance(side.texts, TextColumn):
            raise tokens.QueryError(
                f"“{operand.value}” holds no texts: compare it with a number.", operand.start, operand.end
            )
        wanted = str(pattern.value).casefold()
        if pattern.kind == tokens.NUMBER:
            wanted = f"{pattern.value:.15g}"
        return Answer.of(side.texts.where_folded(_test(how, wanted)), side.texts.known)

    def known(self, operand: syntax.Operand) -> Answer:
        side = self.side(operand, first=True)
        if not side.column:
            raise tokens.QueryError("Only a column can be known or unknown: name one.", operand.start, operand.end)
        known = side.texts.known if isinstance(side.texts, TextColumn) else np.isfinite(side.numbers)
        return Answer.of(known, np.ones(self.count, bool))

    def flagged(self, name: syntax.Operand, state: syntax.Operand | None) -> Answer:
        engine, word = (str(name.value).lower(), str(state.value).lower()) if state else ("", str(name.value).lower())
        if (engine and engine not in ENGINES) or word not in STATES:
            raise self._no_flag(name, state)
        if self.reader.document is None:
            raise tokens.QueryError(f"“{word}” needs an open project: ask for columns.", name.start, name.end)
        return Answer.of(self.reader.flags(word, engine), np.ones(self.count, bool))

    def _no_flag(self, name: syntax.Operand, state: syntax.Operand | None) -> tokens.QueryError:
        if state is None:
            self.side(name, first=True)
            sentence = f"“{name.value}” stands alone: compare it, as in {tokens.EXAMPLE}."
            return tokens.QueryError(sentence, name.start, name.end)
        sentence = f"“{name.value} is {state.value}” has no meaning: write “energyplus is stale” or “is unknown”."
        return tokens.QueryError(sentence, name.start, state.end)

    def side(self, operand: syntax.Operand, *, first: bool) -> _Side:
        if operand.kind == tokens.NUMBER:
            return _Side(operand, numbers=np.float64(operand.value))
        name = str(operand.value)
        if operand.kind == tokens.TEXT:
            return _Side(operand, texts=name)
        if operand.kind == tokens.QUOTED and not (first and self._is_attribute(name)):
            return _Side(operand, texts=name)
        return self._column(operand, name)

    def _column(self, operand: syntax.Operand, name: str) -> _Side:
        field = field_named(name) if operand.kind == tokens.NAME else None
        if field is not None and self.reader.offers(field) and field.kind != FLAG:
            if field.kind == NUMBER:
                return _Side(operand, numbers=self.reader.numbers(field), column=True)
            return _Side(operand, texts=self.reader.texts(field), column=True, exact=field.name in EXACT)
        plain = name[len(ATTRIBUTES) :] if name.lower().startswith(ATTRIBUTES) else name
        if not self._is_attribute(plain) or field is not None:
            raise self._no_column(operand, field)
        found: AttributeColumn = self.reader.attribute(plain)
        return _Side(operand, numbers=found.numbers, texts=found.texts, column=True, either=True)

    def _is_attribute(self, name: str) -> bool:
        return name in self.reader.attribute_names()

    def _no_column(self, operand: syntax.Operand, field: Field | None) -> tokens.QueryError:
        name, place = str(operand.value), (operand.start, operand.end)
        if field is not None and field.kind == FLAG:
            return tokens.QueryError(f"“{name}” stands alone: leave out the comparison.", *place)
        if field is not None and field.group == DIFFERENCE and self.reader.document is not None:
            sentence = f"“{name}” is a difference of two scenarios: compare the active one with another first."
            return tokens.QueryError(sentence, *place)
        if field is not None:
            return tokens.QueryError(f"“{name}” needs an open project: ask for columns of the table.", *place)
        known = [item for item in (*FIELDS, *ALIASES) if self.reader.offers(FIELDS[ALIASES.get(item, item)])]
        names = nearest(name.removeprefix(ATTRIBUTES), [*known, *self.reader.attribute_names()])
        advice = f"did you mean {', '.join(names)}?" if names else f"choose one of {', '.join(known[:12])} …"
        return tokens.QueryError(f"There is no column “{name}” to ask for: {advice.rstrip('?')}.", *place)


def _settled(first: _Side, second: _Side) -> tuple[_Side, _Side]:
    """An attribute counts as numbers beside a number or a column of numbers, as texts beside texts."""
    numeric = all(side.numbers is not None for side in (first, second))
    both = first.either and second.either
    if both and not all(np.isfinite(side.numbers).any() for side in (first, second)):
        numeric = False
    if numeric:
        return _Side(first.operand, first.numbers, None, True), _Side(
            second.operand, second.numbers, None, second.column
        )
    return (
        _Side(first.operand, None, first.texts, first.column, first.exact),
        _Side(second.operand, None, second.texts, second.column, second.exact),
    )


def _unlike(first: _Side, second: _Side) -> tokens.QueryError:
    holds = "numbers" if first.numbers is not None else "texts"
    advice = "compare it with a number" if first.numbers is not None else "put the text in quotation marks"
    if second.column:
        advice = "compare columns of one kind"
    start, end = sorted((first.operand, second.operand), key=lambda item: item.start)
    return tokens.QueryError(f"“{first.operand.value}” holds {holds}: {advice}.", start.start, end.end)


def _test(how: str, wanted: str) -> Callable[[str], bool]:
    """Test of one text in small letters."""
    match how:
        case "contains":
            return lambda value: wanted in value
        case "startswith":
            return lambda value: value.startswith(wanted)
        case "endswith":
            return lambda value: value.endswith(wanted)
    pieces = [{"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in wanted]
    pattern = re.compile("".join(pieces), re.DOTALL)
    return lambda value: pattern.fullmatch(value) is not None
