"""Tables of every dialect are understood, and what is no table ends in a sentence."""

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.joined_tables.address_columns import building_addresses, table_addresses
from citytwin_desktop.formats.joined_tables.delimited_text import read_delimited
from citytwin_desktop.formats.joined_tables.epc import EpcLayout, age_band_year, heating_code
from citytwin_desktop.formats.joined_tables.source import read_table
from citytwin_desktop.formats.joined_tables.table import JoinedTable, cell_date, cell_number, cell_year
from citytwin_desktop.formats.report import ImportReport


def table(text: str | bytes, encoding: str = "") -> tuple[JoinedTable, ImportReport]:
    report = ImportReport()
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    return read_delimited(data, "t.csv", report, encoding), report


@pytest.mark.parametrize(
    ("data", "rows", "decimal"),
    [
        (b"id,u\nA,0.5\nB,1.25\n", [["A", "0.5"], ["B", "1.25"]], "."),
        ("\ufeffid;u\r\nA;0,5\r\nÜ;1,25\r\n".encode(), [["A", "0,5"], ["Ü", "1,25"]], ","),
        ("id\tu\nA\t0,5\n".encode("utf-16"), [["A", "0,5"]], ","),
        ("id;u\nKüche;1.5\n".encode("cp1252"), [["Küche", "1.5"]], "."),
        (b'id|u\n"A|x"|2\n\n|\n', [["A|x", "2"]], "."),
        (b'id,u\n"line one\nline two","1,5"\n', [["line one\nline two", "1,5"]], ","),
        (b"id,u,v\nA,1\nB,2,3,,\n", [["A", "1", ""], ["B", "2", "3"]], "."),
        (b"\n\nid,u\rA,1\rB,2\r", [["A", "1"], ["B", "2"]], "."),
    ],
)
def test_dialects_of_csv(data: bytes, rows: list[list[str]], decimal: str) -> None:
    found, _ = table(data)
    assert [list(row) for row in found.rows] == rows
    assert found.decimal == decimal


def test_rows_that_do_not_fit_are_left_out_by_line() -> None:
    found, report = table("id,name\n1,a\n2,Smith, John\n3,c\n")
    assert [row[0] for row in found.rows] == ["1", "3"]
    assert [(item.object, item.code, item.action) for item in report.items] == [
        ("t.csv, row 3", "row_does_not_fit", "skipped")
    ]


def test_names_of_columns_stay_apart() -> None:
    found, report = table("a,A,,a (2),a\n1,2,3,4,5\n")
    assert len({name.lower() for name in found.header}) == 5
    assert found.header[0] == "a"
    assert found.column("a (2)") == [found.rows[0][found.place("a (2)")]]
    assert report.items[0].code == "column_repeated"
    with pytest.raises(KnownError, match="no column “x”: choose one of a,"):
        found.place("x")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a,b\n\x00,1\n", "zero bytes"),
        (b'a,b\n"open,1\n2,3\n', "quotation marks"),
        (b'a,b\n"x"y,1\n', "quotation marks"),
        (b",".join([b"c"] * 5_000) + b"\n1\n", "5,000 columns"),
        (b"just text\nmore text\n", "no two columns"),
        (b"a,b\n", "header and no rows"),
        (b"a,b\n" + b'"' + b"x" * 300_000 + b'",1\n', "quotation marks"),
    ],
)
def test_hostile_text_ends_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        table(data)


def test_a_stated_encoding_counts() -> None:
    found, _ = table("名,u\n丸,1\n".encode("shift_jis"), "shift_jis")
    assert found.header[0] == "名"
    for encoding, words in (("klingon", "no encoding"), ("ascii", "not written in ascii")):
        with pytest.raises(KnownError, match=words):
            table("é,u\n1,2\n", encoding)


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("1,234.5", ".", 1234.5), ("1.234,5", ",", 1234.5), ("1'234", ".", 1234.0), ("12 345,6", ",", 12345.6),
        ("0,24", ",", 0.24), ("0,24", ".", None), ("0,350", ".", None),
        ("-.5e2", ".", -50.0), ("1e999", ".", None), ("nan", ".", None),
        ("inf", ".", None), ("12 m", ".", None), ("", ".", None),
        ("=1+1", ".", None), ("1_000", ".", None), ("٣", ".", None),
    ],
)  # fmt: skip
def test_numbers_in_cells(cell: str, decimal: str, number: float | None) -> None:
    assert cell_number(cell, decimal) == number


