"""Actors that are drawn closer or farther than the faces in whose plane they lie."""

from typing import Any

from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

from citytwin_desktop.scene.palette import Colour

_BIASED_VERTEX = """//VTK::PositionVC::Impl
  gl_Position.z -= depthBias;
"""
EDGE_LIFT = 4e-4
"""Share of their distance by which lines are drawn closer than the faces that they bound."""


def add_depth_bias(actor: Any) -> None:
    """Let an actor win or lose against faces in its own plane; `set_depth_bias` must follow each camera.

    VTK's own offset for coincident topology is one switch for all mappers and lifts far lines by metres.
    """
    actor.GetMapper().SetResolveCoincidentTopologyToOff()
    actor.GetShaderProperty().AddVertexShaderReplacement("//VTK::PositionVC::Impl", True, _BIASED_VERTEX, False)
    set_depth_bias(actor, 1.0, 1000.0, 0.0)


def set_depth_bias(actor: Any, near_m: float, far_m: float, share: float) -> None:
    """Bring an actor closer by a share of its distance (farther when negative), given the clipping range."""
    bias = 2.0 * near_m * far_m / (far_m - near_m) * share
    actor.GetShaderProperty().GetVertexCustomUniforms().SetUniformf("depthBias", bias)


def line_actor(colour: Colour, width: float) -> tuple[Any, Any]:
    """An empty bundle of unlit lines, as (actor, poly data)."""
    data = vtkPolyData()
    mapper = vtkPolyDataMapper()
    mapper.SetVBOShiftScaleMethod(0)
    mapper.SetInputData(data)
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().SetLighting(False)
    actor.GetProperty().SetColor(*(channel / 255 for channel in colour))
    actor.GetProperty().SetLineWidth(width)
    add_depth_bias(actor)
    return actor, data
