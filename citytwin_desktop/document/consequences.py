"""What listeners are told of changes, as far as the changes alone decide it."""

from citytwin_desktop.city.changes import (
    Change,
    DeleteBuildings,
    InsertBuildings,
    ReplaceSurfaces,
    SetCells,
    SetCollectorChoices,
    SetFrame,
    SetNamed,
    SetSolarConditions,
)
from citytwin_desktop.document import events


def events_of_cells(changes: tuple[Change, ...]) -> tuple[events.Event, ...]:
    """One event for all cells that were set, none when there are none."""
    cells = [change for change in changes if isinstance(change, SetCells)]
    if not cells:
        return ()
    ids = tuple(dict.fromkeys(name for change in cells for name in change.ids))
    return (events.BuildingsChanged(ids, tuple(dict.fromkeys(change.column for change in cells))),)


def events_of_geometry(changes: tuple[Change, ...]) -> tuple[events.Event, ...]:
    """One event for all buildings that got other surfaces, or for a city that is another one."""
    if changes_the_city(changes):
        return (event_of_city(changes),)
    replaced = [change.ids for change in changes if isinstance(change, ReplaceSurfaces)]
    if not replaced:
        return ()
    return (events.GeometryChanged(tuple(dict.fromkeys(name for ids in replaced for name in ids))),)


def events_of_named(changes: tuple[Change, ...]) -> tuple[events.Event, ...]:
    """One event for each kind of named things that changed."""
    kinds = dict.fromkeys(change.kind for change in changes if isinstance(change, SetNamed))
    return tuple(events.NamedChanged(kind) for kind in kinds)


def events_of_assumptions(changes: tuple[Change, ...]) -> tuple[events.Event, ...]:
    """Events of solar conditions and of assumptions about collectors."""
    kinds = {type(change) for change in changes}
    solar = (events.SolarConditionsChanged(),) if SetSolarConditions in kinds else ()
    collectors = (events.CollectorAssumptionsChanged(),) if SetCollectorChoices in kinds else ()
    return (*solar, *collectors)


def event_of_city(changes: tuple[Change, ...]) -> events.CityChanged:
    """Which buildings came, went or got other surfaces, unless the frame is another too."""
    if any(isinstance(change, SetFrame) for change in changes):
        return events.CityChanged()
    ids: dict[str, None] = {}
    for change in changes:
        if isinstance(change, InsertBuildings | DeleteBuildings):
            ids |= dict.fromkeys(map(str, change.fragment.buildings.ids))
        elif isinstance(change, ReplaceSurfaces):
            ids |= dict.fromkeys(change.ids)
    return events.CityChanged(tuple(ids))


def changes_the_city(changes: tuple[Change, ...]) -> bool:
    """Whether rows, surfaces or the frame of the city are others now."""
    return any(isinstance(change, InsertBuildings | DeleteBuildings | SetFrame) for change in changes)
