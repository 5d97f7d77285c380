"""Reading a city to arrays that a scene can draw, over a bare parser of the same bytes in the same process."""

import argparse
import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
DELFSHAVEN = DATA / "cityjson" / "3-20-DELFSHAVEN.city.json"
BERLIN = DATA / "citygml" / "berlin.citygml"
COPIES = 20


def best(work: Callable[[], Any], repeats: int) -> float:
    """Least processor time of several runs [s]; the first warms up."""
    work()
    times = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def ready(path: Path, *, examined: bool = False) -> int:
    """Read, bring home, mend and triangulate, on demand with the doctor's findings; gives the number of triangles."""
    from citytwin_desktop.city.triangulation import triangulate
    from citytwin_desktop.formats.city_files import read_city_files
    from citytwin_desktop.formats.import_options import ImportOptions

    ((city, _),) = read_city_files(path, ImportOptions(), examined=examined)
    return len(triangulate(city.surfaces.polygons))


def cityjson(arguments: argparse.Namespace, _folder: Path) -> list[dict[str, Any]]:
    """Delfshaven against ``orjson.loads``."""
    import orjson

    data = DELFSHAVEN.read_bytes()
    bare = best(lambda: orjson.loads(data), arguments.repeats)
    ours = best(lambda: ready(DELFSHAVEN), arguments.repeats)
    told = best(lambda: ready(DELFSHAVEN, examined=True), arguments.repeats)
    return [_row("CityJSON to scene-ready arrays over orjson.loads", ours, bare, 3.0, told)]


def citygml(arguments: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """Berlin, many times over, against a bare iterparse."""
    path = folder / "berlin.gml"
    path.write_bytes(many_times(BERLIN.read_bytes(), COPIES))
    data = path.read_bytes()
    bare = best(lambda: iterparse(data), arguments.repeats)
    ours = best(lambda: ready(path), arguments.repeats)
    told = best(lambda: ready(path, examined=True), arguments.repeats)
    return [_row("CityGML to scene-ready arrays over lxml iterparse", ours, bare, 4.0, told)]


def iterparse(data: bytes) -> None:
    """Let lxml walk through all elements."""
    from lxml import etree

    for _ in etree.iterparse(io.BytesIO(data)):
        pass


def many_times(data: bytes, copies: int) -> bytes:
    """The members of a CityGML file several times, each time with other identifiers and further east."""
    prefixed = b"<core:cityObjectMember"
    first = data.index(prefixed if prefixed in data else b"<cityObjectMember")
    closing = re.search(rb"</(?:core:)?CityModel>", data)
    last = closing.start() if closing else len(data)
    head, members, tail = data[:first], data[first:last], data[last:]
    return head + b"".join(_moved(members, number) for number in range(copies)) + tail


def _moved(members: bytes, number: int) -> bytes:
    named = re.sub(rb'gml:id="', b'gml:id="c%d_' % number, members)
    named = re.sub(rb'xlink:href="#', b'xlink:href="#c%d_' % number, named)

    def east(match: re.Match[bytes]) -> bytes:
        values = match.group(2).split()
        values[::3] = [b"%.3f" % (float(value) + 3000.0 * number) for value in values[::3]]
        return match.group(1) + b" ".join(values) + b"<"

    return re.sub(rb"(<gml:pos(?:List)?[^>]*>)([^<]+)<", east, named)


def _row(measure: str, ours: float, bare: float, goal: float, told: float) -> dict[str, Any]:
    return {
        "measure": measure,
        "ratio": round(ours / bare, 2),
        "ratio_with_findings": round(told / bare, 2),
        "goal": goal,
        "ours_cpu_s": round(ours, 4),
        "bare_cpu_s": round(bare, 4),
    }
