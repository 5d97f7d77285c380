"""The report of all imports that stand in a project, in the shape of ``citytwin import --report``."""

from typing import Any

TOTALS = ("kept", "repaired", "skipped")


def import_report(document: Any) -> dict[str, Any]:
    """Totals and items, those of several imports joined.

    Parameters
    ----------
    document : Document
    """
    reports = [source.get("report", {}) for source in document.city.metadata.get("sources", [])]
    totals = {name: sum(int(report.get("totals", {}).get(name, 0)) for report in reports) for name in TOTALS}
    return {"totals": totals, "items": [item for report in reports for item in report.get("items", [])]}
