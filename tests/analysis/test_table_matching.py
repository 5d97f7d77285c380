"""Rows find their buildings, with a confidence that tells how sure that is, or are left alone."""

import numpy as np
import pytest
import shapely

from citytwin_desktop.analysis.table_matching.addresses import Address, parsed_address
from citytwin_desktop.analysis.table_matching.by_address import match_addresses
from citytwin_desktop.analysis.table_matching.by_identifier import match_identifiers
from citytwin_desktop.analysis.table_matching.by_place import match_places
from citytwin_desktop.analysis.table_matching.matches import Matches, MatchStatus


@pytest.mark.parametrize(
    ("lines", "street", "numbers", "letter", "unit", "postcode"),
    [
        (["1 Some Street"], "some street", (1, 1), "", "", ""),
        (["Flat 3, 12a High St, SW1A 2AA"], "high street", (12, 12), "a", "3", "sw1a2aa"),
        (["Hauptstr. 12 a", "10115 Berlin"], "hauptstrasse", (12, 12), "a", "", "10115"),
        (["Straße des 17. Juni 135"], "strasse des 17 juni", (135, 135), "", "", ""),
        (["12 bis rue de l'Église"], "rue de l eglise", (12, 12), "bis", "", ""),
        (["350 5th Ave"], "5th avenue", (350, 350), "", "", ""),
        (["Kerkstraat 12, 1017 GC Amsterdam"], "kerkstraat", (12, 12), "", "", "1017gc"),
        (["12 Rue du 8 Mai 1945"], "rue du 8 mai 1945", (12, 12), "", "", ""),
        (["12-14 St James's Rd"], "st james s road", (12, 14), "", "", ""),
        (["5", "Elm Grove"], "elm grove", (5, 5), "", "", ""),
        (["Rose Cottage", "Church Lane"], "rose cottage", (0, 0), "", "", ""),
        (["Apartment 4", "22 Quay Wy", "M1 1AE"], "quay way", (22, 22), "", "4", "m11ae"),
        ([""], "", (0, 0), "", "", ""),
    ],
)
def test_addresses_of_many_countries(
    lines: list[str], street: str, numbers: tuple[int, int], letter: str, unit: str, postcode: str
) -> None:
    found = parsed_address(lines)
    assert (found.street, (found.low, found.high)) == (street, numbers)
    assert (found.letter, found.unit, found.postcode) == (letter, unit, postcode)


def matched(rows: list[Address], buildings: list[Address], group: list[int] | None = None) -> Matches:
    return match_addresses(rows, buildings, np.array(group if group else range(len(buildings)), np.int64))


def test_the_same_address_written_differently_is_certain() -> None:
    buildings = [
        parsed_address(["High Street"], "12", "SW1A 2AA"),
        parsed_address(["High Street"], "14", "SW1A 2AA"),
        parsed_address(["Hauptstraße"], "3"),
    ]
    rows = [
        parsed_address(["12 HIGH ST"], postcode="sw1a2aa"),
        parsed_address(["Haupt Str. 3"]),
        parsed_address(["13 High Street"], postcode="SW1A 2AA"),
        parsed_address([""]),
    ]
    found = matched(rows, buildings)
    assert found.building.tolist() == [0, 2, -1, -1]
    assert found.confidence[0] == pytest.approx(1.0)
    assert found.confidence[1] == pytest.approx(0.95), "no postcode on either side"
    assert found.reasons[2] == "no building has this number in such a street"


@pytest.mark.parametrize(
    ("row", "low", "high"),
    [
        (Address("hihg street", 12, 12, postcode="ab1"), 0.9, 0.99),
        (Address("hihg street", 12, 12), 0.6, 0.85),
        (Address("high street", 12, 12, postcode="zz9"), 0.5, 0.75),
        (Address("high street", 12, 14, postcode="ab1"), 0.94, 0.96),
        (Address("high street", 12, 12, "b", postcode="ab1"), 0.9, 0.95),
        (Address("south street", 12, 12, postcode="ab1"), 0.0, 0.9),
    ],
)
def test_confidence_falls_with_every_doubt(row: Address, low: float, high: float) -> None:
    found = matched([row], [Address("high street", 12, 12, postcode="ab1")])
    assert low <= found.confidence[0] <= high


