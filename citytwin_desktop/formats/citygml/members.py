"""Where the objects of a city stand in a file: members of a city model, of a web feature service, of a group."""

from collections.abc import Iterator

from lxml import etree

from citytwin_desktop.formats.citygml.names import NAMES

MEMBER_TAGS = (
    "{*}cityObjectMember",
    "{*}featureMember",
    "{*}featureMembers",
    "{http://www.opengis.net/wfs}member",
    "{http://www.opengis.net/wfs/2.0}member",
    "{*}appearanceMember",
)
"""Elements that are read one at a time; appearances only to be forgotten again."""

_DEEPEST = 10
_GROUPING = frozenset(("CityObjectGroup", "groupMember", "Role", "CityModel", "FeatureCollection", "Tuple"))
"""What stands between a member and its objects; CityGML 3.0 puts a role between a group and its member."""


def features_of(member: etree._Element, depth: int = 0) -> Iterator[etree._Element]:
    """Objects in a member; those of a group each by itself."""
    if NAMES[member.tag].local == "appearanceMember":
        return
    for feature in member:
        local = NAMES[feature.tag].local
        if local in _GROUPING:
            if depth < _DEEPEST:
                yield from features_of(feature, depth + 1)
        elif depth == 0 or len(feature):
            yield feature
