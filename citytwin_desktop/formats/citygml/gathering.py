"""From drafts to rows and surfaces of a `SourceCity`; families with references to what comes later wait."""

from collections import Counter
from typing import Any

import numpy as np

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.city.polygons import Polygons
from citytwin_desktop.formats.citygml.choosing import ChosenDraft, chosen_faces, levels
from citytwin_desktop.formats.citygml.corners import Corners, tidied, turned
from citytwin_desktop.formats.citygml.drafts import Draft, Placement
from citytwin_desktop.formats.citygml.energy.values import EnergyReader
from citytwin_desktop.formats.citygml.kinds import CONTEXT
from citytwin_desktop.formats.citygml.placing import PlacementError, placed
from citytwin_desktop.formats.citygml.plants import grown
from citytwin_desktop.formats.citygml.references import MissingTargetError, Resolver
from citytwin_desktop.formats.citygml.remarks import Remarks
from citytwin_desktop.formats.citygml.surroundings import drawn_faces
from citytwin_desktop.formats.import_options import ImportOptions
from citytwin_desktop.formats.known_attributes import known_columns, stated_origin
from citytwin_desktop.formats.source_city import UNKNOWN_KIND

_MOST_MADE_CORNERS = 12_000_000
"""Corners that a file may have made of it by placing templates: 288 MB."""
_FAULTS = {
    "ring_not_numbers": "have coordinates that are no numbers",
    "ring_odd_count": "have a number of coordinates that makes no whole corners",
    "surface_without_corners": "have under three corners",
    "hole_without_corners": "have holes with under three corners",
    "coordinates_not_finite": "have coordinates that are infinite or no number",
    "curve_not_read": "have bent edges, which are not read",
    "nested_too_deep": "are nested deeper than any city",
}


