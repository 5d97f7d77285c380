"""Values that conditions and tables need, for all rows at once, kept until their sources change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import COLUMNS, Buildings
from citytwin_desktop.city.measured import MEASURED, geometry_column, measured_quantity
from citytwin_desktop.city.polygons import FloatArray
from citytwin_desktop.document.chart_columns import ColumnValues, column_values
from citytwin_desktop.document.querying.attributes import AttributeColumn, attribute_column, attribute_names
from citytwin_desktop.document.querying.fields import DIFFERENCE, ENVELOPE, FIELDS, GEOMETRY, RESULT, Field
from citytwin_desktop.document.querying.resolved import ResolvedSpecs, package_column
from citytwin_desktop.document.querying.text_column import TextColumn
from citytwin_desktop.document.variables import ENGINES

if TYPE_CHECKING:
    from citytwin_desktop.city.model import CityModel
    from citytwin_desktop.document.document import Document
    from citytwin_desktop.document.freshness import EngineStatus

Kept = TypeVar("Kept")


class FieldReader:
    """Reads fields of one table of buildings, with or without a document around it.

    Everything is remembered as long as what it was read from is the same object; results until `forget_results`.

    Parameters
    ----------
    document : Document, optional
        None for conditions on the columns of the table alone.
    buildings : Buildings, optional
        In place of the document's.
    scenario_id : str, optional
        The document's active one by default, followed when it changes.
    """

    def __init__(
        self, document: Document | None = None, buildings: Buildings | None = None, scenario_id: str | None = None
    ) -> None:
        self.document = document
        self._buildings, self._scenario_id = buildings, scenario_id
        self._kept: dict[str, tuple[tuple[Any, ...], Any]] = {}
        self._results = 0
        self.compared_id = ""
        """Scenario that differences are against, empty while nothing is compared."""

    @property
    def buildings(self) -> Buildings:
        """The table."""
        if self._buildings is not None or self.document is None:
            return self._buildings or Buildings()
        return self.document.city.buildings

    @property
    def scenario_id(self) -> str:
        """Scenario of packages and results."""
        return self._scenario_id or (self.document.active_scenario if self.document is not None else "")

    def knows_geometry(self) -> bool:
        """Whether all measured quantities of today's geometry are at hand."""
        return self.document is None or all(self._has_measured(name) for name in MEASURED)

    def take_geometry(self, city: CityModel, values: dict[str, FloatArray]) -> None:
        """Keep what `city.measured` gave for a city, as long as its geometry stays."""
        for name, found in values.items():
            self._kept[name] = (city.surfaces, len(city.buildings)), found

    def _has_measured(self, name: str) -> bool:
        document = self.document
        kept = self._kept.get(name)
        return document is not None and kept is not None and kept[0][0] is document.city.surfaces

    @property
    def revision(self) -> int:
        """Counts what was told to `forget_results`."""
        return self._results

    def forget_results(self) -> None:
        """Results came or went, or anything else that they depend on."""
        self._results += 1

    def offers(self, field: Field) -> bool:
        """Whether a field can be read here; without a document only the table's own columns can."""
        if field.group == DIFFERENCE:
            return self.document is not None and bool(self.compared_id)
        return self.document is not None or (field.name in COLUMNS and field.kind != "flag")

    def numbers(self, field: Field) -> FloatArray:
        """(n_buildings,) float64: nan where unknown."""
        document = self.document
        if document is None:
            return np.asarray(self.buildings.columns[field.name], np.float64)
        if field.group == GEOMETRY:
            return self._geometry(field.name)
        if field.group in (RESULT, DIFFERENCE):
            return self.result(field).values
        if field.group == ENVELOPE:
            return self._keep(f"spec {field.name}", (self.specs(),), lambda: self.specs().numbers(field.name))
        return np.asarray(self.buildings.columns[field.name], np.float64)

    def texts(self, field: Field) -> TextColumn:
        """Texts of all rows."""
        document = self.document
        if document is not None and field.name == "package_id":
            scenario = document.scenario(self.scenario_id)
            sources = (self.buildings.columns["id"], self.buildings.columns["parent_id"], scenario)
            return self._keep("package_id", sources, lambda: package_column(self.buildings, scenario))
        if document is not None and field.group == ENVELOPE:
            return self._keep(f"spec {field.name}", (self.specs(),), lambda: TextColumn(self.specs().texts(field.name)))
        column = self.buildings.columns[field.name]
        return self._keep(field.name, (column,), lambda: TextColumn(map(str, column.tolist())))

    def attribute_names(self) -> list[str]:
        """Names of the attributes that any building has from its source."""
        column = self.buildings.columns["attributes"]
        return self._keep("attributes", (column,), lambda: attribute_names(column))

    def attribute(self, name: str) -> AttributeColumn:
        """One attribute of the source."""
        column = self.buildings.columns["attributes"]
        return self._keep(f"attributes.{name}", (column,), lambda: attribute_column(column, name))

    def flags(self, state: str, engine: str = "") -> NDArray[np.bool_]:
        """(n_buildings,) bool: rows whose result is in a state, of one engine or of any."""
        if engine:
            return self._rows_in(getattr(self.status(engine), state))
        found = np.zeros(len(self.buildings), bool)
        for name in ENGINES:
            found |= self.flags(state, name)
        return found

    def status(self, engine: str) -> EngineStatus:
        """Which rows have fresh, stale, missing or failed results of an engine."""
        document = self.document
        if document is None:
            raise LookupError(engine)
        return self._keep(f"status {engine}", self._result_sources(), lambda: document.status(engine, self.scenario_id))

    def result(self, field: Field) -> ColumnValues:
        """A result of the year, or a difference of two, with what is stale and what is an estimate."""
        if field.group == DIFFERENCE:
            sources = (*self._result_sources(), self.compared_id)
            return self._keep(f"result {field.name}", sources, lambda: self._read_difference(field))
        return self._keep(f"result {field.name}", self._result_sources(), lambda: self._read_result(field))

    def specs(self) -> ResolvedSpecs:
        """What is simulated of each row."""
        document = self.document
        if document is None:
            raise LookupError("specifications")
        scenario = document.scenario(self.scenario_id)
        return self._keep(
            "specs", (self.buildings, scenario), lambda: ResolvedSpecs(document.project.district, scenario)
        )

    def _read_result(self, field: Field) -> ColumnValues:
        document = self.document
        if document is None:
            raise LookupError(field.name)
        return column_values(document, field.variable, self.scenario_id, total=field.total)

    def _read_difference(self, field: Field) -> ColumnValues:
        # Late, for it reads columns as this does.
        from citytwin_desktop.document.difference_columns import difference_of

        document, name = self.document, f"{field.variable}_kwh" if field.total else field.variable
        if document is None:
            raise LookupError(field.name)
        sources = (*self._result_sources(), self.compared_id)
        other = self._keep(
            f"other {name}", sources,
            lambda: column_values(document, field.variable, self.compared_id or self.scenario_id, total=field.total),
        )  # fmt: skip
        return difference_of(field, self.result(FIELDS[name]), other)

    def _geometry(self, name: str) -> FloatArray:
        document = self.document
        if document is None:
            raise LookupError(name)
        city = document.city
        return geometry_column(self.buildings, name, lambda found: self._measured(city, found))

    def _measured(self, city: CityModel, name: str) -> FloatArray:
        return self._keep(name, (city.surfaces, len(city.buildings)), lambda: measured_quantity(city, name))

    def _rows_in(self, names: frozenset[str]) -> NDArray[np.bool_]:
        mask = np.zeros(len(self.buildings), bool)
        mask[self.buildings.rows(tuple(name for name in names if name in self.buildings))] = True
        return mask

    def _result_sources(self) -> tuple[Any, ...]:
        document = self.document
        if document is None:
            return ()
        return document.project.district, document.weather, self.scenario_id, self._results

    def _keep(self, name: str, sources: tuple[Any, ...], make: Callable[[], Kept]) -> Kept:
        """What was made before, or make it again where a source is another object."""
        before = self._kept.get(name)
        if before is not None and all(_same(a, b) for a, b in zip(before[0], sources, strict=True)):
            return before[1]  # type: ignore[no-any-return]
        made = make()
        self._kept[name] = sources, made
        return made


def _same(first: Any, second: Any) -> bool:
    return first is second or (isinstance(first, int | str) and first == second)
