"""Following of ``xlink:href``: from faces with references to numbers of polygons."""

from collections.abc import Mapping
from typing import TypeGuard

from citytwin_desktop.formats.citygml.drafts import Faces
from citytwin_desktop.formats.citygml.geometry import Reference, Span

_DEEPEST = 50
_MOST_FACES = 2_000_000
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
        self.missing: dict[str, int] = {}
        self.circular = self.too_many = 0
        self.final = False

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
            if len(found) > _MOST_FACES:
                self.too_many += 1
                return

    def _target(self, reference: Reference, turned: bool, found: list[int], passed: tuple[str, ...]) -> None:
        if reference.target in passed or len(passed) > _DEEPEST:
            self.circular += 1
            return
        turned = turned != reference.turned
        target = self._named.get(reference.target)
        if isinstance(target, int):
            found.append(~target if turned else target)
        elif target is not None:
            faces, first, last, was_turned = target
            self._follow(faces[first:last], turned != was_turned, found, (*passed, reference.target))
        elif self.final:
            self.missing[reference.target] = self.missing.get(reference.target, 0) + 1
        else:
            raise MissingTargetError