class Gatherer:
    """Collects what is read.

    Parameters
    ----------
    corners : Corners
    resolver : Resolver
    energy : EnergyReader
    options : ImportOptions
    remarks : Remarks
    """

    def __init__(
        self, corners: Corners, resolver: Resolver, energy: EnergyReader, options: ImportOptions, remarks: Remarks
    ) -> None:
        self.rows: list[dict[str, Any]] = []
        self._corners, self._resolver, self._energy = corners, resolver, energy
        self._options, self._remarks = options, remarks
        self._numbers: list[int] = []
        self._kinds = bytearray()
        self._owners: list[int] = []
        self._names: list[str] = []
        self._context: dict[ContextKind, list[int]] = {}
        self._made: dict[ContextKind, list[Polygons]] = {}
        self._waiting: list[Draft] = []
        self._placements: list[tuple[int | ContextKind, str, Placement]] = []
        self._flat_plants: list[tuple[Draft, list[int], bool]] = []
        self._made_corners = 0

    def take(self, draft: Draft) -> None:
        """Take in an object with its parts, now or when the rest of the file has been read."""
        try:
            self._take(draft)
        except MissingTargetError:
            self._waiting.append(draft)

    def finish(self) -> None:
        """Take in what has waited for later parts of the file."""
        self._resolver.final = True
        waiting, self._waiting = self._waiting, []
        for draft in waiting:
            self._take(draft)

    def _take(self, draft: Draft) -> None:
        if draft.kind in CONTEXT:
            self._take_context(draft)
        else:
            self._take_building(draft)
        self._tell_references(draft.identifier)

    def _tell_references(self, identifier: str) -> None:
        """Report references that could not be followed."""
        missing, circular, too_many = self._resolver.taken_faults()
        for target in missing:
            message = f"It refers to “{target[:60]}”, which is not in the file: that surface was left out."
            self._remarks.add(identifier, "xlink_unresolved", message, "repaired")
        if circular:
            message = f"{circular} references lead back to themselves and were left out."
            self._remarks.add(identifier, "xlink_circular", message, "repaired")
        if too_many:
            message = "Its references stand for millions of surfaces; the rest was left out: repair them."
            self._remarks.add(identifier, "xlink_too_many", message, "repaired")

    def _take_building(self, draft: Draft) -> None:
        family = draft.family()
        chosen = chosen_faces(family, self._options.lod, self._resolver, self._corners, self._remarks)
        parent_of = {id(part): above.identifier for above in family for part in above.parts}
        self._energy.add(family, len(self.rows))
        for item in chosen:
            row = len(self.rows)
            self.rows.append(self._row(item, parent_of.get(id(item.draft), "")))
            self._add_faces(item, row)
            if not item.numbers:
                self._add_placements(item, row)

    def _row(self, item: ChosenDraft, parent: str) -> dict[str, Any]:
        draft = item.draft
        known = known_columns(draft.attributes, self._options.columns)
        row: dict[str, Any] = {
            "id": draft.identifier,
            "parent_id": parent,
            "lod": item.lod if item.numbers or draft.placements else "",
            "attributes": draft.attributes,
        }
        if draft.code_function and "function" not in self._options.columns:
            known["function"] = draft.code_function
        for column in ("function", "year_built", "storeys"):
            if column in known:
                row[f"{column}_origin"] = stated_origin(draft.attributes, column)
        if item.from_roof_edge and "measured_height_m" in known and "ground_elevation_m" not in known:
            # The outline of a roof lies at the eaves: the building stands below it, by metres that are not here yet.
            row["outline_from_roof_edge"] = True
        return row | known

    def _add_faces(self, item: ChosenDraft, row: int) -> None:
        self._numbers += item.numbers
        self._kinds += bytes(item.kinds)
        self._owners += [row] * len(item.numbers)
        ids = self._corners.ids
        names = [ids[number if number >= 0 else ~number] for number in item.numbers]
        if any(item.identifiers) and not all(names):
            seen = Counter[str]()
            for place, identifier in enumerate(item.identifiers):
                if identifier and not names[place]:
                    seen[identifier] += 1
                    times = seen[identifier]
                    names[place] = identifier if times == 1 else f"{identifier}.{times}"
        self._names += names

    def _add_placements(self, item: ChosenDraft, row: int) -> None:
        level = item.lod if self._options.lod is not None else max(levels(item.draft), default="")
        for placement in item.draft.placements:
            if placement.lod == level:
                self._placements.append((row, item.draft.identifier, placement))

    def _take_context(self, draft: Draft) -> None:
        kind, faces, solid = drawn_faces(draft)
        numbers = list(dict.fromkeys(self._resolver.numbers(faces)))
        drawn = numbers or any(placement.faces for placement in draft.placements)
        if draft.kind == "PlantCover" or (draft.kind == "SolitaryVegetationObject" and not drawn):
            self._flat_plants.append((draft, numbers, solid))
        elif numbers:
            self._context.setdefault(kind, []).extend(numbers)
        elif draft.placements:
            self._placements.extend((kind, draft.identifier, placement) for placement in draft.placements)
        elif draft.kind not in ("TrafficSpace", "AuxiliaryTrafficSpace"):
            message = f"A {draft.kind} without surfaces that can be drawn was left out."
            self._remarks.add(draft.identifier, "no_geometry", message, "skipped")

    def surfaces(self, in_degrees: bool) -> "Gathered":
        """Everything that was collected as arrays.

        Parameters
        ----------
        in_degrees : bool
            Whether the coordinates are no metres, in which no template or tree can be built.
        """
        everything = tidied(self._corners.polygons())
        made, made_owners = self._place(everything.polygons, in_degrees)
        numbers, backwards = _plain(self._numbers)
        keep = everything.usable[numbers]
        self._tell(everything.faults, numbers)
        polygons = turned(everything.polygons.take(numbers[keep]), backwards[keep])
        owner = np.array(self._owners, np.int64)[keep]
        names = np.array(self._names, object)[keep]
        kind = np.frombuffer(bytes(self._kinds), np.uint8)[keep]
        if made:
            polygons = Polygons.concatenate([polygons, *made])
            more = np.repeat(made_owners, [len(part) for part in made])
            owner = np.concatenate([owner, more])
            kind = np.concatenate([kind, np.full(len(more), UNKNOWN_KIND, np.uint8)])
            names = np.concatenate([names, np.full(len(more), "", object)])
            order = np.argsort(owner, kind="stable")
            polygons, owner, kind, names = polygons.take(order), owner[order], kind[order], names[order]
        return Gathered(polygons, kind, owner.astype(np.int64), names, self._layers(everything, in_degrees))

    def _layers(self, everything: Any, in_degrees: bool) -> list[tuple[ContextKind, Polygons]]:
        for draft, signed, solid in self._flat_plants:
            numbers, _ = _plain(signed)
            surfaces = everything.polygons.take(numbers[everything.usable[numbers]])
            for kind, polygons in grown(draft, surfaces, solid, in_degrees, self._remarks):
                if self._may_make(draft.identifier, len(polygons.vertices)):
                    self._made.setdefault(kind, []).append(polygons)
        layers = []
        for kind in ContextKind:
            numbers, backwards = _plain(self._context.get(kind, []))
            keep = everything.usable[numbers]
            parts = [turned(everything.polygons.take(numbers[keep]), backwards[keep]), *self._made.get(kind, [])]
            joined = Polygons.concatenate(parts)
            if len(joined):
                layers.append((kind, joined))
        return layers

    def _place(self, polygons: Polygons, in_degrees: bool) -> tuple[list[Polygons], list[int]]:
        """Set templates at their places: those of buildings with their rows."""
        made: list[Polygons] = []
        owners: list[int] = []
        for target, identifier, placement in self._placements:
            try:
                numbers, backwards = _plain(self._resolver.numbers(placement.faces))
                if not self._may_make(identifier, len(numbers)):
                    continue
                shape = placed(turned(polygons.take(numbers), backwards), placement, in_degrees)
            except PlacementError as error:
                self._remarks.add(identifier, "template_not_placed", str(error), "skipped")
                continue
            if not self._may_make(identifier, len(shape.vertices)):
                continue
            if isinstance(target, ContextKind):
                self._made.setdefault(target, []).append(shape)
            else:
                made.append(shape)
                owners.append(target)
        return made, owners

    def _may_make(self, identifier: str, corners: int) -> bool:
        if self._made_corners + corners > _MOST_MADE_CORNERS:
            message = "The file makes more of its templates and plants than fits in memory: this one was left out."
            self._remarks.add(identifier, "too_many_plants", message, "skipped")
            return False
        self._made_corners += corners
        return True

    def _tell(self, faults: dict[str, Any], numbers: Any) -> None:
        """Report polygons of buildings that are faulty, by building."""
        owners = np.array(self._owners, np.int64)
        for code, polygons in faults.items():
            if not len(polygons):
                continue
            rows, counts = np.unique(owners[np.isin(numbers, polygons)], return_counts=True)
            for row, count in zip(rows.tolist(), counts.tolist(), strict=True):
                tell_fault(self._remarks, str(self.rows[row]["id"]), code, count)


class Gathered:
    """Arrays for a `SourceCity`."""

    def __init__(self, polygons: Polygons, kind: Any, owner: Any, names: Any, context: Any) -> None:
        self.polygons, self.kind, self.owner, self.names, self.context = polygons, kind, owner, names, context


def tell_fault(remarks: Remarks, identifier: str, code: str, count: int) -> None:
    """Report faulty polygons of one object."""
    surfaces = "1 surface" if count == 1 else f"{count} surfaces"
    if code == "ring_not_closed":
        message = f"{surfaces} had rings that do not end where they begin; they were closed."
    else:
        message = f"{surfaces} that {_FAULTS[code]} were left out: repair them in the source."
    remarks.add(identifier, code, message, "repaired")


def _plain(numbers: list[int]) -> tuple[Any, Any]:
    """Numbers of polygons, and which are walked the other way round."""
    signed = np.array(numbers, np.int64)
    backwards = signed < 0
    return np.where(backwards, ~signed, signed), backwards
