"""Sound files of every format, small, some real and some made here."""

import bz2
import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
_REAL = (
    "cityjson/zurich_subset_lod2.city.json",
    "cityjson/3dbag_delft_100.city.jsonl",
    "cityjson/delft.city.json",
    "citygml/berlin.citygml",
    "citygml/FZKHouseLoD3-EnergyADE1.gml",
    "citygml/Building_and_garage_LOD2_citygml3.gml",
    "citygml/melbourne_roads_3way_citygml3.gml",
    "citygml/lod2_buildings_100_citygml3.gml",
    "citygml/plateau_64413325_bldg_6697.gml",
    "geojson/urbanopt_buffalo_electric_network.geojson",
    "osm/neukolln.osm",
    "osm/West-Oakland.osm.bz2",
    "gbxml/detached_house.xml",
)


def samples() -> dict[str, bytes]:
    """Bytes by file name: real files where they are there, and made ones of the other formats."""
    found = {Path(name).name: (DATA / name).read_bytes() for name in _REAL if (DATA / name).exists()}
    return {**found, **_made()}


def _made() -> dict[str, bytes]:
    import pyogrio.raw
    import shapely

    shapes = np.array(
        [shapely.box(400_000 + 20 * n, 5_800_000, 400_010 + 20 * n, 5_800_012) for n in range(12)], object
    )
    fields = {"height": np.linspace(3.0, 30.0, 12), "name": np.array([f"house {n}" for n in range(12)], object)}
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        for ending, driver in (
            ("gpkg", "GPKG"),
            ("geojson", "GeoJSON"),
            ("shp", "ESRI Shapefile"),
            ("fgb", "FlatGeobuf"),
        ):
            path = Path(folder) / f"made.{ending}"
            pyogrio.raw.write(
                str(path),
                shapely.to_wkb(shapes),
                list(fields.values()),
                list(fields),
                crs="EPSG:25833",
                geometry_type="Polygon",
                driver=driver,
            )
            made[path.name] = path.read_bytes()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for part in sorted(Path(folder).glob("made.*")):
                if part.suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
                    archive.writestr(part.name, part.read_bytes())
    del made["made.shp"]
    made["made-shapefile.zip"] = buffer.getvalue()
    made["made.geojson.gz"] = gzip.compress(made["made.geojson"])
    made["made.geojson.bz2"] = bz2.compress(made["made.geojson"])
    rows = "\n".join(" ".join(str(30 + (row * column) % 7) for column in range(20)) for row in range(20))
    made["made.asc"] = f"ncols 20\nnrows 20\nxllcorner 1\nyllcorner 2\ncellsize 10\nNODATA_value -9\n{rows}\n".encode()
    return made
