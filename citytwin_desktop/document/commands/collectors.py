"""The command that sets assumptions about solar collectors; its parameters are those of the analysis."""

from dataclasses import dataclass, fields, make_dataclass
from typing import Any, ClassVar

from citytwin_desktop.analysis.collector_set import CollectorAssumptions, assumption_names
from citytwin_desktop.city.changes import SetCollectorChoices
from citytwin_desktop.city.collector_choices import CollectorChoices
from citytwin_desktop.city.district import District
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.errors import KnownError

_RESET = "reset"


@dataclass(frozen=True)
class _CollectorValues(Command):
    id: ClassVar[str] = "set_collector_assumptions"
    summary: ClassVar[str] = "Set types, losses and placement of photovoltaics and solar thermal collectors"

    def prepare(self, district: District) -> Preparation:
        """Check the values together with those that stay."""
        asked = {item.name: getattr(self, item.name) for item in fields(self)}
        reset = asked.pop(_RESET) or ()
        given = {name: value for name, value in asked.items() if value is not None}
        self._check(given, reset)
        kept = {name: value for name, value in district.collector_choices.as_mapping().items() if name not in reset}
        # What is set to the catalogue's own value is no choice: it has the catalogue's source.
        after = CollectorAssumptions.of(CollectorChoices.from_mapping({**kept, **given})).choices()
        change = SetCollectorChoices(district.collector_choices, after)
        return Preparation((change,), _title(given, reset))

    @staticmethod
    def _check(given: dict[str, Any], reset: tuple[str, ...]) -> None:
        names = assumption_names()
        if not given and not reset:
            msg = f"No assumption about solar collectors is given: set at least one of {', '.join(names)}."
            raise KnownError(msg)
        if unknown := [name for name in reset if name not in names]:
            msg = f"There is no assumption “{unknown[0]}” to set back: choose one of {', '.join(names)}."
            raise KnownError(msg)
        if both := sorted(set(given) & set(reset)):
            msg = f"The assumption {both[0]} is both set and set back: give one of the two."
            raise KnownError(msg)


def _title(given: dict[str, Any], reset: tuple[str, ...]) -> str:
    if not given:
        what = reset[0].replace("_", " ") if len(reset) == 1 else f"{len(reset)} collector assumptions"
        return f"Set {what} back to the catalogue"
    if len(given) == 1 and not reset:
        return f"Set {next(iter(given)).replace('_', ' ')}"
    return f"Set {len(given) + len(reset)} collector assumptions"


SetCollectorAssumptions = register(
    make_dataclass(
        "SetCollectorAssumptions",
        [
            *((name, kind | None, None) for name, kind in assumption_names().items()),
            (_RESET, tuple[str, ...] | None, None),
        ],
        bases=(_CollectorValues,),
        frozen=True,
    )
)
"""Set some assumptions; those that are not given stay, and those named in ``reset`` go back to the catalogue's."""
