"""What is assumed about solar collectors; every standard value stands in the catalogue with its source."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar, Literal, Self

from citytwin_desktop.catalog.collectors import (
    collector_assumptions,
    inverter,
    inverters,
    mountings,
    photovoltaic_module,
    photovoltaic_modules,
    thermal_collector,
    thermal_collectors,
)
from citytwin_desktop.errors import KnownError

Technology = Literal["photovoltaic", "solar_thermal"]


def _number(low: float, high: float) -> Any:
    """A field with its range of allowed values, both ends included."""
    return field(metadata={"low": low, "high": high})


@dataclass(frozen=True)
class _Assumptions:
    def __post_init__(self) -> None:
        for item in fields(self):
            if "low" not in item.metadata:
                continue
            value, low, high = getattr(self, item.name), item.metadata["low"], item.metadata["high"]
            if not low <= value <= high:  # nan fails too
                msg = f"The assumption {item.name} of solar collectors is {value:g}: give {low:g} to {high:g}."
                raise KnownError(msg)

    def as_mapping(self) -> dict[str, Any]:
        """Every field by name, for keys and for the record."""
        return asdict(self)


def _standard_values(group: str) -> dict[str, float]:
    return {name: item.value for name, item in collector_assumptions(group).items()}


def _origins(group: str, given: _Assumptions) -> dict[str, str]:
    """Source of each value that is still the standard one; ``edited`` for the others."""
    standard = collector_assumptions(group)
    return {
        name: f"{item.source} ({item.source_year}, {item.licence})"
        if getattr(given, name) == item.value
        else "edited in this project"
        for name, item in standard.items()
    }


@dataclass(frozen=True)
class PlacementAssumptions(_Assumptions):
    """Where collectors go.

    Parameters
    ----------
    technology : str
        ``photovoltaic`` or ``solar_thermal``: whose standard values these are.
    rack_layout : str
        Racks on flat roofs: ``equator`` (rows that face the equator), ``east_west`` (pairs of rows back to back)
        or ``flat`` (collectors lie on the roof).
    roof_set_back_m, facade_set_back_m : float [m]
        Distance kept from every edge and hole, in the plane of the surface.
    roof_threshold_kwh_m2, facade_threshold_kwh_m2 : float [kWh/m2]
        Least irradiation in a year.
    smallest_area_m2 : float [m2]
        A connected piece of less, after the set-back, is not used.
    pitched_roof_coverage, facade_coverage, rack_coverage : float
        Collector area over the area left by the set-back (and, for façades, by the windows).
    facade_window_share : float
        Windows of walls, where the caller knows none.
    flat_roof_slope_deg : float [deg]
        Below it a roof is flat and carries racks.
    rack_tilt_deg : float [deg]
    """

    technology: Technology
    rack_layout: str
    roof_set_back_m: float = _number(0.0, 10.0)
    facade_set_back_m: float = _number(0.0, 10.0)
    roof_threshold_kwh_m2: float = _number(0.0, 3000.0)
    facade_threshold_kwh_m2: float = _number(0.0, 3000.0)
    smallest_area_m2: float = _number(0.0, 10000.0)
    pitched_roof_coverage: float = _number(0.0, 1.0)
    facade_coverage: float = _number(0.0, 1.0)
    facade_window_share: float = _number(0.0, 1.0)
    flat_roof_slope_deg: float = _number(0.0, 30.0)
    rack_coverage: float = _number(0.01, 1.0)
    rack_tilt_deg: float = _number(0.0, 60.0)

    LAYOUTS: ClassVar[tuple[str, ...]] = ("equator", "east_west", "flat")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.rack_layout not in self.LAYOUTS:
            msg = f"There is no rack layout “{self.rack_layout}”: choose one of {', '.join(self.LAYOUTS)}."
            raise KnownError(msg)

    @classmethod
    def standard(cls, technology: Technology = "photovoltaic", **changes: Any) -> Self:
        """Values of the catalogue, some of them changed."""
        values = {"technology": technology, "rack_layout": "equator", **_standard_values(f"{technology}_placement")}
        return cls(**{**values, **changes})

    def origins(self) -> Mapping[str, str]:
        """Where each value comes from."""
        return _origins(f"{self.technology}_placement", self)


@dataclass(frozen=True)
class PhotovoltaicAssumptions(_Assumptions):
    """Modules, inverters and losses.

    Parameters
    ----------
    module, inverter : str
        Of the catalogue.
    ..._loss_percent : float [%]
        Losses after PVWatts; they multiply.
    dc_ac_ratio : float
        Module power over the inverter's AC power.
    glass_refractive_index : float
        Of the cover, for the reflection of slanting light.

    References
    ----------
    Dobos: PVWatts Version 5 Manual, NREL/TP-6A20-62641, doi:10.2172/1158421.
    """

    module: str
    inverter: str
    soiling_loss_percent: float = _number(0.0, 99.0)
    shading_loss_percent: float = _number(0.0, 99.0)
    snow_loss_percent: float = _number(0.0, 99.0)
    mismatch_loss_percent: float = _number(0.0, 99.0)
    wiring_loss_percent: float = _number(0.0, 99.0)
    connections_loss_percent: float = _number(0.0, 99.0)
    light_induced_degradation_loss_percent: float = _number(0.0, 99.0)
    nameplate_loss_percent: float = _number(-20.0, 99.0)
    age_loss_percent: float = _number(0.0, 99.0)
    availability_loss_percent: float = _number(0.0, 99.0)
    dc_ac_ratio: float = _number(0.2, 5.0)
    glass_refractive_index: float = _number(1.1, 2.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        photovoltaic_module(self.module)
        inverter(self.inverter)

    @classmethod
    def standard(cls, **changes: Any) -> Self:
        """Values of the catalogue, some of them changed."""
        chosen = {"module": next(iter(photovoltaic_modules())), "inverter": next(iter(inverters()))}
        return cls(**{**chosen, **_standard_values("photovoltaic"), **changes})

    def origins(self) -> Mapping[str, str]:
        """Where each value comes from."""
        chosen = {"module": photovoltaic_module(self.module).source, "inverter": inverter(self.inverter).source}
        return {**chosen, **_origins("photovoltaic", self)}

    def as_mapping(self) -> dict[str, Any]:
        """Every field by name, with the values behind the chosen types: a corrected catalogue gives other keys."""
        return {
            **super().as_mapping(),
            "module": asdict(photovoltaic_module(self.module)),
            "inverter": asdict(inverter(self.inverter)),
            "mountings": [asdict(item) for item in mountings().values()],
        }


@dataclass(frozen=True)
class SolarThermalAssumptions(_Assumptions):
    """Collector and its working temperature.

    Parameters
    ----------
    collector : str
        Of the catalogue.
    mean_fluid_temperature_c : float [°C]
        Of inlet and outlet, the same in every hour.
    """

    collector: str
    mean_fluid_temperature_c: float = _number(0.0, 150.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        thermal_collector(self.collector)

    @classmethod
    def standard(cls, **changes: Any) -> Self:
        """Values of the catalogue, some of them changed."""
        chosen = {"collector": next(iter(thermal_collectors()))}
        return cls(**{**chosen, **_standard_values("solar_thermal"), **changes})

    def origins(self) -> Mapping[str, str]:
        """Where each value comes from."""
        return {"collector": thermal_collector(self.collector).source, **_origins("solar_thermal", self)}

    def as_mapping(self) -> dict[str, Any]:
        """Every field by name, with the values behind the chosen type."""
        return {**super().as_mapping(), "collector": asdict(thermal_collector(self.collector))}
