"""Every fault that the import doctor can name: what it means, and what to do about it.

The numbers are those of val3dity (Ledoux 2018, doi:10.1186/s40965-018-0043-x; ISO 19107); the words are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["blocks", "doubtful", "note"]


@dataclass(frozen=True)
class Fault:
    """One kind of fault.

    Parameters
    ----------
    code : str
        Stable, in snake_case; scripts match it.
    val3dity : int or None
        Number of the same fault there.
    title : str
        A few words for lists.
    meaning : str
        One sentence: what is wrong; may hold ``{number}``, the measure that a finding gives, and
        words for one or many, ``{number:surface|surfaces}``.
    remedy : str
        One sentence: what the user can do.
    level : str
        ``blocks``: an engine would refuse the building or give nonsense; ``doubtful``: it is simulated, but the
        result may be wrong; ``note``: nothing to fear.
    repaired : str
        One sentence: what the repair did, with ``{number}``; empty where there is none.
    """

    code: str
    val3dity: int | None
    title: str
    meaning: str
    remedy: str
    level: Level
    repaired: str = ""


_REDRAW = "Simulation goes on; to be rid of it, correct the surface in the program that made the file."
_SHELL = "Simulation goes on from footprint and roofs; ask for a corrected delivery if exact areas matter."

_RINGS = (
    Fault(
        "too_few_points", 101, "Too few corners",
        "A ring of the surface has fewer than three different corners.",
        "Nothing is lost by importing again: the import leaves such rings out.", "note",
        "{number:.0f} {number:hole|holes} with fewer than three different corners {number:was|were} left out.",
    ),
    Fault(
        "consecutive_points_same", 102, "Repeated corner",
        "The surface repeats {number:.0f} of its corners.",
        "Import the file again to have repeated corners taken out.", "note",
        "{number:.0f} repeated {number:corner was|corners were} taken out.",
    ),
    Fault(
        "ring_not_closed", 103, "Ring not closed",
        "A ring of the surface did not end where it began.",
        "Look at the surface: the import has closed the ring by a straight line.", "note",
        "The ring was closed by a straight line.",
    ),
    Fault(
        "ring_self_intersection", 104, "Outline crosses itself",
        "The outline of the surface crosses itself.",
        "Correct or delete the surface, for its area cannot be trusted.", "doubtful",
    ),
    Fault(
        "ring_touches_itself", 104, "Outline touches itself",
        "The outline of the surface touches itself, or runs along itself.",
        "Nothing to do: its area is right all the same.", "note",
    ),
    Fault(
        "intersection_rings", 201, "Hole crosses outline",
        "A hole of the surface crosses its outline or another hole.",
        "Correct or delete the surface, for its area cannot be trusted.", "doubtful",
    ),
    Fault(
        "duplicated_rings", 202, "Ring given twice",
        "Two rings of the surface are the same.",
        "Correct or delete the surface, for its area cannot be trusted.", "doubtful",
    ),
    Fault(
        "non_planar_polygon_distance_plane", 203, "Surface not flat",
        "The surface is bent: its corners lie up to {number:.2f} m off its plane.", _REDRAW, "note",
    ),
    Fault(
        "non_planar_polygon_normals_deviation", 204, "Surface folded",
        "The surface is folded: parts of it face up to {number:.0f}° away from the whole.", _REDRAW, "note",
    ),
    Fault(
        "polygon_interior_disconnected", 205, "Surface in pieces",
        "The holes of the surface cut it into separate pieces.", _REDRAW, "note",
    ),
    Fault(
        "hole_outside", 206, "Hole outside",
        "A hole lies outside the outline of its surface.",
        "Correct or delete the surface, for its area cannot be trusted.", "doubtful",
    ),
    Fault(
        "inner_rings_nested", 207, "Hole in a hole",
        "A hole of the surface lies inside another hole.",
        "Correct or delete the surface, for its area cannot be trusted.", "doubtful",
    ),
    Fault(
        "orientation_rings_same", 208, "Hole wound like the outline",
        "A hole runs in the same direction as the outline, so that it would add area instead of taking it off.",
        "Import the file again to have the hole turned.", "doubtful",
        "{number:.0f} {number:hole was|holes were} turned against {number:its|their} outline.",
    ),
)  # fmt: skip

_SHELLS = (
    Fault(
        "not_valid_2_manifold", 300, "No proper shell",
        "The surfaces do not form the shell of a body.", _SHELL, "doubtful",
    ),
    Fault(
        "too_few_polygons", 301, "Too few surfaces",
        "The body has only {number:.0f} {number:surface|surfaces}; four are the least that enclose a space.",
        "Give the building a height, or import it with another level of detail.", "doubtful",
    ),
    Fault(
        "shell_not_closed", 302, "Not closed",
        "The body is open above or below over about {number:.1f} m² in plan.",
        "The mean height of its roof is used instead of its volume; check roof and ground for missing surfaces.",
        "doubtful",
    ),
    Fault(
        "open_sides", 302, "Walls left out",
        "Walls are missing, as many sources leave them out between terraced houses.",
        "Nothing to do: walls are made anew from the footprint, and party walls are found by themselves.", "note",
    ),
    Fault(
        "non_manifold_case", 303, "Surfaces meet irregularly",
        "At {number:.0f} {number:edge|edges} more than two surfaces meet, or two meet the wrong way.", _SHELL, "note",
    ),
    Fault(
        "multiple_connected_components", 305, "Several bodies",
        "The building consists of {number:.0f} bodies that do not touch.",
        "Nothing to do if they belong together; otherwise split them in the program that made the file.", "note",
    ),
    Fault(
        "shell_self_intersection", 306, "Body crosses itself",
        "Surfaces of the body cross each other.", _SHELL, "doubtful",
    ),
    Fault(
        "polygon_wrong_orientation", 307, "Surface inside out",
        "{number:.0f} {number:surface faces|surfaces face} inwards, where the neighbours face outwards.",
        "Import the file again to have them turned, or look at the surfaces named.", "doubtful",
        "{number:.0f} {number:surface was|surfaces were} turned to face outwards.",
    ),
    Fault(
        "inner_shell_intersects", 401, "Cavity crosses the shell",
        "A cavity crosses the outer shell of the body or another cavity.", _SHELL, "doubtful",
    ),
    Fault("duplicated_shells", 402, "Shell given twice", "Two shells of the body are the same.", _SHELL, "doubtful"),
    Fault("inner_shell_outside", 403, "Cavity outside", "A cavity lies outside its body.", _SHELL, "doubtful"),
    Fault(
        "interior_disconnected", 404, "Body cut in two",
        "The cavities cut the body into separate spaces.", _SHELL, "doubtful",
    ),
    Fault(
        "wrong_orientation_shell", 405, "Shell inside out",
        "A cavity is wound like an outer shell, or the shell like a cavity.", _SHELL, "doubtful",
    ),
    Fault(
        "intersection_solids", 501, "Bodies cross",
        "Two bodies of one composite cross each other.", _SHELL, "doubtful",
    ),
    Fault(
        "duplicated_solids", 502, "Body given twice",
        "Two bodies of one composite are the same.", _SHELL, "doubtful",
    ),
    Fault(
        "disconnected_solids", 503, "Bodies apart",
        "The bodies of one composite do not touch each other.", _SHELL, "note",
    ),
    Fault(
        "buildingparts_overlap", 601, "Parts overlap",
        "Parts of the same building overlap by {number:.0%} of the smaller one.",
        "Their common space is counted twice: delete one of the parts, or import another level of detail.", "doubtful",
    ),
    Fault(
        "unknown_error", 999, "Unknown fault",
        "The surface cannot be checked.", "Look at the surface, and delete it if it is nonsense.", "doubtful",
    ),
)  # fmt: skip

_BUILDINGS = (
    Fault(
        "no_geometry", None, "No geometry",
        "The building has no surface at all.",
        "Import another level of detail, or leave the building out.", "blocks",
    ),
    Fault(
        "not_a_number", None, "Coordinates missing",
        "A corner has coordinates that are no numbers, or beyond all reason.",
        "Import the file again: the import leaves such surfaces out.", "blocks",
        "{number:.0f} {number:surface|surfaces} with corners that are no numbers {number:was|were} left out.",
    ),
    Fault(
        "no_height", None, "No height",
        "The building is only {number:.2f} m high.",
        "Give it a height or a number of storeys, or import it with the column that holds them.", "blocks",
    ),
    Fault(
        "zero_area", None, "Surface without area",
        "The surface has no area.",
        "Nothing to do: it is ignored everywhere.", "note",
        "{number:.0f} {number:surface|surfaces} without area {number:was|were} left out.",
    ),
    Fault(
        "no_plan", None, "No footprint",
        "The building has less than 1 m² in plan.",
        "Give it a ground or roof surface, or leave it out.", "blocks",
    ),
    Fault(
        "absurd_height", None, "Absurd height",
        "The building is {number:,.0f} m high, more than any building on Earth.",
        "Check the unit of heights and look for a stray corner; then correct it, or leave the building out.", "blocks",
    ),
    Fault(
        "low_height", None, "Very low",
        "The building is only {number:.1f} m high.",
        "Check its height, or leave it out if it is no building.", "doubtful",
    ),
    Fault(
        "absurd_size", None, "Absurd size",
        "The building measures {number:,.0f} m across, more than any building on Earth.",
        "Check the coordinate system and look for a stray corner; then correct it, or leave the building out.",
        "blocks",
    ),
    Fault(
        "outlier_coordinates", None, "Far away from the rest",
        "The surface lies {number:,.0f} m away from the rest.",
        "Check the coordinates in the source; the import leaves single stray surfaces out.", "blocks",
        "{number:.0f} {number:surface|surfaces} far away from the rest {number:was|were} left out.",
    ),
    Fault(
        "duplicate_building", None, "Building given twice",
        "Another building fills the same space.",
        "Its demand would be counted twice: delete one of the two.", "doubtful",
    ),
    Fault(
        "duplicate_surface", None, "Surface given twice",
        "Another surface of the building has the same corners.",
        "Import the file again to have it taken out, or delete one of the two.", "doubtful",
        "{number:.0f} {number:surface|surfaces} given twice {number:was|were} kept once.",
    ),
    Fault(
        "overlapping_building", None, "Overlaps another",
        "Another building takes up {number:.0%} of the same space in plan.",
        "Their common space is counted twice: correct one of the two, or delete it.", "doubtful",
    ),
    Fault(
        "below_another", None, "Below another",
        "Another building stands above {number:.0%} of this one.",
        "Nothing to do if that is so; the roof below it is taken as covered.", "note",
    ),
    Fault(
        "fragments", None, "House in fragments",
        "The building seems to be one of {number:.0f} fragments of a single house.",
        "Merge them in the program that made the file, or import another layer of it.", "doubtful",
    ),
    Fault(
        "sliver_surface", None, "Sliver",
        "The surface is only {number:.1f} mm wide.", "Nothing to do: it hardly counts.", "note",
    ),
    Fault(
        "missing_ground", None, "No ground surface",
        "The building has no ground surface.",
        "Its roofs are projected instead, eaves included; check the footprint if that matters.", "note",
        "A ground surface of {number:.1f} m² was added where the walls end.",
    ),
    Fault(
        "missing_walls", None, "No walls",
        "The building has no walls.",
        "Nothing to do: walls are made anew from the footprint; sunlight on walls is missing, though.", "note",
    ),
    Fault(
        "missing_roof", None, "No roof surface",
        "The building has no roof surface.",
        "A flat roof is assumed; check its height.", "doubtful",
    ),
    Fault(
        "inverted_body", None, "Inside out",
        "All surfaces of the body face inwards.",
        "Import the file again to have the body turned.", "doubtful",
        "The body was inside out: its {number:.0f} surfaces were turned.",
    ),
    Fault(
        "floating", None, "Floating",
        "The building hangs {number:.1f} m above the buildings around it, and nothing stands below it.",
        "Check its base height; the air below it is taken for ground.", "doubtful",
    ),
    Fault(
        "sunken", None, "Below the ground around",
        "The building lies {number:.1f} m below the buildings around it.",
        "Check its base height; a height of 0 often stands for an unknown one.", "doubtful",
    ),
    Fault(
        "split_edges", None, "Edges split by neighbours",
        "{number:.0f} {number:edge is|edges are} split by corners of a neighbouring surface, "
        "or {number:misses|miss} it by a hair.",
        "Nothing to do: the body counts as closed.", "note",
    ),
    Fault(
        "too_many_corners", None, "Too many corners",
        "The footprint has {number:.0f} corners.",
        "Simulation may be slow; simplify the footprint in the program that made the file.", "note",
    ),
    Fault(
        "storeys_height_mismatch", None, "Storeys do not fit the height",
        "Storeys would be {number:.1f} m high.",
        "Correct the number of storeys or the height.", "doubtful",
    ),
    Fault(
        "storeys_too_low", None, "Too many storeys",
        "Storeys would be only {number:.1f} m high, which no room is.",
        "Correct the number of storeys, or clear it.", "blocks",
    ),
    Fault(
        "no_function", None, "Function unknown",
        "The source does not say what the building is used for.",
        "Choose a function, or run enrich with one to assume.", "note",
    ),
    Fault(
        "no_year", None, "Year unknown",
        "The source does not say when the building was built.",
        "Enter the year, or run enrich with one to assume.", "note",
    ),
)  # fmt: skip

FAULTS: Mapping[str, Fault] = {fault.code: fault for fault in (*_RINGS, *_SHELLS, *_BUILDINGS)}
"""By code."""

CODES: tuple[str, ...] = tuple(FAULTS)
"""In the order in which tables number them."""
