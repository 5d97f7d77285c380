"""Compile the solar engine's inner loops, so that the first run of a user need not wait for it.

``python -m citytwin_desktop.sim.solar.warm_up`` does it once after an installation; the code is kept on disk.
"""

from citytwin_desktop.city.solar_conditions import SolarConditions
from citytwin_desktop.sim.solar.build import Course, build_operators, prepare, trace_rows
from citytwin_desktop.sim.solar.cell_maps import cell_map
from citytwin_desktop.sim.solar.fingerprint import fingerprint
from citytwin_desktop.sim.solar.place import Site
from citytwin_desktop.sim.solar.radiance.district import synthetic_district
from citytwin_desktop.sim.solar.retrace import OldTrace, retrace
from citytwin_desktop.sim.solar.scene import solar_scene
from citytwin_desktop.sim.solar.settings import SolarSettings
from citytwin_desktop.sim.solar.sun_nodes import sun_plan

_BUILDINGS = 40
_LATITUDE_DEG = 50.0


def warm_up() -> None:
    """Run everything once on a small district."""
    settings, conditions, site, course = SolarSettings(rays=16), SolarConditions(), Site(_LATITUDE_DEG), Course()
    city = synthetic_district(_BUILDINGS)
    scene = solar_scene(city, settings)
    build_operators(scene, site, settings, conditions)
    cell_map(scene, site, settings, conditions)
    before = prepare(scene, settings)
    old = OldTrace(fingerprint(before), *trace_rows(before, site, settings, conditions, course))
    after = prepare(solar_scene(city.without_buildings(["B0"]), settings), settings)
    plan = sun_plan(site.latitude_deg, site.solar_offset_h, settings)
    retrace(old, fingerprint(after), after, plan, settings, conditions, course)


if __name__ == "__main__":
    warm_up()
