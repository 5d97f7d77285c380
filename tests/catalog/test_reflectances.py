"""The catalogue's reflectances are the defaults of the solar conditions, inside what was published, with a source."""

from dataclasses import fields

import pytest

from citytwin_desktop.catalog.reflectances import reflectances
from citytwin_desktop.city.solar_conditions import MONTH_FIELDS, SolarConditions


def test_the_table_has_every_default() -> None:
    assert set(reflectances()) == {field.name for field in fields(SolarConditions)} - set(MONTH_FIELDS)
    defaults = SolarConditions().as_mapping()
    for name, row in reflectances().items():
        assert row.default.value == defaults[name]


@pytest.mark.parametrize("name", sorted(reflectances()))
def test_every_default_lies_in_the_published_range_and_names_its_source(name: str) -> None:
    row = reflectances()[name]
    assert 0.0 < row.low <= row.default.value <= row.high <= 0.95
    assert len(row.default.source) > 30
    assert 1980 <= row.default.source_year <= 2026
    assert row.default.licence
