"""From the words of a condition to what it says."""

from dataclasses import dataclass

from citytwin_desktop.document.querying.tokens import (
    DEEPEST,
    END,
    EXAMPLE,
    NAME,
    NUMBER,
    QUOTED,
    SIGN,
    TEXT,
    WORD,
    QueryError,
    Token,
    tokens,
)

COMPARISONS = {"=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
MATCHES = ("contains", "like", "startswith", "endswith")


@dataclass(frozen=True)
class Operand:
    """A value or a name, and its place in the text."""

    value: float | str
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Comparison:
    """Two sides and a sign between them."""

    left: Operand
    sign: str
    right: Operand


@dataclass(frozen=True)
class Between:
    """From one value to another, both counted."""

    operand: Operand
    low: Operand
    high: Operand


@dataclass(frozen=True)
class OneOf:
    """One of several values."""

    operand: Operand
    choices: tuple[Operand, ...]


@dataclass(frozen=True)
class Match:
    """A text with something in it."""

    operand: Operand
    how: str
    pattern: Operand


@dataclass(frozen=True)
class Known:
    """Whether there is a value at all."""

    operand: Operand


@dataclass(frozen=True)
class Flag:
    """A name that stands alone, such as ``stale``, or a state of an engine's result."""

    name: Operand
    state: Operand | None = None


@dataclass(frozen=True)
class Not:
    """The opposite."""

    part: "Node"


@dataclass(frozen=True)
class Joined:
    """Parts that must all hold, or one of them."""

    parts: tuple["Node", ...]
    every: bool


Node = Comparison | Between | OneOf | Match | Known | Flag | Not | Joined


def parse(text: str) -> Node:
    """What a condition says.

    Raises
    ------
    QueryError
        Where it cannot be understood.
    """
    reader = _Reader(tokens(text))
    found = reader.either()
    if reader.here.kind != END:
        raise reader.unexpected("join conditions by “and” or “or”")
    return found


class _Reader:
    """Recursive descent, one method for each level of binding."""

    def __init__(self, words: list[Token]) -> None:
        self.words, self.place, self.depth = words, 0, 0

    @property
    def here(self) -> Token:
        return self.words[self.place]

    def either(self) -> Node:
        parts = [self.both()]
        while self.taken(WORD, "or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Joined(tuple(parts), every=False)

    def both(self) -> Node:
        parts = [self.opposite()]
        while self.taken(WORD, "and"):
            parts.append(self.opposite())
        return parts[0] if len(parts) == 1 else Joined(tuple(parts), every=True)

    def opposite(self) -> Node:
        negations = 0
        while self.taken(WORD, "not"):
            negations += 1
        found = self.primary()
        return Not(found) if negations % 2 else found

    def primary(self) -> Node:
        if not self.taken(SIGN, "("):
            return self.predicate()
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.unexpected(f"use at most {DEEPEST} brackets inside each other")
        found = self.either()
        if not self.taken(SIGN, ")"):
            raise self.unexpected("close the bracket")
        self.depth -= 1
        return found

    def predicate(self) -> Node:
        left = self.operand()
        if self.here.kind == SIGN and self.here.value in COMPARISONS:
            return self.comparison(left)
        if self.taken(WORD, "is"):
            return self.state(left)
        negated = self.taken(WORD, "not")
        found = self.worded(left, negated)
        return Not(found) if negated else found

    def comparison(self, left: Operand) -> Node:
        sign = COMPARISONS[self.step().value]
        found = Comparison(left, sign, self.operand())
        if self.here.kind == SIGN and self.here.value in COMPARISONS:
            raise self.unexpected("write “between … and …” for a range")
        return found

    def worded(self, left: Operand, negated: bool) -> Node:
        if self.taken(WORD, "between"):
            low = self.operand()
            if not self.taken(WORD, "and"):
                raise self.unexpected("write “between … and …”")
            return Between(left, low, self.operand())
        if self.taken(WORD, "in"):
            return OneOf(left, self.choices())
        if self.here.kind == WORD and self.here.value in MATCHES:
            how = self.step().value
            return Match(left, how, self.operand())
        if left.kind == NAME and not negated:
            return Flag(left)
        raise self.unexpected(f"compare it, as in {EXAMPLE}")

    def state(self, left: Operand) -> Node:
        negated = self.taken(WORD, "not")
        word = self.step()
        if word.kind == WORD and word.value in ("known", "unknown", "null"):
            known = Known(left)
            return known if (word.value == "known") != negated else Not(known)
        if word.kind != NAME:
            self.place -= 1
            raise self.unexpected("write “is known”, “is unknown” or, of an engine, “is stale”")
        flag = Flag(left, Operand(word.value, NAME, word.start, word.end))
        return Not(flag) if negated else flag

    def choices(self) -> tuple[Operand, ...]:
        if not self.taken(SIGN, "("):
            raise self.unexpected("write the values in brackets, as in (1, 2)")
        found = [self.operand()]
        while self.taken(SIGN, ","):
            found.append(self.operand())
        if not self.taken(SIGN, ")"):
            raise self.unexpected("close the bracket")
        return tuple(found)

    def operand(self) -> Operand:
        word = self.here
        if word.kind == NUMBER:
            value: float | str = float(word.value)
        elif word.kind in (NAME, TEXT, QUOTED):
            value = word.value
        elif word.kind == WORD and word.value in ("true", "false"):
            self.place += 1
            return Operand(word.value, TEXT, word.start, word.end)
        else:
            raise self.unexpected(f"write a column, a number or a text, as in {EXAMPLE}")
        self.place += 1
        return Operand(value, word.kind, word.start, word.end)

    def taken(self, kind: str, value: str) -> bool:
        if (self.here.kind, self.here.value) != (kind, value):
            return False
        self.place += 1
        return True

    def step(self) -> Token:
        word = self.here
        if word.kind != END:
            self.place += 1
        return word

    def unexpected(self, advice: str) -> QueryError:
        word = self.here
        if word.kind == END:
            return QueryError(f"The condition ends too early: {advice}.", word.start, word.end)
        what = f"“{word.value}”" if word.value else "An empty text"
        return QueryError(f"{what} is not expected here: {advice}.", word.start, word.end)
