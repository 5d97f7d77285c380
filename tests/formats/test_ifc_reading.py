"""IFC models made by the library's own interface, and files that are none."""

import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.errors import KnownError
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.opened_source import open_sources
from citytwin_desktop.formats.report import ImportReport
from citytwin_desktop.formats.source_city import SourceCity
from tests.formats.footprint_samples import codes


@pytest.fixture(scope="module")
def api() -> Any:
    """Interface that builds models."""
    pytest.importorskip("ifcopenshell", reason="ifcopenshell is not installed")
    import ifcopenshell.api.aggregate
    import ifcopenshell.api.context
    import ifcopenshell.api.geometry
    import ifcopenshell.api.georeference
    import ifcopenshell.api.project
    import ifcopenshell.api.pset
    import ifcopenshell.api.root
    import ifcopenshell.api.spatial
    import ifcopenshell.api.unit

    return ifcopenshell.api


def place(api: Any, model: Any, item: Any, x: float, y: float, z: float, angle_deg: float = 0.0) -> None:
    matrix = np.eye(4)
    angle = np.radians(angle_deg)
    matrix[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    matrix[:3, 3] = x, y, z
    api.geometry.edit_object_placement(model, product=item, matrix=matrix)


def house(api: Any, path: Path, *, mapped: bool = True, second_length: float = 10.0, slab: bool = False) -> Path:
    """Two storeys of 3 m; the lower 10 m by 6 m, the upper as long as said; in millimetres."""
    model = api.project.create_file(version="IFC4")
    project = api.root.create_entity(model, ifc_class="IfcProject", name="P")
    api.unit.assign_unit(model, length={"is_metric": True, "raw": "MILLIMETERS"})
    context = api.context.add_context(model, context_type="Model")
    body = api.context.add_context(
        model, context_type="Model", context_identifier="Body", target_view="MODEL_VIEW", parent=context
    )
    site = api.root.create_entity(model, ifc_class="IfcSite")
    building = api.root.create_entity(model, ifc_class="IfcBuilding", name="Wohnhaus")
    api.aggregate.assign_object(model, products=[site], relating_object=project)
    api.aggregate.assign_object(model, products=[building], relating_object=site)
    common = api.pset.add_pset(model, product=building, name="Pset_BuildingCommon")
    api.pset.edit_pset(model, pset=common, properties={"YearOfConstruction": "1975"})
    site.RefLatitude, site.RefLongitude = (52, 30, 36, 0), (13, 24, 0, 0)
    for number, length in enumerate((10.0, second_length)):
        storey = api.root.create_entity(model, ifc_class="IfcBuildingStorey", name=f"S{number}")
        api.aggregate.assign_object(model, products=[storey], relating_object=building)
        place(api, model, storey, 0, 0, 3.0 * number)
        items = []
        for x, y, angle, span in ((0, 0, 0, length), (length, 0, 90, 6), (length, 6, 180, length), (0, 6, 270, 6)):
            wall = api.root.create_entity(model, ifc_class="IfcWall")
            shape = api.geometry.add_wall_representation(model, context=body, length=span, height=3.0, thickness=0.3)
            api.geometry.assign_representation(model, product=wall, representation=shape)
            place(api, model, wall, x, y, 3.0 * number, angle)
            properties = {"IsExternal": True, "ThermalTransmittance": 0.24}
            api.pset.edit_pset(
                model, pset=api.pset.add_pset(model, product=wall, name="Pset_WallCommon"), properties=properties
            )
            items.append(wall)
        window = api.root.create_entity(model, ifc_class="IfcWindow")
        window.OverallWidth, window.OverallHeight = 2000.0, 1500.0
        items.append(window)
        if slab:
            floor = api.root.create_entity(model, ifc_class="IfcSlab")
            corners = [(0.0, 0.0), (3.0, 0.0), (3.0, 6.0), (0.0, 6.0), (0.0, 0.0)]
            shape = api.geometry.add_slab_representation(model, context=body, depth=0.2, polyline=corners)
            api.geometry.assign_representation(model, product=floor, representation=shape)
            place(api, model, floor, 0, 0, 3.0 * number)
            items.append(floor)
        api.spatial.assign_container(model, products=items, relating_structure=storey)
    if mapped:
        api.georeference.add_georeferencing(model)
        where = {
            "Eastings": 391e6,
            "Northings": 5820e6,
            "OrthogonalHeight": 34e3,
            "XAxisAbscissa": 0.0,
            "XAxisOrdinate": 1.0,
        }
        api.georeference.edit_georeferencing(model, projected_crs={"Name": "EPSG:25833"}, coordinate_operation=where)
    model.write(str(path))
    return path


def read_path(path: Path) -> tuple[SourceCity, ImportReport]:
    from citytwin_desktop.formats.ifc import read

    report = ImportReport()
    return read(open_sources(path)[0], ImportOptions(), report), report


def volume_m3(city: SourceCity) -> float:
    polygons = city.polygons
    local = polygons.vertices - polygons.vertices[0]
    return float((polygons.area_vectors_m2 * local[polygons.first_vertex]).sum() / 3.0)


def test_a_house_with_a_map_conversion(api: Any, tmp_path: Path) -> None:
    city, report = read_path(house(api, tmp_path / "house.ifc"))
    assert city.reference.name == "EPSG:25833"
    assert volume_m3(city) == pytest.approx(10 * 6 * 6, rel=1e-6)
    low, high = city.polygons.vertices.min(axis=0), city.polygons.vertices.max(axis=0)
    # The x axis points north: 10 m along it, 6 m to the west.
    assert low == pytest.approx([390_994.0, 5_820_000.0, 34.0], abs=1e-3)
    assert high == pytest.approx([391_000.0, 5_820_010.0, 40.0], abs=1e-3)
    row = city.rows[0]
    assert (row["name"], row["function"], row["year_built"], row["storeys"]) == ("Wohnhaus", "residential", 1975.0, 2.0)
    assert row["wall_u_value_w_m2k"] == 0.24
    assert row["window_share"] == pytest.approx(6.0 / 192.0, abs=1e-4)
    assert "body_simplified" in codes(report)


def test_a_shorter_upper_storey_leaves_a_terrace(api: Any, tmp_path: Path) -> None:
    city, _ = read_path(house(api, tmp_path / "house.ifc", mapped=False, second_length=6.0))
    assert volume_m3(city) == pytest.approx(10 * 6 * 3 + 6 * 6 * 3, rel=1e-6)
    roofs = city.polygons.areas_m2[city.kind == SurfaceKind.ROOF]
    assert sorted(roofs.tolist()) == pytest.approx([24.0, 36.0], rel=1e-6)
    assert city.reference.name == ""
    assert city.metadata["local"] is True
    assert city.metadata["latitude_deg"] == pytest.approx(52.51)


def test_a_yard_without_slab_stays_open(api: Any, tmp_path: Path) -> None:
    city, _ = read_path(house(api, tmp_path / "house.ifc", slab=True))
    ground = city.polygons.areas_m2[city.kind == SurfaceKind.GROUND].sum()
    assert ground < 50.0


def test_scan(api: Any, tmp_path: Path) -> None:
    from citytwin_desktop.formats.ifc import scan

    found = scan(open_sources(house(api, tmp_path / "house.ifc"))[0])
    assert (found.types["Building"], found.types["IfcWall"], found.reference) == (1, 8, "EPSG:25833")


def test_without_the_extra_a_sentence_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ifcopenshell", None)
    (tmp_path / "a.ifc").write_bytes(b"ISO-10303-21;\nEND-ISO-10303-21;")
    with pytest.raises(KnownError, match=r"citytwin-desktop\[ifc\]"):
        read_path(tmp_path / "a.ifc")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"hello", "no IFC"),
        (b"ISO-10303-21;\nHEADER;", "breaks off"),
        (b"ISO-10303-21;\nDATA;\n#1=IFCWALL(" + b"(" * 100_000 + b"END-ISO-10303-21;", "nested"),
        (b"ISO-10303-21;\nEND-ISO-10303-21;", "a.ifc"),
    ],
)
def test_hostile_files_are_refused(api: Any, tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.ifc").write_bytes(data)
    with pytest.raises(KnownError, match=words):
        read_path(tmp_path / "a.ifc")


def test_mutated_files(api: Any, tmp_path: Path) -> None:
    original = house(api, tmp_path / "house.ifc").read_bytes()
    chance, usable = random.Random(2), 0
    for _ in range(25):
        data = bytearray(original)
        for _ in range(chance.randint(1, 3)):
            spot = chance.randrange(400, len(data) - 40)
            data[spot : spot + 2] = chance.choice([b"9", b"$", b"*", b"1E400", b"#1", b".T.", b"-"])
        (tmp_path / "odd.ifc").write_bytes(bytes(data))
        try:
            city, _ = read_path(tmp_path / "odd.ifc")
        except KnownError:
            continue
        usable += 1
        assert np.isfinite(city.polygons.vertices).all()
    assert usable > 3
