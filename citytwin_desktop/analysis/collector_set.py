"""All assumptions about solar collectors of a project together, each under one name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from citytwin_desktop.analysis.collector_assumptions import (
    PhotovoltaicAssumptions,
    PlacementAssumptions,
    SolarThermalAssumptions,
    Technology,
)
from citytwin_desktop.city.collector_choices import CollectorChoices
from citytwin_desktop.errors import KnownError

TECHNOLOGIES: tuple[Technology, Technology] = ("photovoltaic", "solar_thermal")

_NOT_CHOSEN = "technology"
_Part = PlacementAssumptions | PhotovoltaicAssumptions | SolarThermalAssumptions


@dataclass(frozen=True)
class CollectorAssumptions:
    """Placement and conversion of both kinds of collector.

    Parameters
    ----------
    photovoltaic_placement, solar_thermal_placement : PlacementAssumptions
        Their values are chosen with the technology before the name, as in ``photovoltaic_roof_set_back_m``.
    photovoltaic : PhotovoltaicAssumptions
    solar_thermal : SolarThermalAssumptions
    """

    photovoltaic_placement: PlacementAssumptions
    photovoltaic: PhotovoltaicAssumptions
    solar_thermal_placement: PlacementAssumptions
    solar_thermal: SolarThermalAssumptions

    @classmethod
    def standard(cls) -> Self:
        """Everything as in the catalogue."""
        return cls(
            PlacementAssumptions.standard("photovoltaic"),
            PhotovoltaicAssumptions.standard(),
            PlacementAssumptions.standard("solar_thermal"),
            SolarThermalAssumptions.standard(),
        )

    @classmethod
    def of(cls, choices: CollectorChoices) -> Self:
        """The catalogue's values with those of a project over them.

        Raises
        ------
        KnownError
            When a name is unknown or a value out of its range.
        """
        chosen = choices.as_mapping()
        known = assumption_names()
        if unknown := sorted(set(chosen) - set(known)):
            msg = f"There is no assumption “{unknown[0]}” of solar collectors: choose one of {', '.join(known)}."
            raise KnownError(msg)
        for name, value in chosen.items():
            if not isinstance(value, known[name]):
                what = "number" if known[name] is float else "name"
                msg = f"The assumption {name} of solar collectors is {value!r}: give a {what}."
                raise KnownError(msg)

        def given(part: type[_Part], prefix: str = "") -> dict[str, Any]:
            own = [item.name for item in fields(part)]
            return {name: chosen[prefix + name] for name in own if prefix + name in chosen}

        return cls(
            PlacementAssumptions.standard("photovoltaic", **given(PlacementAssumptions, "photovoltaic_")),
            PhotovoltaicAssumptions.standard(**given(PhotovoltaicAssumptions)),
            PlacementAssumptions.standard("solar_thermal", **given(PlacementAssumptions, "solar_thermal_")),
            SolarThermalAssumptions.standard(**given(SolarThermalAssumptions)),
        )

    def placement(self, technology: Technology) -> PlacementAssumptions:
        """Placement of one kind of collector."""
        return self.photovoltaic_placement if technology == "photovoltaic" else self.solar_thermal_placement

    def values(self) -> dict[str, float | str]:
        """Every value by its name."""
        return {prefix + name: getattr(part, name) for part, prefix in self._parts() for name in _names(type(part))}

    def origins(self) -> dict[str, str]:
        """Where each value comes from: the catalogue's source, or this project."""
        found: dict[str, str] = {}
        standard = type(self).standard().values()
        for part, prefix in self._parts():
            origins = part.origins()
            found |= {prefix + name: origins.get(name, "assumption of CityTwin Desktop") for name in _names(type(part))}
        edited = [name for name, value in self.values().items() if value != standard[name]]
        return found | dict.fromkeys(edited, "edited in this project")

    def choices(self) -> CollectorChoices:
        """Values that differ from the catalogue's."""
        standard = type(self).standard().values()
        return CollectorChoices.from_mapping(
            {name: value for name, value in self.values().items() if value != standard[name]}
        )

    def as_mapping(self) -> dict[str, Any]:
        """Every value with those behind the chosen types, for result keys and the record."""
        return {field.name: getattr(self, field.name).as_mapping() for field in fields(self)}

    def _parts(self) -> Iterator[tuple[_Part, str]]:
        yield self.photovoltaic, ""
        yield self.solar_thermal, ""
        yield self.photovoltaic_placement, "photovoltaic_"
        yield self.solar_thermal_placement, "solar_thermal_"


def assumption_names() -> Mapping[str, type[float] | type[str]]:
    """Names of all assumptions with the type of their value: text for types of the catalogue and for layouts."""
    parts = [(PhotovoltaicAssumptions, ""), (SolarThermalAssumptions, "")]
    prefixes: list[tuple[type[_Part], str]] = [*parts, *((PlacementAssumptions, f"{name}_") for name in TECHNOLOGIES)]
    return {
        prefix + item.name: float if item.type is float else str
        for part, prefix in prefixes
        for item in fields(part)
        if item.name != _NOT_CHOSEN
    }


def _names(part: type[_Part]) -> list[str]:
    return [item.name for item in fields(part) if item.name != _NOT_CHOSEN]
