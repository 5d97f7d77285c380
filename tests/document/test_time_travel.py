"""Going to any place in the history as one step, all of it or nothing, and finding who touched what."""

from pathlib import Path
from typing import Any

import pytest

from citytwin_desktop.document import events
from citytwin_desktop.document.document import Document, create_document, open_document
from citytwin_desktop.document.time_travel import Travel
from citytwin_desktop.document.touching import TouchingSearch
from citytwin_desktop.errors import KnownError
from citytwin_desktop.project import log_pages


@pytest.fixture
def document(tmp_path: Path, city_file: Any) -> Any:
    """Four boxes with eight edits after their import: storeys of each, then walls of two, a scenario, B3 gone."""
    made = create_document(tmp_path / "h.citytwin.gpkg")
    made.execute("import_city", sources=[str(city_file())])
    for number in range(4):
        made.execute("edit_buildings", building_ids=[f"B{number}"], column="storeys", value=number + 1)
    made.execute("edit_buildings", building_ids=["B0", "B1"], column="wall_u_value_w_m2k", value=0.5)
    made.execute("add_scenario", name="Deep")
    made.execute("remove_buildings", building_ids=["B3"])
    made.execute("edit_buildings", building_ids=["B0"], column="name", value="Mill")
    yield made
    made.close()


def state(document: Document) -> tuple[Any, ...]:
    columns = document.city.buildings.columns
    cells = [tuple(map(str, columns[name])) for name in ("id", "storeys", "wall_u_value_w_m2k", "name")]
    return (*cells, len(document.city.surfaces), [item.id for item in document.scenarios])


def standing(document: Document) -> list[int]:
    return [entry.seq for entry in document.history() if not entry.undone]


def test_any_place_is_the_one_that_single_steps_lead_to(document: Document) -> None:
    seqs = standing(document)
    states = [state(document)]
    while document.undo():
        states.append(state(document))
    states.reverse()
    for place in (len(seqs), 0, 5, 2, 8, 3, len(seqs)):
        document.go_to(([0, *seqs])[place])
        assert state(document) == states[place]
        assert standing(document) == seqs[:place]
    path = document.path
    document.go_to(seqs[4])
    document.close()
    again = open_document(path)
    assert state(again) == states[5]
    assert again.go_to(seqs[-1]) == 4
    assert state(again) == states[-1]
    again.close()


def test_one_round_of_events_tells_of_it(document: Document) -> None:
    told: list[Any] = []
    document.events.changed.connect(told.append)
    assert document.go_to(standing(document)[2]) == 6
    assert [type(event) for event in told].count(events.HistoryChanged) == 1
    assert [type(event) for event in told].count(events.CityChanged) == 1
    told.clear()
    assert document.go_to(standing(document)[-1]) == 0
    assert told == []


def test_a_way_that_is_given_up_has_changed_nothing(document: Document) -> None:
    before = state(document)
    travel = Travel(document, 0)
    assert travel.total == 9
    for _ in range(4):
        assert travel.step()
    assert travel.done == 4
    assert state(document) == before
    document.execute("edit_buildings", building_ids=["B1"], column="name", value="Barn")
    with pytest.raises(KnownError, match="changed in between"):
        document.arrive(travel)
    assert document.undo_title == "Name of 1 building"


def test_a_disk_that_refuses_leaves_all_as_it_was(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(document)
    calls = []

    def refuse(*arguments: Any, **_parameters: Any) -> None:
        calls.append(arguments)
        if len(calls) == 3:
            raise KnownError("the disk is full")

    monkeypatch.setattr("citytwin_desktop.document.time_travel.edit_log.append", refuse)
    with pytest.raises(KnownError, match="disk is full"):
        document.go_to(0)
    monkeypatch.undo()
    assert state(document) == before
    assert all(not entry.undone for entry in document.history())


def test_what_was_taken_back_for_good_cannot_come_back(document: Document) -> None:
    gone = standing(document)[-1]
    document.undo()
    document.execute("edit_buildings", building_ids=["B1"], column="name", value="Barn")
    for seq, words in ((gone, "cannot be brought back"), (9999, "no command 9999")):
        with pytest.raises(KnownError, match=words):
            document.go_to(seq)
    with document.project.reading() as connection:
        lines = log_pages.lines(connection)
    assert [line.state for line in lines[:3]] == [log_pages.STANDS, log_pages.ENDED, log_pages.STANDS]


def test_edits_that_touched_a_building_are_found(document: Document) -> None:
    def touched(*names: str) -> list[str]:
        search = TouchingSearch(document, names, 40)
        while search.look_on(2):
            pass
        return [entry.title for entry in search.found]

    assert touched("B3") == [
        "Remove 1 building",
        "Storeys above ground of 1 building",
        "Import 4 buildings from boxes.city.json",
    ]
    assert touched("B1")[0] == "Wall U-value of 2 buildings"
    assert len(touched()) == 9
    assert touched("nobody") == []


def test_edits_go_back_to_what_the_source_gave(tmp_path: Path, city_file: Any) -> None:
    document = create_document(tmp_path / "r.citytwin.gpkg")
    attributes = {"yearOfConstruction": 1971, "storeysAboveGround": 3}
    document.execute("import_city", sources=[str(city_file(attributes=attributes))])
    document.execute("enrich", archetype_set="NL", assume_function="residential")
    row = document.city.buildings.row("B1")

    def cell(name: str) -> Any:
        return document.city.buildings.columns[name][row]

    fitting = cell("archetype_id")
    document.execute("edit_buildings", building_ids=["B0", "B1"], column="year_built", value=2015)
    assert cell("archetype_id") != fitting
    document.execute("edit_buildings", building_ids=["B1"], column="wall_u_value_w_m2k", value=0.2)
    document.execute("restore_values", building_ids=["B1", "B2"], column="year_built")
    assert (cell("year_built"), cell("year_built_origin"), cell("archetype_id")) == (1971, "source", fitting)
    assert document.city.buildings.columns["year_built"][0] == 2015
    document.execute("restore_values", building_ids=["B1"], column="wall_u_value_w_m2k")
    assert str(cell("wall_u_value_w_m2k")) == "nan"
    # What was assumed is no edit, and stays.
    with pytest.raises(KnownError, match="not edited"):
        document.execute("restore_values", building_ids=["B1"], column="function")
    document.undo()
    assert cell("wall_u_value_w_m2k") == 0.2
    document.close()
