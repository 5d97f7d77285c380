"""Following of ``xlink:href``: from faces with references to numbers of polygons."""

from collections.abc import Mapping
from typing import TypeGuard

from citytwin_desktop.formats.citygml.drafts import Faces
from citytwin_desktop.formats.citygml.geometry import Reference, Span

_DEEPEST = 50
_MOST_FACES = 2_000_000
_MOST_STEPS = 20_000_000
_INT = {int}


def all_polygons(faces: Faces) -> TypeGuard[list[int]]:
    """Whether there is no reference among faces."""
    return set(map(type, faces)) <= _INT


class MissingTargetError(Exception):
    """A reference leads to what has not been read (yet)."""


class Resolver:
    """Follows references through what has an identifier.

    Parameters
    ----------
    named : mapping of str to int or Span
        See `GeometryReader.named`; may grow.
    """

    def __init__(self, named: Mapping[str, int | Span]) -> None:
        self._named = named
        self.final = False
        self._missing: dict[str, None] = {}
        self._circular = self._too_many = 0
        # Of a whole file: references that double and double would never end.
        self._steps_left = _MOST_STEPS

    def taken_faults(self) -> tuple[list[str], int, int]:
        """Targets that are not there, circular references, and overlong ones since the last call."""
        found = list(self._missing), self._circular, self._too_many
        self._missing, self._circular, self._too_many = {}, 0, 0
        return found

    def numbers(self, faces: Faces) -> list[int]:
        """Polygons of faces, ``~number`` for one walked the other way round.

        Raises
        ------
        MissingTargetError
            When a target is not there and more of the file is to come.
        """
        if all_polygons(faces):
            return faces
        found: list[int] = []
        self._follow(faces, False, found, ())
        return found

    def _follow(self, faces: Faces, turned: bool, found: list[int], passed: tuple[str, ...]) -> None:
        for face in faces:
            if isinstance(face, int):
                found.append(~face if turned else face)
            else:
                self._target(face, turned, found, passed)
            self._steps_left -= 1
            if len(found) > _MOST_FACES or self._steps_left < 0:
                self._too_many += 1
                return

    def _target(self, reference: Reference, turned: bool, found: list[int], passed: tuple[str, ...]) -> None:
        if reference.target in passed or len(passed) > _DEEPEST:
            self._circular += 1
            return
        turned = turned != reference.turned
        target = self._named.get(reference.target)
        if isinstance(target, int):
            found.append(~target if turned else target)
        elif target is not None:
            faces, first, last, was_turned = target
            self._follow(faces[first:last], turned != was_turned, found, (*passed, reference.target))
        elif self.final:
            self._missing[reference.target] = None
        else:
            raise MissingTargetError