def test_dates_in_cells() -> None:
    assert cell_year("04/05/2020") == cell_year("2020-05-04") == cell_year("20200504") == 2020.0
    assert cell_date("22/02/2021 00:00") == (2021, 2, 22)
    assert cell_date("soon") == (0, 0, 0)


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_sheets_of_a_workbook(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "w.xlsx",
        {
            "empty": [],
            "data": [[], ["id", "u", "d", None], ["A", 0.5, None], ["B", 2.0, True]],
            "more": [["x", "y"], [1, 2]],
        },
    )
    found = read_table(path, ImportReport())
    assert (found.header, [list(row) for row in found.rows]) == (
        ("id", "u", "d"),
        [["A", "0.5", ""], ["B", "2", "true"]],
    )
    assert found.first_line == 3
    assert read_table(path, ImportReport(), sheet="more").rows[0] == ["1", "2"]
    with pytest.raises(KnownError, match="no sheet “other”: choose one of empty, data, more"):
        read_table(path, ImportReport(), sheet="other")


def test_formulas_are_never_run_nor_shown(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", {"s": [["id", "u"], ["A", "=1+1"], ["B", 3]]})
    found = read_table(path, ImportReport())
    assert [list(row) for row in found.rows] == [["A", ""], ["B", "3"]], (
        "a formula that was never worked out says nothing"
    )


def test_hostile_workbooks_end_in_a_sentence(tmp_path: Path) -> None:
    good = workbook(tmp_path / "g.xlsx", {"s": [["id", "u"], ["A", 1]]}).read_bytes()

    def remade(name: str, content: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for item in old.namelist():
                new.writestr(item, content if item == name else old.read(item))
        return out.getvalue()

    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    cases = {
        remade("xl/worksheets/sheet1.xml", bomb): "entities",
        remade("xl/worksheets/sheet1.xml", b" " * (80 << 20)): "unpacks to",
        remade("xl/workbook.xml", b"<broken"): "damaged workbook",
        good[: len(good) // 2]: "damaged",
        b"\xd0\xcf\x11\xe0" + b"x" * 100: "old XLS",
        b"%PDF-1.7": "PDF",
        b"  \n": "is empty",
    }
    for number, (data, words) in enumerate(cases.items()):
        path = tmp_path / f"h{number}.xlsx"
        path.write_bytes(data)
        with pytest.raises(KnownError, match=words):
            read_table(path, ImportReport())


def test_packed_tables(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"id,u\nA,1\n"))
    assert read_table(tmp_path / "t.csv.gz", ImportReport()).header == ("id", "u")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a/certificates.csv", "id,u\nA,1\n")
        archive.writestr("a/recommendations.csv", "id,u\nA,1\n")
    with pytest.raises(KnownError, match=r"holds certificates\.csv, recommendations\.csv"):
        read_table(tmp_path / "two.zip", ImportReport())


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.text(alphabet='a1,;"\n\r\t |', max_size=80).map(str.encode)
)
def test_anything_is_a_table_or_a_sentence(data: bytes) -> None:
    try:
        found, _ = table(data)
    except KnownError:
        return
    assert all(len(row) == len(found.header) for row in found.rows)


@pytest.mark.parametrize(
    ("band", "year"),
    [
        ("England and Wales: 2007-2011", 2009.0), ("England and Wales: before 1900", 1899.0), ("1750", 1750.0),
        ("England and Wales: 2012 onwards", 2012.0), ("NO DATA!", None), ("England and Wales: 1967-1975", 1971.0),
        ("", None), ("3000", None),
    ],
)  # fmt: skip
def test_age_bands_have_a_year_within_them(band: str, year: float | None) -> None:
    found = age_band_year(band)
    assert (found[0] if found else None) == year


@pytest.mark.parametrize(
    ("description", "code"),
    [
        ("Air source heat pump, radiators, electric", "air_source_heat_pump"),
        ("Ground source heat pump, underfloor, electric", "ground_source_heat_pump"),
        ("Community scheme", "district_heat"),
        ("Boiler and radiators, oil", "oil_boiler"),
        ("Boiler and radiators, wood pellets", "biomass_boiler"),
        ("Electric storage heaters", "electric_heaters"),
        ("Boiler and radiators, mains gas", ""),
        ("Boiler and radiators, anthracite, Boiler and radiators, mains gas", ""),
        ("Boiler and radiators, oil, Room heaters, electric", ""),
        ("Gas boiler, Gas boiler", ""),
    ],
)
def test_heating_systems_are_taken_only_without_doubt(description: str, code: str) -> None:
    assert heating_code(description) == code


def test_the_official_layout_of_certificates(shared_data: Path) -> None:
    report = ImportReport()
    found = read_table(shared_data / "tables" / "epc_domestic_official_fixture.csv", report)
    assert (len(found.header), len(found.rows)) == (90, 2)
    assert sorted(name for name in found.header if name.endswith(" (2)")) == [
        "FLOOR_DESCRIPTION (2)", "HOT_WATER_COST_CURRENT (2)", "MAINHEATC_ENERGY_EFF (2)", "MAINHEATC_ENV_EFF (2)",
    ]  # fmt: skip
    layout = EpcLayout.of(found)
    assert layout is not None
    first, second = (layout.values(row) for row in found.rows)
    assert first["year_built"][0] == 2009.0
    assert first["year_built"][1].startswith("EPC certificate 0000-0000-0000-0000-0001: middle of the age band")
    assert (second["year_built"][0], second["function"][0]) == (1750.0, "residential")
    assert "heating_system" not in first
    assert "wall_u_value_w_m2k" not in first
    streets = table_addresses(found)
    assert [(item.street, item.low, item.postcode) for item in streets] == [("some street", 1, "sw1a2aa")] * 2


def test_certificates_supersede_each_other_and_state_transmittances() -> None:
    text = (
        "lmk-key,uprn,address1,postcode,property-type,construction-age-band,walls-description,lodgement-date\n"
        "k1,7,1 A St,AB1 2CD,House,,\"Average thermal transmittance 0.24 W/m²K\",2012-01-31\n"
        "k2,7,1 A St,AB1 2CD,House,,\"Average thermal transmittance = 0,18 W/m?K\",2020-03-01\n"
        "k3,,2 A St,AB1 2CD,House,,Solid brick,2020-03-01\n"
    )  # fmt: skip
    found, _ = table(text)
    layout = EpcLayout.of(found)
    assert layout is not None
    assert layout.superseded() == {0}
    assert layout.values(found.rows[1])["wall_u_value_w_m2k"][0] == 0.18
    assert "wall_u_value_w_m2k" not in layout.values(found.rows[2])


def test_addresses_of_buildings_in_many_words() -> None:
    cases: list[dict[str, Any]] = [
        {"addr:street": "Hermannstraße", "addr:housenumber": "12", "addr:postcode": "12049"},
        {"address": [{"ThoroughfareName": "Hermannstr.", "ThoroughfareNumber": "12", "PostalCode": "12049"}]},
        {"Strasse": "Hermannstr", "HausNr": 12, "PLZ": 12049},
        {"Adresse": "Hermannstraße 12, 12049 Berlin"},
    ]
    for attributes in cases:
        found = building_addresses(attributes)
        assert [(item.street, item.low, item.postcode) for item in found] == [("hermannstrasse", 12, "12049")], (
            attributes
        )
    assert building_addresses({"height": 3, "address": None}) == []
