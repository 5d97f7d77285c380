"""Queries over the building table, such as ``year_built < 1965 and function = 'residential'``."""

import ast
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citytwin_desktop.city.buildings import COLUMNS, Buildings
from citytwin_desktop.errors import KnownError

_Mask = NDArray[np.bool_]
# Texts in quotes come first, so that an equals sign inside one stays as it is.
_SINGLE_EQUALS = re.compile(r"""('[^']*'|"[^"]*")|(?<![<>!=])=(?!=)""")
_COMPARE: dict[type[ast.cmpop], Any] = {
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
}
_LONGEST = 2000


def matching_ids(buildings: Buildings, expression: str) -> list[str]:
    """Identifiers of the buildings that fulfil an expression.

    Parameters
    ----------
    buildings : Buildings
    expression : str
        Comparisons of columns with numbers or quoted texts, joined by ``and``, ``or``, ``not``. Unknown values
        fulfil no comparison.

    Raises
    ------
    KnownError
        When it cannot be understood.
    """
    if len(expression) > _LONGEST:
        msg = f"The condition has {len(expression)} characters: write it with at most {_LONGEST}."
        raise KnownError(msg)
    try:
        tree = ast.parse(_SINGLE_EQUALS.sub(lambda found: found[1] or "==", expression).strip(), mode="eval")
        mask = _mask(tree.body, buildings)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _not_understood(expression) from None
    return [str(identifier) for identifier in buildings.ids[mask]]


def _mask(node: ast.expr, buildings: Buildings) -> _Mask:
    match node:
        case ast.BoolOp(op, parts):
            masks = [_mask(part, buildings) for part in parts]
            joined = np.logical_and.reduce(masks) if isinstance(op, ast.And) else np.logical_or.reduce(masks)
            return np.asarray(joined, bool)
        case ast.UnaryOp(ast.Not(), operand):
            return ~_mask(operand, buildings)
        case ast.Compare(left, [operator], [right]) if type(operator) in _COMPARE:
            return _compare(left, operator, right, buildings)
    raise ValueError


def _compare(left: ast.expr, operator: ast.cmpop, right: ast.expr, buildings: Buildings) -> _Mask:
    first, second = _operand(left, buildings), _operand(right, buildings)
    numeric = [np.issubdtype(np.asarray(side).dtype, np.number) for side in (first, second)]
    if numeric[0] != numeric[1]:
        raise ValueError
    result = np.asarray(_COMPARE[type(operator)](first, second), bool)
    if numeric[0]:
        result &= ~(np.isnan(first) | np.isnan(second))
    return np.broadcast_to(result, len(buildings))


def _operand(node: ast.expr, buildings: Buildings) -> Any:
    match node:
        case ast.Constant(value) if isinstance(value, int | float | str) and not isinstance(value, bool):
            return value
        case ast.UnaryOp(ast.USub(), ast.Constant(value)) if isinstance(value, int | float):
            return -value
        case ast.Name(name):
            definition = COLUMNS.get(name)
            if definition is None or definition.kind == "json":
                names = ", ".join(item.name for item in COLUMNS.values() if item.kind != "json")
                msg = f"There is no column “{name}” to ask for: choose one of {names}."
                raise KnownError(msg)
            column = buildings.columns[name]
            return column if definition.kind == "number" else column.astype(str)
    raise ValueError


def _not_understood(expression: str) -> KnownError:
    example = "year_built < 1965 and function = 'residential'"
    return KnownError(f"The condition “{expression[:80]}” cannot be understood: write it like {example}.")
