"""Words and codes of functions as registers of several countries write them."""

import pytest

from citytwin_desktop.catalog.functions import function_from_text, function_of_attribute


@pytest.mark.parametrize(
    ("word", "function"),
    [
        ("Religieux", "other"),
        ("Agricole", "other"),
        ("Sportif", "other"),
        ("Annexe", "other"),
        ("Industriel", "industrial"),
        ("Commercial et services", "retail"),
        ("Résidentiel", "residential"),
        ("Indifférencié", ""),
        ("1_residential", "residential"),
        ("2_agriculture", "other"),
        ("3_industrial", "industrial"),
        ("4_1_office", "office"),
        ("4_2_retail", "retail"),
        ("4_3_publicServices", "other"),
        ("trade", "retail"),
        ("Semi-Detached", "residential"),
        ("Mid-Terrace", "residential"),
        ("SFR", "residential"),
        ("Mixed use", ""),
        ("détaché", ""),
    ],
)
def test_words_of_registers(word: str, function: str) -> None:
    assert function_from_text(word) == function


@pytest.mark.parametrize(
    ("attribute", "code", "function"),
    [
        ("GKAT", "1020", "residential"),
        ("gwr_egid_gkat", "1080", "other"),
        ("GKAT", "1060", ""),
        ("GKLAS", "1110", "residential"),
        ("GKLAS", "1220", "office"),
        ("GKLAS", "1230", "retail"),
        ("GKLAS", "1251", "industrial"),
        ("GKLAS", "1263", "education"),
        ("GKLAS", "1264", "healthcare"),
        ("GKLAS", "1211", "hotel"),
        ("GKLAS", "9999", ""),
        ("GKLAS", "Bürogebäude", "office"),
    ],
)
def test_numbers_count_where_the_attribute_names_their_list(attribute: str, code: str, function: str) -> None:
    assert function_of_attribute(attribute, code) == function


@pytest.mark.parametrize("attribute", ["function", "usage", "egkatalog", "code"])
@pytest.mark.parametrize("code", ["1020", "1110", "1220", "1263"])
def test_bare_numbers_elsewhere_stand_for_nothing(attribute: str, code: str) -> None:
    assert function_of_attribute(attribute, code) == ""
