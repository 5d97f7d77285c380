"""Findings of the doctor as remarks of an import report."""

from typing import Literal

from citytwin_desktop.city.diagnosis.findings import Findings
from citytwin_desktop.city.model import CityModel
from citytwin_desktop.formats.report import Action, ImportItem, ImportReport

_SEVERITY: dict[str, Literal["info", "warning", "error"]] = {"blocks": "error", "doubtful": "warning", "note": "info"}
_LEFT_TO_ENRICHMENT = frozenset({"no_function", "no_year"})
"""Nothing wrong with the source: assigning archetypes lists them and asks."""


def tell_findings(findings: Findings, city: CityModel, report: ImportReport) -> None:
    """Add findings to a report.

    Parameters
    ----------
    findings : Findings
    city : CityModel
        That was examined; of a repair, the city after it.
    report : ImportReport
    """
    if not len(findings):
        return
    action: Action = "repaired" if findings.repaired else "kept"
    x, y, z = city.origin
    for item in findings.without(*_LEFT_TO_ENRICHMENT).items(city):
        point = item.point_m and (item.point_m[0] + x, item.point_m[1] + y, item.point_m[2] + z)
        remedy = "" if findings.repaired else item.remedy
        severity = "warning" if findings.repaired else _SEVERITY[item.level]
        report.take(
            ImportItem(item.building_id, severity, item.code, item.sentence, action, remedy, item.val3dity, point)
        )
