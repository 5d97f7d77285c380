"""Which faces of a building count: one level of detail, each polygon once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from citytwin_desktop.city.kinds import SurfaceKind
from citytwin_desktop.formats.citygml.corners import Corners
from citytwin_desktop.formats.citygml.drafts import Draft, Group
from citytwin_desktop.formats.citygml.references import Resolver
from citytwin_desktop.formats.citygml.remarks import Remarks
from citytwin_desktop.formats.source_city import UNKNOWN_KIND

_SHELL_ROLES = ("theme", "body", "shell")


@dataclass(slots=True)
class ChosenDraft:
    """A building or part with its level of detail and its faces.

    Parameters
    ----------
    draft : Draft
    lod : str
    numbers : list of int
        Of polygons; ``~number`` when one is walked the other way round.
    kinds : list of int
    identifiers : list of str
        Of the boundary surface that each belongs to, empty for none.
    from_roof_edge : bool
    """

    draft: Draft
    lod: str
    numbers: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    from_roof_edge: bool = False

    def add(self, numbers: list[int], kind: int, identifier: str) -> None:
        """Add polygons of one kind."""
        self.numbers += numbers
        self.kinds += [kind] * len(numbers)
        self.identifiers += [identifier] * len(numbers)

    def clear(self) -> None:
        """Forget all faces."""
        self.numbers, self.kinds, self.identifiers = [], [], []


def levels(draft: Draft) -> set[str]:
    """Levels of detail at which a draft has an outside; openings alone do not count."""
    found = {group.lod for group in draft.groups if group.role in _SHELL_ROLES}
    found |= {group.lod for group in draft.groups if group.role in ("outline", "roof_edge")}
    return found | {placement.lod for placement in draft.placements}


def chosen_faces(
    family: list[Draft], lod: str | None, resolver: Resolver, corners: Corners, remarks: Remarks
) -> list[ChosenDraft]:
    """Choose the faces of a building and its parts.

    Parameters
    ----------
    family : list of Draft
        The building first.
    lod : str, optional
        Level of detail to take; the highest of each when not given.
    resolver : Resolver
    corners : Corners
    remarks : Remarks

    Raises
    ------
    MissingTargetError
        When a reference leads to what has not been read yet.
    """
    highest = [max(levels(draft), default="") for draft in family]
    of_parts = max(highest[1:], default="")
    chosen: list[ChosenDraft] = []
    used: set[int] = set()
    for place, draft in enumerate(family):
        level = lod if lod is not None else highest[place]
        groups = [group for group in draft.groups if group.lod == level]
        if place == 0 and lod is None and level < of_parts and groups:
            if level > "0":
                message = f"Its own geometry of LoD {level} was left out, for its parts have LoD {of_parts}."
                remarks.add(draft.identifier, "coarser_than_parts", message)
            groups = []
        chosen.append(_themes(draft, level, groups, used, resolver))
    for item in chosen:
        if place_groups := [group for group in item.draft.groups if group.lod == item.lod]:
            coarse = item is chosen[0] and lod is None and item.lod < of_parts
            if not coarse:
                _bodies(item, place_groups, used, resolver, corners, remarks)
    if not any(item.numbers for item in chosen):
        _installations(chosen[0], lod, used, resolver, remarks)
    return chosen


def _themes(draft: Draft, level: str, groups: list[Group], used: set[int], resolver: Resolver) -> ChosenDraft:
    item = ChosenDraft(draft, level)
    for group in groups:
        if group.role in ("theme", "opening"):
            _take(item, group, used, resolver)
    return item


def _take(item: ChosenDraft, group: Group, used: set[int], resolver: Resolver) -> None:
    """Add a group's polygons; one that two parts share, each facing its own outside, counts for both."""
    numbers = resolver.numbers(group.faces)
    if numbers is not group.faces:
        # Only references can lead to the same polygon twice.
        own = set(item.numbers)
        fresh = {number if number >= 0 else ~number: number for number in reversed(numbers)}
        numbers = [n for n in reversed(fresh.values()) if n not in used and n not in own and ~n not in own]
    elif not used.isdisjoint(numbers):
        numbers = [number for number in numbers if number not in used]
    used.update(numbers)
    item.add(numbers, group.kind, group.identifier)


def _bodies(
    item: ChosenDraft,
    groups: list[Group],
    used: set[int],
    resolver: Resolver,
    corners: Corners,
    remarks: Remarks,
) -> None:
    """Add what solids and shells have beyond the boundary surfaces."""
    role = next((role for role in ("body", "shell", "outline", "roof_edge") if _has(groups, role)), "")
    bodies = [group for group in groups if group.role == role]
    if not item.numbers:
        for group in bodies:
            _take(item, group, used, resolver)
        item.from_roof_edge = role == "roof_edge"
        return
    if role not in ("body", "shell"):
        return
    numbers = list(dict.fromkeys(number for group in bodies for number in resolver.numbers(group.faces)))
    own = set(item.numbers)
    left = [number for number in numbers if number not in used and ~number not in own]
    if left:
        _add_left(item, left, len(left) < len(numbers), used, corners, remarks)


def _add_left(
    item: ChosenDraft, left: list[int], linked: bool, used: set[int], corners: Corners, remarks: Remarks
) -> None:
    """Add polygons of a solid that no boundary surface has, unless the solid shows the same body once more."""
    there = {_shape(corners, number) for number in item.numbers}
    extra = [number for number in left if _shape(corners, number) not in there]
    kinds = set(item.kinds)
    if not linked and len(extra) == len(left) and {SurfaceKind.WALL, SurfaceKind.ROOF} <= kinds:
        message = "Its solid and its boundary surfaces are drawn apart: the boundary surfaces were taken."
        remarks.add(item.draft.identifier, "solid_drawn_apart", message)
        return
    if not linked and len(extra) == len(left):
        message = "Its boundary surfaces lack walls or roofs: its solid was taken, kinds by slope."
        remarks.add(item.draft.identifier, "surfaces_incomplete", message, "repaired")
        item.clear()
    used.update(extra)
    item.add(extra, UNKNOWN_KIND, "")


def _shape(corners: Corners, number: int) -> frozenset[tuple[float, ...]]:
    """Corners of a polygon in no order, which tell two polygons of one body apart."""
    number = number if number >= 0 else ~number
    first_ring = corners.polygon_ends[number - 1] if number else 0
    start = corners.ring_ends[first_ring - 1] if first_ring else 0
    end = corners.ring_ends[corners.polygon_ends[number] - 1]
    values = corners.coordinates[3 * start : 3 * end]
    return frozenset(zip(values[::3], values[1::3], values[2::3], strict=True))


def _installations(item: ChosenDraft, lod: str | None, used: set[int], resolver: Resolver, remarks: Remarks) -> None:
    """Take outer installations where a building has nothing else."""
    groups = [group for group in item.draft.groups if group.role == "installation"]
    level = lod if lod is not None else max((group.lod for group in groups), default="")
    for group in groups:
        if group.lod == level:
            _take(item, group, used, resolver)
    if item.numbers:
        item.lod = level
        message = "It has no geometry of its own: that of its outer installations was taken."
        remarks.add(item.draft.identifier, "only_installations", message, "repaired")


def _has(groups: Iterable[Group], role: str) -> bool:
    return any(group.role == role for group in groups)
