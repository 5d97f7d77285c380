"""What the elements of GML geometry are to a reader, and plans for properties that hold nothing unusual."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from citytwin_desktop.formats.citygml.names import NAMES

_MOST_TAGS = 10_000
NOTHING, PLACES, RING, OUTER, PROPERTY, POLYGON, CONTAINER, INNER, OTHER_PLACES, BENT = range(65, 75)
_ROLE_NAMES = {
    POLYGON: "Polygon PolygonPatch Triangle Rectangle",
    RING: "LinearRing Ring",
    PLACES: "posList",
    OTHER_PLACES: "pos coordinates coord",
    OUTER: "exterior outerBoundaryIs",
    INNER: "interior innerBoundaryIs",
    BENT: "curveMember OrientableCurve Arc ArcString ArcByBulge ArcStringByBulge ArcByCenterPoint Circle "
    "CircleByCenterPoint CubicSpline BSpline Bezier Clothoid GeodesicString Geodesic OffsetCurve CompositeCurve",
    NOTHING: "LineString Curve segments LineStringSegment pointProperty pointRep Point curveMembers X Y Z name "
    "description metaDataProperty boundedBy Envelope lowerCorner upperCorner",
}
_KNOWN_ROLES = {name: role for role, names in _ROLE_NAMES.items() for name in names.split()}


class _Roles(dict[Any, int]):
    """What an element of geometry is, by tag."""

    def __missing__(self, tag: Any) -> int:
        local = NAMES[tag].local
        role = _KNOWN_ROLES.get(local, CONTAINER if local[:1].isupper() else PROPERTY)
        if len(self) < _MOST_TAGS:
            self[tag] = role
        return role


ROLES = _Roles()


class Plan(NamedTuple):
    """Places of the elements that matter in a property that holds nothing but well-formed polygons."""

    containers: tuple[int, ...]
    polygons: tuple[int, ...]
    places: tuple[int, ...]
    rings: tuple[int, ...]


_RINGS = b"%c%c%c(?:%c%c%c)*" % (OUTER, RING, PLACES, INNER, RING, PLACES)
_PLAIN = re.compile(
    b"%c(?:%c[%c%c])+%c%s(?:%c?%c%s)*"
    % (PROPERTY, CONTAINER, PROPERTY, OUTER, POLYGON, _RINGS, PROPERTY, POLYGON, _RINGS)
)
"""Roles of a property with containers one in the other, and in the innermost nothing but polygons, holes included."""
_MOST_PLANS, _LONGEST_PLAN = 2_000, 2_000


class _Plans(dict[bytes, "Plan | None"]):
    """Plan by the roles of all elements, None where there is more than polygons; each worked out once."""

    def __missing__(self, roles: bytes) -> "Plan | None":
        plan = None
        if _PLAIN.fullmatch(roles):
            of_role = {role: tuple(place for place, other in enumerate(roles) if other == role) for role in _PLANNED}
            rings = tuple(part.count(PLACES) for part in roles.split(bytes([POLYGON]))[1:])
            plan = Plan(of_role[CONTAINER], of_role[POLYGON], of_role[PLACES], rings)
        if len(self) < _MOST_PLANS and len(roles) < _LONGEST_PLAN:
            self[roles] = plan
        return plan


_PLANNED = (CONTAINER, POLYGON, PLACES)
PLANS = _Plans()


def plan_of(tags: Sequence[str]) -> Plan | None:
    """Plan of a property by the tags of all its elements, None where there is more than polygons."""
    return PLANS[bytes([ROLES[tag] for tag in tags])]
