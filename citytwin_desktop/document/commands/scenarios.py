"""Commands on scenarios and the packages they assign."""

import re
from dataclasses import dataclass, replace
from typing import ClassVar

from citytwin_desktop.catalog.measures import package
from citytwin_desktop.city.changes import SetAssignments, SetScenario
from citytwin_desktop.city.district import District
from citytwin_desktop.city.named import one_line
from citytwin_desktop.city.scenario import BASELINE, Scenario
from citytwin_desktop.document.commands.command import Command, Preparation, register
from citytwin_desktop.document.commands.editing import counted
from citytwin_desktop.errors import KnownError


@register
@dataclass(frozen=True)
class AssignPackage(Command):
    """Give buildings a retrofit package in one scenario, or take it away (None)."""

    id: ClassVar[str] = "assign_package"
    summary: ClassVar[str] = "Give buildings a retrofit package in a scenario, or take it away"

    scenario_id: str
    building_ids: tuple[str, ...]
    package_id: str | None = None

    def prepare(self, district: District) -> Preparation:
        """Work out the assignments."""
        scenario = district.scenario(self.scenario_id)
        ids = tuple(dict.fromkeys(self.building_ids))
        if not ids:
            raise KnownError("No building is chosen: select some first.")
        district.city.buildings.rows(ids)
        name = package(self.package_id).name if self.package_id is not None else "No retrofit"
        before = tuple(scenario.assignments.get(identifier) for identifier in ids)
        change = SetAssignments(scenario.id, ids, before, (self.package_id,) * len(ids))
        return Preparation((change,), f"{name} for {counted(len(ids))} in {scenario.name}")


@register
@dataclass(frozen=True)
class AddScenario(Command):
    """Make a scenario that starts with its parent's assignments."""

    id: ClassVar[str] = "add_scenario"
    summary: ClassVar[str] = "Make a scenario from another"

    name: str
    parent_id: str = BASELINE

    def prepare(self, district: District) -> Preparation:
        """Work out the new scenario and its identifier."""
        name = _checked_name(self.name, district)
        parent = district.scenario(self.parent_id)
        stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "scenario"
        taken = district.scenarios
        identifier = (
            stem if stem not in taken else next(f"{stem}-{k}" for k in range(2, 10000) if f"{stem}-{k}" not in taken)
        )
        scenario = Scenario(identifier, name, parent.id, dict(parent.assignments))
        return Preparation((SetScenario(None, scenario),), f"Add scenario {name}")


@register
@dataclass(frozen=True)
class RenameScenario(Command):
    """Give a scenario another name."""

    id: ClassVar[str] = "rename_scenario"
    summary: ClassVar[str] = "Give a scenario another name"

    scenario_id: str
    name: str

    def prepare(self, district: District) -> Preparation:
        """Work out the renamed scenario."""
        scenario = district.scenario(self.scenario_id)
        name = _checked_name(self.name, district)
        return Preparation((SetScenario(scenario, replace(scenario, name=name)),), f"Rename {scenario.name} to {name}")


@register
@dataclass(frozen=True)
class RemoveScenario(Command):
    """Take a scenario away; the baseline stays."""

    id: ClassVar[str] = "remove_scenario"
    summary: ClassVar[str] = "Take a scenario away"

    scenario_id: str

    def prepare(self, district: District) -> Preparation:
        """Work out the removal."""
        scenario = district.scenario(self.scenario_id)
        if scenario.id == BASELINE:
            raise KnownError("The baseline cannot be removed: remove another scenario.")
        if children := [item.name for item in district.scenarios.values() if item.parent_id == scenario.id]:
            msg = f"Scenario “{scenario.name}” is the parent of “{children[0]}”: remove that one first."
            raise KnownError(msg)
        return Preparation((SetScenario(scenario, None),), f"Remove scenario {scenario.name}")


def _checked_name(name: str, district: District) -> str:
    name = one_line(name)
    if not name:
        raise KnownError("A scenario needs a name: give one.")
    if any(item.name == name for item in district.scenarios.values()):
        msg = f"There is a scenario “{name}” already: choose another name."
        raise KnownError(msg)
    return name
