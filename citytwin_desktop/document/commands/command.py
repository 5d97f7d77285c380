"""What a command is, and the registry of all of them."""

import dataclasses
import types
import typing
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import orjson

from citytwin_desktop.city.changes import Change
from citytwin_desktop.city.district import District
from citytwin_desktop.city.weather import Weather
from citytwin_desktop.errors import BugError, KnownError
from citytwin_desktop.formats.kept_sources import KeptSource
from citytwin_desktop.project.result_store import StoredResult


@dataclasses.dataclass(frozen=True)
class Preparation:
    """What carrying out a command needs beside its changes.

    Parameters
    ----------
    changes : tuple of Change
        Their inverses are the undo.
    title : str
        What was done, for the history.
    weather : Weather, optional
        A weather file to store first; the changes point to it.
    report : object
        What the command has to say about its input, JSON.
    logged : mapping, optional
        Parameters for the history in place of those given: no path of this computer is handed on with a project.
    kept_sources : tuple of KeptSource
        City files to store first; the description of the city points to them.
    delivered : tuple of StoredResult
        Time series that came with buildings, to store first; the buildings' rows point to them.
    """

    changes: tuple[Change, ...]
    title: str
    weather: Weather | None = None
    report: Any = None
    logged: Mapping[str, Any] | None = None
    kept_sources: tuple[KeptSource, ...] = ()
    delivered: tuple[StoredResult, ...] = ()


@dataclasses.dataclass(frozen=True, eq=False)
class PreparedCommand:
    """A command worked out for one state of the district, ready to be carried out.

    Parameters
    ----------
    command : str
    parameters : mapping
    preparation : Preparation
    district : District
        The state that it was worked out for.
    """

    command: str
    parameters: Mapping[str, Any]
    preparation: Preparation
    district: District


class Command(ABC):
    """A change with parameters; subclasses are frozen dataclasses registered by `register`."""

    id: ClassVar[str]
    summary: ClassVar[str]

    @abstractmethod
    def prepare(self, district: District) -> Preparation:
        """Work out the changes, touching nothing.

        Raises
        ------
        KnownError
            When the parameters do not fit the district.
        """


_registry: dict[str, type[Command]] = {}


def register(kind: type[Command]) -> type[Command]:
    """Class decorator: make a command known by its id."""
    if kind.id in _registry:
        msg = f"two commands have the id {kind.id}"
        raise BugError(msg)
    _registry[kind.id] = kind
    return kind


def registry() -> Mapping[str, type[Command]]:
    """All commands by id."""
    # Importing the modules registers their commands; late, for a command imports this module.
    from citytwin_desktop.document.commands import (  # noqa: F401
        collectors,
        editing,
        editing_values,
        enrichment,
        importing,
        joining,
        massing,
        moving,
        named,
        planting,
        relative_edits,
        repairing,
        restoring,
        scenarios,
        shaping_heights,
        shaping_new,
        shaping_outlines,
        shaping_parts,
        solar_conditions,
        terrain,
        weather,
    )

    return _registry


def build_command(identifier: str, parameters: Mapping[str, Any]) -> Command:
    """Make a command from its id and its parameters, checking names and types.

    Parameters
    ----------
    identifier : str
    parameters : mapping
        Values of the right type, or texts as a command line gives them (lists separated by commas, or as JSON).

    Raises
    ------
    KnownError
        When there is no such command, or a parameter is missing, unknown or of the wrong type.
    """
    kind = registry().get(identifier)
    if kind is None:
        msg = f"There is no command “{identifier}”: choose one of {', '.join(sorted(registry()))}."
        raise KnownError(msg)
    fields = {field.name: field for field in dataclasses.fields(typing.cast("Any", kind))}
    if unknown := set(parameters) - set(fields):
        msg = f"The command “{identifier}” has no parameter “{min(unknown)}”: it takes {', '.join(fields)}."
        raise KnownError(msg)
    needed = [name for name, field in fields.items() if field.default is dataclasses.MISSING and name not in parameters]
    if needed:
        msg = f"The command “{identifier}” needs the parameter “{needed[0]}”: give it as {needed[0]}=VALUE."
        raise KnownError(msg)
    hints = typing.get_type_hints(kind)
    values = {name: _coerce(value, hints[name], f"{identifier}: {name}") for name, value in parameters.items()}
    maker: Callable[..., Command] = kind
    return maker(**values)


def _coerce(value: Any, hint: Any, where: str) -> Any:
    """Bring a value to a type hint of the kinds that commands use."""
    if isinstance(hint, types.UnionType):
        return _coerce_union(value, typing.get_args(hint), where)
    if typing.get_origin(hint) is tuple:
        items = _listed(value) if isinstance(value, str) else value
        if not isinstance(items, list | tuple):
            msg = f"The parameter “{where}” is not a list: separate its items by commas."
            raise KnownError(msg)
        return tuple(_coerce(item, typing.get_args(hint)[0], where) for item in items)
    if hint is str and isinstance(value, str):
        return _sound(value, where)
    if hint is bool and str(value).lower() in _TRUTHS:
        return _TRUTHS[str(value).lower()]
    if hint is float and not isinstance(value, bool):
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError):
            pass
    name = {"str": "text", "float": "number", "bool": "true or false"}.get(getattr(hint, "__name__", ""), "value")
    msg = f"The parameter “{where}” is not {'' if hint is bool else 'a '}{name}: {str(value)[:40]!r}."
    raise KnownError(msg)


_TRUTHS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


def _listed(text: str) -> list[Any]:
    """Items between commas, or of a JSON list: an identifier may hold a comma itself."""
    if text.startswith("["):
        try:
            items = orjson.loads(text)
        except ValueError:
            items = None
        if isinstance(items, list):
            return items
    return text.split(",")


_PATHS = (": sources", ": path")
"""Parameters that name files, whose names may be bytes of any encoding; they are not stored as they are."""


def _sound(text: str, where: str) -> str:
    """A text that a file can hold; bytes of another encoding on a command line make one that none can."""
    if where.endswith(_PATHS):
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        msg = f"The parameter “{where}” holds a character that is none: type it anew, in UTF-8."
        raise KnownError(msg) from None
    return text


def _coerce_union(value: Any, options: tuple[Any, ...], where: str) -> Any:
    listed = next((option for option in options if typing.get_origin(option) is tuple), None)
    if value == "" and listed is not None:
        return ()
    if value is None or value == "":
        if type(None) in options:
            return None
    elif float in options:
        try:
            return _coerce(value, float, where)
        except KnownError:
            if str not in options:
                raise
    chosen = str if str in options else next(option for option in options if option is not type(None))
    return _coerce(value, chosen, where)
