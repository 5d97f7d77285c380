"""Files of CityJSON 1.0 and 1.1 are written as valid 2.0, with all that is in them."""

import numpy as np
import pytest

from tests.conftest import box_city
from tests.formats.cityjson_samples import Document, back, read_bare, rich_city
from tests.formats.cityjson_validity import faults


def old_city() -> Document:
    """What 1.0 wrote otherwise than 2.0."""
    document = rich_city() | {"version": "1.0"}
    objects = document["CityObjects"]
    objects["B1"]["address"] = objects["B1"]["address"][0]
    objects["B1"]["address"]["location"]["lod"] = 1
    for item in objects.values():
        for geometry in item.get("geometry", ()):
            if "lod" in geometry:
                geometry["lod"] = float(geometry["lod"]) if "." in geometry["lod"] else int(geometry["lod"])
    document["geometry-templates"]["templates"][0]["lod"] = 2
    objects["group"] = {"type": "CityObjectGroup", "members": ["tree"]}
    del objects["tree"]["parents"]
    objects["pier"] = {"type": "BridgeConstructionElement", "parents": ["bridge"]}
    objects["bridge"] = {"type": "Bridge", "children": ["pier"]}
    document["metadata"] = {
        "citymodelIdentifier": "44574905-d2d2-4f40-8e96-d39e1ae45f70",
        "datasetTitle": "Boxes",
        "datasetReferenceDate": "2019-02-28",
        "datasetPointOfContact": {"contactName": "A", "emailAddress": "a@example.org", "address": "Street 1"},
        "referenceSystem": "urn:ogc:def:crs:EPSG::28992",
        "keywords": ["boxes"],
    }
    del document["transform"]
    document["vertices"] = [[value / 1000 for value in corner] for corner in document["vertices"]]
    return document


def test_version_1_0_becomes_2_0() -> None:
    document = old_city()
    city = read_bare(document)
    written = back(document)
    assert faults(written) == []
    objects = written["CityObjects"]
    assert [geometry["lod"] for geometry in objects["B0"]["geometry"]] == ["2", "1.2"]
    assert objects["B1"]["address"][0]["location"]["lod"] == "1"
    assert objects["group"]["children"] == ["tree"]
    assert objects["tree"]["parents"] == ["group"]
    assert objects["pier"]["type"] == "BridgeConstructiveElement"
    assert written["metadata"] == {
        "identifier": "44574905-d2d2-4f40-8e96-d39e1ae45f70",
        "title": "Boxes",
        "referenceDate": "2019-02-28",
        "pointOfContact": {"contactName": "A", "emailAddress": "a@example.org", "address": {"address": "Street 1"}},
        "referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/28992",
        "keywords": ["boxes"],
    }
    assert written["transform"]["scale"] == [1.0] * 3, "all its coordinates are whole metres"
    np.testing.assert_array_equal(read_bare(written).surfaces.polygons.vertices, city.surfaces.polygons.vertices)


@pytest.mark.parametrize("digits", [0, 1, 3, 5, 9])
def test_a_missing_transform_is_made_on_the_grid_of_the_coordinates(digits: int) -> None:
    document = box_city(count=1) | {"version": "1.0"}
    del document["transform"]
    document["vertices"] = [
        [round(value / 1000 + 123456 + 10.0**-digits, digits) for value in corner] for corner in document["vertices"]
    ]
    written = back(document)
    assert faults(written) == []
    scale = written["transform"]["scale"][0]
    assert scale == pytest.approx(10.0**-digits)
    np.testing.assert_allclose(np.array(written["vertices"]) * scale, document["vertices"], rtol=0, atol=1e-10)


def test_generic_objects_leave_their_extension_of_1_1() -> None:
    document = box_city(count=1) | {"version": "1.1"}
    url = "https://cityjson.org/extensions/download/generic.ext.json"
    document["extensions"] = {"Generic": {"url": url, "version": "1.0"}}
    document["CityObjects"]["thing"] = {"type": "+GenericCityObject"}
    document["metadata"] = {"crs": {"epsg": 28992}}
    written = back(document)
    assert written["CityObjects"]["thing"] == {"type": "GenericCityObject"}
    assert "extensions" not in written
    assert written["metadata"] == {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/28992"}
