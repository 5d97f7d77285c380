"""Surfaces of the input file: areas, orientation, holes, party walls, windows inside their wall."""

import numpy as np
import pytest
import shapely
from energy_samples import COURT, L_SHAPE, SQUARE, model, spec

from citytwin_desktop.sim.energyplus.idf import build_idf
from citytwin_desktop.sim.energyplus.inputs import EnergySettings, PartyStretch
from citytwin_desktop.sim.energyplus.plan_pieces import MOST_CORNERS, convex_pieces, polygon_pieces
from citytwin_desktop.sim.energyplus.wall_faces import wall_faces


def surfaces(made, kind: str = "BUILDINGSURFACE:DETAILED") -> dict[str, tuple[list, np.ndarray]]:
    """Fields and corners by name."""
    rows = build_idf(made, EnergySettings()).idf.idfobjects[kind]
    first = {"BUILDINGSURFACE:DETAILED": 12, "FENESTRATIONSURFACE:DETAILED": 10}[kind]
    return {row.obj[1]: (row.obj, np.array(row.obj[first:], float).reshape(-1, 3)) for row in rows}


def area_vector(corners: np.ndarray) -> np.ndarray:
    return sum(np.cross(a, b) for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)) / 2.0


@pytest.mark.parametrize(("rings", "plan_area", "perimeter"), [((L_SHAPE,), 85.0, 44.0), (COURT, 336.0, 112.0)])
def test_surfaces_close_the_body(rings, plan_area: float, perimeter: float) -> None:
    """Area vectors of each closed storey add up to nothing, and walls have the area of perimeter times height."""
    made = model(*rings, storeys=2)
    faces = surfaces(made)
    for storey in ("Storey 1", "Storey 2"):
        vectors = np.array([area_vector(corners) for row, corners in faces.values() if row[4] == storey])
        assert np.allclose(vectors.sum(axis=0), 0.0, atol=1e-3)
        upward = vectors[:, 2]
        assert upward[upward > 0].sum() == pytest.approx(plan_area)
        walls = np.abs(upward) < 1e-6
        assert np.linalg.norm(vectors[walls], axis=1).sum() == pytest.approx(perimeter * 3.0)


def test_normals_point_outwards() -> None:
    faces = surfaces(model(L_SHAPE))
    body = shapely.Polygon(L_SHAPE)
    for row, corners in faces.values():
        if row[2] == "Wall":
            normal = area_vector(corners)
            outside = shapely.Point((corners.mean(axis=0) + 0.01 * normal / np.linalg.norm(normal))[:2])
            assert not body.contains(outside)


def test_slabs_are_pairs_of_one_polygon() -> None:
    faces = surfaces(model(*COURT, storeys=3))
    pairs = [(name, row[7]) for name, (row, _) in faces.items() if row[6] == "Surface"]
    assert len(pairs) == 2 * 2 * len(polygon_pieces(shapely.Polygon(COURT[0], COURT[1:])))
    for name, other in pairs:
        assert faces[other][0][7] == name
        assert np.allclose(area_vector(faces[name][1]), -area_vector(faces[other][1]))


def test_explicit_volume_and_floor_area_leave_out_the_court() -> None:
    made = model(*COURT, storeys=2)
    zones = build_idf(made, EnergySettings()).idf.idfobjects["ZONE"]
    assert [(zone.Volume, zone.Floor_Area) for zone in zones] == [(1008.0, 336.0)] * 2
    assert made.volume_m3 == 2016.0


def test_pieces_of_many_corners_and_holes_are_simple_and_lose_nothing() -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, 257)[:-1]
    ring = 30.0 * np.column_stack([np.cos(angle), np.sin(angle)])
    holes = [
        4.0 * np.column_stack([np.cos(-angle[::32]), np.sin(-angle[::32])]) + shift for shift in ([-12, 0], [9, 3])
    ]
    pieces = [shapely.Polygon(piece) for piece in polygon_pieces(shapely.Polygon(ring, holes))]
    whole = shapely.Polygon(ring, holes)
    assert all(piece.is_valid and piece.exterior.is_ccw for piece in pieces)
    assert max(len(piece.exterior.coords) - 1 for piece in pieces) <= MOST_CORNERS
    assert sum(piece.area for piece in pieces) == pytest.approx(whole.area)
    assert shapely.union_all(pieces).symmetric_difference(whole).area < 1e-6


def test_windows_stand_at_their_own_storey_and_inside_their_wall() -> None:
    made = model(SQUARE, storeys=3, spec=spec(window_share=0.25))
    walls, windows = surfaces(made), surfaces(made, "FENESTRATIONSURFACE:DETAILED")
    assert len(windows) == 12
    for row, corners in windows.values():
        wall = walls[row[4]][1]
        assert np.all(corners.min(axis=0) >= wall.min(axis=0) - 1e-6)
        assert np.all(corners.max(axis=0) <= wall.max(axis=0) + 1e-6)
        ratio = np.linalg.norm(area_vector(corners)) / np.linalg.norm(area_vector(wall))
        assert ratio == pytest.approx(0.25, rel=1e-3)
        assert area_vector(corners) @ area_vector(wall) > 0


