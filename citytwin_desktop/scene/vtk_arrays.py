"""Between NumPy and VTK: points, cells, arrays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints, vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkCellArray

from citytwin_desktop.scene.palette import ColourArray


def as_vtk(array: NDArray[Any]) -> Any:
    """VTK's copy of an array of one or two dimensions."""
    return numpy_to_vtk(np.ascontiguousarray(array), deep=True)  # type: ignore[no-untyped-call]


def shared(array: NDArray[Any]) -> Any:
    """VTK's view of a contiguous array; whoever calls keeps the array for as long as VTK draws it."""
    return numpy_to_vtk(array, deep=False)  # type: ignore[no-untyped-call]


def shared_points(points: NDArray[np.float32]) -> Any:
    """VTK points that are a view of (n, 3) float32 numbers; see `shared`."""
    result = vtkPoints()
    result.SetData(shared(points))
    return result


def as_points(points: NDArray[Any]) -> Any:
    """VTK points from (n, 3) numbers, copied as float32."""
    result = vtkPoints()
    result.SetData(as_vtk(points.astype(np.float32)))
    return result


def as_cells(cells: NDArray[Any]) -> Any:
    """VTK cells, all of one size, from (n, size) point numbers."""
    result = vtkCellArray()
    count, size = cells.shape
    offsets = np.arange(0, count * size + 1, size, dtype=np.int64)
    members = np.ascontiguousarray(cells.ravel(), np.int64)
    result.SetData(
        numpy_to_vtkIdTypeArray(offsets, deep=True),  # type: ignore[no-untyped-call]
        numpy_to_vtkIdTypeArray(members, deep=True),  # type: ignore[no-untyped-call]
    )
    result.ConvertTo32BitStorage()
    return result


def shared_cells(cells: NDArray[np.int32]) -> Any:
    """VTK cells, all of one size, that are a view of (n, size) contiguous point numbers; see `shared`."""
    result = vtkCellArray()
    count, size = cells.shape
    result.SetData(as_vtk(np.arange(0, count * size + 1, size, dtype=np.int32)), shared(cells.reshape(-1)))
    return result


def cell_colours(data: Any, count: int) -> Any:
    """Give poly data an array of ``count`` white RGBA cell colours and return it."""
    array = rgba_array(count)
    data.GetCellData().SetScalars(array)
    return array


def rgba_array(count: int) -> Any:
    """Array of ``count`` white RGBA colours."""
    array = vtkUnsignedCharArray()
    array.SetNumberOfComponents(4)
    array.SetNumberOfTuples(count)
    array.Fill(255)
    return array


def colour_view(array: Any) -> ColourArray:
    """(n, 4) uint8: the memory of a colour array, to write into."""
    return np.asarray(vtk_to_numpy(array))  # type: ignore[no-untyped-call]
