"""Roads, water, plants and terrain: which of an object's faces are drawn, each area once."""

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.formats.citygml.drafts import Draft, Faces, Group
from citytwin_desktop.formats.citygml.kinds import CONTEXT

_COARSE_FIRST = ("area", "way", "lane")


def drawn_faces(draft: Draft) -> tuple[ContextKind, Faces, bool]:
    """Kind of layer, faces, and whether they are those of a solid."""
    kind = CONTEXT[draft.kind]
    if kind is ContextKind.ROAD:
        return kind, _traffic(draft), False
    if kind is ContextKind.WATER:
        return kind, _water(draft), False
    if draft.kind == "ReliefFeature":
        return kind, _relief(draft), False
    groups = _best(draft)
    solid = bool(groups) and groups[0].role == "body"
    return kind, _faces(groups), solid


def _best(draft: Draft) -> list[Group]:
    """Groups of the highest level; solids only where there are any."""
    groups = [group for group in draft.groups if group.faces]
    level = max((group.lod for group in groups), default="")
    groups = [group for group in groups if group.lod == level]
    solids = [group for group in groups if group.role == "body"]
    return solids or groups


def _faces(groups: list[Group]) -> Faces:
    return [face for group in groups for face in group.faces]


def _traffic(draft: Draft) -> Faces:
    """Areas of the spaces below, or its own where there are none; of several granularities the coarsest."""
    spaces = [part for part in draft.parts if part.kind in ("TrafficSpace", "AuxiliaryTrafficSpace")]
    others = [part for part in draft.parts if part not in spaces]
    found = [face for part in others for face in _traffic(part)]
    for kind in ("TrafficSpace", "AuxiliaryTrafficSpace"):
        by_size: dict[str, Faces] = {}
        for space in (space for space in spaces if space.kind == kind):
            by_size.setdefault(str(space.attributes.get("granularity", "")), []).extend(_traffic(space))
        sizes = [size for size in _COARSE_FIRST if by_size.get(size)]
        found.extend(by_size[sizes[0]] if sizes else [])
        found.extend(face for size, faces in by_size.items() if size not in _COARSE_FIRST for face in faces)
    return found or _faces(_best(draft))


def _water(draft: Draft) -> Faces:
    surfaces = [part for part in draft.parts if part.kind == "WaterSurface"]
    found = [face for part in surfaces for face in _faces(_best(part))]
    return found or _faces(_best(draft))


def _relief(draft: Draft) -> Faces:
    """Triangles of the finest components."""
    components = [part for part in draft.parts if part.groups]
    level = max((str(part.attributes.get("lod", "")) for part in components), default="")
    finest = [part for part in components if str(part.attributes.get("lod", "")) == level]
    return [face for part in finest for face in _faces(part.groups)]