def stretch(start: float, end: float, bottom: float, top: float, position: int = 1) -> PartyStretch:
    return PartyStretch(0, 0, position, start, end, bottom, top)


def test_a_partial_party_wall_is_adiabatic_only_where_the_neighbour_stands() -> None:
    made = model(SQUARE, storeys=2, party=(stretch(4.0, 10.0, 0.0, 4.0),))
    adiabatic = {name: area_vector(c) for name, (row, c) in surfaces(made).items() if row[6] == "Adiabatic"}
    assert sum(np.linalg.norm(vector) for vector in adiabatic.values()) == pytest.approx(6.0 * 4.0)
    assert all(vector[0] > 0 for vector in adiabatic.values()), "the east wall only"
    windows = surfaces(made, "FENESTRATIONSURFACE:DETAILED")
    assert not {row[4] for row, _ in windows.values()} & set(adiabatic)


def box(start: float, end: float, bottom: float, top: float, outdoors: bool):
    return (start, end, bottom, top, outdoors)


@pytest.mark.parametrize(
    ("stretches", "wanted"),
    [
        ([], [box(0, 10, 0, 3, True)]),
        ([stretch(0, 10, 0, 9)], [box(0, 10, 0, 3, False)]),
        ([stretch(0.05, 9.97, 0.1, 2.9)], [box(0, 10, 0, 3, False)]),
        ([stretch(0, 10, 0, 1)], [box(0, 10, 0, 1, False), box(0, 10, 1, 3, True)]),
        ([stretch(0, 10, 0, 0.2)], [box(0, 10, 0, 3, True)]),
        ([stretch(2, 6, 0, 3)], [box(0, 2, 0, 3, True), box(2, 6, 0, 3, False), box(6, 10, 0, 3, True)]),
        (
            [stretch(0, 5, 0, 3), stretch(5, 10, 1, 2)],
            [box(0, 5, 0, 3, False), box(5, 10, 0, 1, True), box(5, 10, 1, 2, False), box(5, 10, 2, 3, True)],
        ),
        ([stretch(0, 4, 0, 9), stretch(4, 10, 0, 8)], [box(0, 10, 0, 3, False)]),
    ],
)
def test_wall_faces_of_a_rectangle(stretches, wanted) -> None:
    cell = [(0.0, 0.0), (10.0, 0.0), (10.0, 3.0), (0.0, 3.0)]
    faces = wall_faces(cell, stretches)
    found = []
    for face in faces:
        (s0, z0), (s1, z1) = np.min(face.points, axis=0), np.max(face.points, axis=0)
        assert face.area_m2 == pytest.approx((s1 - s0) * (z1 - z0)), "a rectangle"
        found.append(box(s0, s1, z0, z1, face.outdoors))
    np.testing.assert_allclose(np.array(sorted(found), float), np.array(sorted(wanted), float), atol=1e-9)


def test_a_party_wall_follows_the_slope_of_the_neighbours_roof() -> None:
    """A gable of 3 m eaves and 7 m ridge against a shed roof that falls from 5 m to 1 m."""
    gable = [(0.0, 0.0), (10.0, 0.0), (10.0, 3.0), (5.0, 7.0), (0.0, 3.0)]
    faces = wall_faces(gable, [PartyStretch(0, 0, 0, 0.0, 10.0, 0.0, 5.0, 1.0)])
    assert sum(face.area_m2 for face in faces) == pytest.approx(50.0)
    # The lines 3 + 0.8 s and 5 - 0.4 s meet at s = 5/3: below both lie 3 x 5/3 + 1.111 and 7.5 to 10 m along.
    covered = 5.0 / 3.0 * 3.0 + (5.0 / 3.0) ** 2 * 0.8 / 2.0 + (10.0 - 5.0 / 3.0) * (5.0 - 0.4 * 5.0 / 3.0 + 1.0) / 2.0
    (party,) = [face for face in faces if not face.outdoors]
    assert party.area_m2 == pytest.approx(covered, rel=1e-6)


def test_convex_pieces_cover_a_polygon_with_a_hole() -> None:
    for shape in (shapely.Polygon(COURT[0], COURT[1:]), shapely.Polygon(L_SHAPE)):
        pieces = [shapely.Polygon(piece) for piece in convex_pieces(shape)]
        assert all(piece.exterior.is_ccw and piece.convex_hull.area == pytest.approx(piece.area) for piece in pieces)
        assert sum(piece.area for piece in pieces) == pytest.approx(shape.area)
        assert shapely.union_all(pieces).symmetric_difference(shape).area < 1e-6
    assert len(convex_pieces(shapely.Polygon(L_SHAPE))) == 2
    assert len(convex_pieces(shapely.Polygon(SQUARE))) == 1
