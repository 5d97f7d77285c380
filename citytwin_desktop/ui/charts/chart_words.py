"""Sentences beside charts: of how many buildings they are, what is missing and which run would bring it."""

from typing import Any

from citytwin_desktop.document.chart_series import ChartData, Gap, chart_variables
from citytwin_desktop.document.variables import ENGINES
from citytwin_desktop.scene.numbers import number_text
from citytwin_desktop.ui.numbers import counted

_ESTIMATED = "energyplus"


def count_text(number: int) -> str:
    """A whole number with thin spaces."""
    return number_text(number, 9)


def first_words(data: ChartData) -> str:
    """That only the first buildings are in a chart, where that is so."""
    if data.first == data.buildings:
        return ""
    return f"Of the first {count_text(data.first)} of {count_text(data.buildings)} buildings."


def gap_words(gaps: tuple[Gap, ...], scenarios: dict[str, str]) -> str:
    """What is missing, in one line: variables without a result for the same number of buildings stand together."""
    titles = {item.name: item.title for item in chart_variables()}
    sentences = [gap.sentence for gap in gaps if gap.sentence]
    groups: dict[tuple[int, int, str], list[str]] = {}
    for gap in gaps:
        if not gap.sentence:
            title = titles.get(gap.variable, gap.variable)
            names = groups.setdefault((gap.missing, gap.asked, gap.scenario), [])
            names.append(title if not names else title[:1].lower() + title[1:])
    for (missing, asked, scenario), names in groups.items():
        where = f" in “{scenarios.get(scenario, scenario)}”" if scenario and len(scenarios) > 1 else ""
        count = counted(missing) if missing == asked else f"{count_text(missing)} of {counted(asked)}"
        sentences.append(f"{', '.join(names)}{where}: no result of {count}.")
    return " ".join(dict.fromkeys(sentences))


def engines_of(gaps: tuple[Gap, ...]) -> tuple[str, ...]:
    """Engines that would fill the gaps; estimates stand beside EnergyPlus."""
    found: dict[str, None] = {}
    for gap in gaps:
        if gap.engine:
            found[gap.engine] = None
        if gap.engine == _ESTIMATED:
            found["estimate"] = None
    return tuple(found)


def offer_words(engine: str) -> str:
    """Words of the button that runs an engine."""
    return "Estimate…" if engine == "estimate" else f"Run {ENGINES[engine]}…"


def invitation(document: Any, data: ChartData) -> tuple[str, tuple[str, ...]]:
    """What an empty chart says, and the engines that it offers to run."""
    if not data.request.variables:
        return "Choose a value to draw: demand, final energy, sun or yields.", ()
    if not data.buildings:
        return "Hours, months and loads of the buildings appear here: open a city file first.", ()
    engines = engines_of(data.gaps)
    sentences = [gap.sentence for gap in data.gaps if gap.sentence]
    for engine in engines:
        missing = document.missing_for(engine, data.request.scenarios[0])
        if missing is not None:
            return f"{missing.rstrip('.')}: then {ENGINES[engine]} can be run and its results appear here.", ()
    if not engines:
        return " ".join(dict.fromkeys(sentences)) or "There is nothing to draw.", ()
    titles = {item.name: item.title for item in chart_variables()}
    names = dict.fromkeys(titles[gap.variable] for gap in data.gaps if gap.engine)
    return f"{', '.join(names)}: no result yet. It appears here once it was run.", engines
