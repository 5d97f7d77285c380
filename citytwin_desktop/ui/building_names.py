"""What a building is called wherever the window names one: its name or address, else its identifier."""

from typing import Any


def name_of(document: Any, identifier: str) -> str:
    """Name of a building; of what is none, or has no name, what it is known by.

    Parameters
    ----------
    document : Document or None
    identifier : str
    """
    if document is None or identifier not in document.city.buildings:
        return identifier
    buildings = document.city.buildings
    return str(buildings.columns["name"][buildings.row(identifier)]) or identifier
