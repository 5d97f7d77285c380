"""An explanation as plain text, to copy and to print, and as JSON."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from typing import Any

from citytwin_desktop.city.numbers import MINUS, THIN_SPACE, number_text
from citytwin_desktop.document.explanation import Explanation, Term, Value

_WIDTH = 46


def as_text(explanation: Explanation) -> str:
    """Lines for a mail or a terminal."""
    return "\n".join(_lines(explanation)) + "\n"


def value_text(value: Value, unit: str) -> str:
    """Value with unit; a dash where there is none."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    # For spreadsheets and scripts: more digits than are shown, no thin spaces.
    text = number_text(value, 6).replace(THIN_SPACE, "").replace(MINUS, "-") if isinstance(value, float) else str(value)
    return f"{text} {unit}".strip()


def _lines(item: Explanation) -> Iterator[str]:
    yield f"{item.title}: {value_text(item.value, item.unit)}"
    yield item.subject
    yield ""
    yield from filter(None, (item.words, item.formula))
    yield from _terms(item.terms, 1)
    for term in item.beside:
        yield f"  {term.name}: {value_text(term.value, term.unit)}"
    if item.inputs:
        yield from ("", "Inputs")
        for row in item.inputs:
            yield f"  {row.name:<{_WIDTH - 12}} {value_text(row.value, row.unit):<18} {row.origin}".rstrip()
    yield from _run(item)
    for title, texts in (("Notes", item.remarks), ("Sources", item.sources)):
        if texts:
            yield from ("", title, *(f"  {text}" for text in texts))


def _terms(terms: tuple[Term, ...], depth: int) -> Iterator[str]:
    for term in terms:
        sign = f"{'  ' * depth}{term.operation or ' '} {term.name}"
        yield f"{sign:<{_WIDTH}} {value_text(term.value, term.unit):>20}  {term.note}".rstrip()
        yield from _terms(term.parts, depth + 1)


def _run(item: Explanation) -> Iterator[str]:
    if item.freshness:
        yield from ("", item.freshness)
    for change in item.changes:
        yield f"  {change}"
    run = item.run
    if run is None:
        return
    spent = (
        f"{number_text(run.cpu_s)} s of processor time" if math.isfinite(run.cpu_s) else "processor time not added up"
    )
    many = f", {run.results} results" if run.results > 1 else ""
    yield f"{run.engine} {run.version}, {run.at[:16].replace('T', ' ')} UTC, {spent}{many}"
    if run.key:
        yield f"  key {run.key}"
    yield from (f"  {text}" for text in (f"weather {run.weather}" if run.weather else "", run.error) if text)
    yield from (f"  {name}: {text}" for name, text in run.settings)
    yield from (f"  warning: {text}" for text in run.warnings)


def as_json(explanation: Explanation) -> dict[str, Any]:
    """What ``citytwin explain --json`` prints; keys are fixed."""
    found = dataclasses.asdict(explanation)
    question = {name: value for name, value in found["question"].items() if value not in ("", None, ())}
    whole: dict[str, Any] = _finite({**found, "question": question, "recomputed": explanation.recomputed()})
    return whole


def _finite(value: Any) -> Any:
    """The same with null for what is no number, as JSON wants it."""
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