def test_another_letter_is_another_house() -> None:
    found = matched([Address("a street", 12, 12, "a", postcode="p")], [Address("a street", 12, 12, "b", postcode="p")])
    assert found.status(0.85) == [MatchStatus.UNMATCHED]


def test_two_buildings_alike_are_ambiguous_and_parts_are_not() -> None:
    twice = [Address("church road", 1, 1), Address("church road", 1, 1)]
    found = matched([Address("church road", 1, 1)], twice)
    assert found.status(0.85) == [MatchStatus.AMBIGUOUS]
    assert found.reasons == ["2 buildings have such an address"]
    parts = matched([Address("church road", 1, 1)], twice, [0, 0])
    assert parts.status(0.85) == [MatchStatus.MATCHED]


def test_many_streets_are_compared_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    from citytwin_desktop.analysis.table_matching import by_address

    monkeypatch.setattr(by_address, "_MOST_PAIRS_AT_ONCE", 200)
    letters = np.random.default_rng(2).integers(97, 123, (60, 12)).astype(np.uint8)
    buildings = [Address(bytes(name).decode(), 5, 5, postcode="p") for name in letters]
    found = matched(buildings[::-1], buildings)
    assert found.building.tolist() == list(range(60))[::-1]


def test_identifiers_with_what_stands_around_them() -> None:
    buildings = ["NL.IMBAG.Pand.0503100000000123", "B-17", "b17x", "", "UPRN-000012345", "9876"]
    keys = ["0503100000000123", "b-17", "B17X", "", "12345", "9876.0", "777", "B 17"]
    found = match_identifiers(keys, buildings, np.arange(6))
    assert found.building.tolist() == [0, 1, 2, -1, 4, 5, -1, 1]
    assert found.confidence.tolist() == [0.95, 0.99, 0.99, 0.0, 0.95, 0.97, 0.0, 0.97]
    assert not found.ambiguous.any()


def test_an_identifier_of_several_buildings_is_ambiguous_unless_they_are_one() -> None:
    keys, names = ["100"], ["100", "100", "100"]
    assert match_identifiers(keys, names, np.array([0, 1, 2])).ambiguous.tolist() == [True]
    whole = match_identifiers(keys, names, np.array([1, 1, 1]))
    assert (whole.building.tolist(), whole.ambiguous.tolist()) == ([1], [False])


def test_points_inside_beside_between_and_far() -> None:
    plans = [
        shapely.box(0, 0, 10, 10),
        shapely.box(20, 0, 30, 10),
        shapely.box(40, 0, 50, 10),
        shapely.box(50, 0, 60, 10),
    ]
    xy = np.array([[5.0, 5.0], [12.0, 5.0], [15.0, 5.0], [100.0, 5.0], [np.nan, 0.0], [50.0, 5.0], [45.0, 5.0]])
    found = match_places(xy, plans, np.array([1, 2, 3, 4]), np.array([0, 1, 2, 3, 3]), 10.0)
    assert found.building.tolist() == [1, 1, 1, -1, -1, 3, 3]
    assert found.ambiguous.tolist() == [False, False, True, False, False, False, False], "parts of one are no rivals"
    assert found.confidence == pytest.approx([1.0, 0.93, 0.9, 0.0, 0.0, 1.0, 1.0])
    assert found.reasons[3:5] == ["no building lies within 10 m", "the row has no coordinates"]
    assert found.reasons[1] == "2.0 m from its footprint"
    overlapping = match_places(xy[:1], plans[:1] * 2, np.array([0, 1]), np.arange(2), 5.0)
    assert overlapping.ambiguous.tolist() == [True]
    assert match_places(xy, [], np.zeros(0, np.int64), np.arange(1), 5.0).building.tolist() == [-1] * 7
