"""Shadows of the sun on buildings and ground: the depth map of `shadow_map`, looked up by the actors' own shaders."""

from typing import Any

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTexture

from citytwin_desktop.city.kinds import ContextKind
from citytwin_desktop.scene.depth_bias import add_depth_bias
from citytwin_desktop.scene.loose_lines import lift
from citytwin_desktop.scene.shadow_map import ShadowMap
from citytwin_desktop.scene.surface_shaders import LIT
from citytwin_desktop.scene.surroundings import ground_height_m, plan_bounds, textured_quad
from citytwin_desktop.scene.vtk_arrays import as_vtk

STRENGTH_MODEL, STRENGTH_DATA, STRENGTH_GROUND = 0.42, 0.2, 0.38
"""Share of the light that shadows take. Painted surfaces lose little: the legend must be readable off them."""

GROUND_LIFT, LONGEST_M = 1e-4, 400.0
SOFTWARE_NAMES = ("llvmpipe", "softpipe", "swrast", "swiftshader", "software")
_NAME = "shadowMap"

_VERTEX_DEC = """//VTK::PrimID::Dec
out vec3 sunPlace;
out float sunFacing;
"""
_VERTEX_IMPL = """//VTK::PrimID::Impl
  sunPlace = vec3(dot(vertexMC, sunAcross), dot(vertexMC, sunUp), dot(vertexMC, sunDepth));
  sunFacing = {facing};
"""
_FRAGMENT_DEC = """//VTK::PrimID::Dec
in vec3 sunPlace;
in float sunFacing;
float inShadow()
{{
  if (sunPlace.x < 0.0 || sunPlace.x > 1.0 || sunPlace.y < 0.0 || sunPlace.y > 1.0) return 0.0;
  vec2 size = vec2(textureSize(shadowMap, 0));
  vec2 at = sunPlace.xy * size - 0.5;
  vec2 share = fract(at);
  float slope = sqrt(max(1.0 - sunFacing * sunFacing, 0.0)) / max(sunFacing, 0.08);
  float bias = shadowBias * (1.0 + 1.5 * slope);
  float found[4];
  for (int corner = 0; corner < 4; ++corner)
  {{
    vec2 cell = (floor(at) + vec2(corner % 2, corner / 2) + 0.5) / size;
    vec3 parts = texture(shadowMap, cell).rgb * 255.0;
    float depth = (parts.r * 65536.0 + parts.g * 256.0 + parts.b) / 16777215.0;
    found[corner] = depth + bias < sunPlace.z ? 1.0 : 0.0;
  }}
  float here = mix(mix(found[0], found[1], share.x), mix(found[2], found[3], share.x), share.y);
  return here * smoothstep(0.01, 0.12, sunFacing);
}}
"""
_AFTER_LIGHT = "//VTK::Light::Impl"
_DARKEN = "  fragOutput0.rgb *= 1.0 - shadowStrength * inShadow();\n"
_COVER = "  fragOutput0 = vec4(0.0, 0.0, 0.02, shadowStrength * inShadow());\n"


class Shadows:
    """Shadows in one scene; follows it when its actors are made anew.

    Parameters
    ----------
    scene : CityScene
    """

    def __init__(self, scene: Any) -> None:
        self.scene = scene
        self.map: ShadowMap | None = None
        self._dressed: list[tuple[Any, str]] = []
        self._texture = vtkTexture()
        self._texture.SetColorModeToDirectScalars()
        self._texture.InterpolateOff()
        self._texture.MipmapOff()
        self._texture.RepeatOff()
        self._ground: Any = None
        scene.followers.append(self.refresh)

    def cast(self, found: ShadowMap | None) -> None:
        """Cast the shadows of a map, or none."""
        self.map = found
        if found is not None:
            image = vtkImageData()
            side = len(found.rgb)
            image.SetDimensions(side, side, 1)
            image.GetPointData().SetScalars(as_vtk(found.rgb.reshape(-1, 3)))
            self._texture.SetInputData(image)
        self.refresh()

    def refresh(self) -> None:
        """Actors may have been made anew, or are painted otherwise."""
        wanted = self._wanted() if self.map is not None else []
        for actor, place in self._dressed:
            if not any(actor is other for other, *_ in wanted):
                _undress(actor, place)
        before, self._dressed = self._dressed, [(actor, fragment[0]) for actor, _, fragment, _ in wanted]
        for actor, facing, fragment, strength in wanted:
            if not any(actor is other for other, _ in before):
                self._dress(actor, facing, fragment)
            self._set(actor, strength)
        if self.map is None and self._ground is not None:
            self.scene.renderer.RemoveActor(self._ground)
            self._ground = None

    def follow_camera(self) -> None:
        """To be called for each new camera."""
        if self._ground is not None:
            lift(self.scene, self._ground, GROUND_LIFT)

    def _wanted(self) -> list[tuple[Any, str, tuple[str, str], float]]:
        """Actors, how they face the sun, what the shadow does to them, and how much."""
        scene = self.scene
        strength = STRENGTH_DATA if scene.appearance.shows_data or scene.shows_cells else STRENGTH_MODEL
        found = [(tile.surface, "dot(normalMC, sunWay)", (LIT, _DARKEN), strength) for tile in scene.tiles]
        terrain = {layer.name for layer in scene.city.context if layer.kind is ContextKind.TERRAIN}
        if terrain:
            darken = (_AFTER_LIGHT, _DARKEN)
            found += [
                (actor, "sunWay.z", darken, STRENGTH_GROUND) for name, actor in scene.ground.layers if name in terrain
            ]
        elif self.map is not None:
            found.append((self._receiver(), "sunWay.z", (_AFTER_LIGHT, _COVER), STRENGTH_GROUND))
        return found

    def _receiver(self) -> Any:
        """A sheet on the ground that is seen only where shadow lies."""
        scene, found = self.scene, self.map
        renderer = scene.renderer
        if self._ground is not None:
            renderer.RemoveActor(self._ground)
            _undress(self._ground, _AFTER_LIGHT)
            self._dressed = [(actor, place) for actor, place in self._dressed if actor is not self._ground]
        low, high = plan_bounds(scene.city)
        rise = float(np.nanmax(scene.city.bounds_m[1][:, 2])) - ground_height_m(scene.city)
        longest = min(rise / max(float(found.sun[2]), 0.02) if found is not None else 0.0, LONGEST_M) + 5.0
        white = np.full((2, 2, 4), 255, np.uint8)
        self._ground = textured_quad(low - longest, high + longest, ground_height_m(scene.city), white)
        add_depth_bias(self._ground)
        renderer.AddActor(self._ground)
        return self._ground

    def _dress(self, actor: Any, facing: str, fragment: tuple[str, str]) -> None:
        data = actor.GetMapper().GetInput()
        if data.GetPointData().GetTCoords() is None:  # without them VTK declares no texture
            data.GetPointData().SetTCoords(as_vtk(np.zeros((data.GetNumberOfPoints(), 2), np.float32)))
        shader = actor.GetShaderProperty()
        shader.AddVertexShaderReplacement("//VTK::PrimID::Dec", True, _VERTEX_DEC, False)
        shader.AddVertexShaderReplacement("//VTK::PrimID::Impl", True, _VERTEX_IMPL.format(facing=facing), False)
        dec = _FRAGMENT_DEC.replace("{{", "{").replace("}}", "}")
        shader.AddFragmentShaderReplacement("//VTK::PrimID::Dec", True, dec, False)
        place, code = fragment
        # The tiles' own light is in place only after all that comes first.
        shader.AddFragmentShaderReplacement(place, place != LIT, f"{place}\n{code}", False)
        shader.AddFragmentShaderReplacement("//VTK::TCoord::Impl", True, "", False)
        actor.GetProperty().SetTexture(_NAME, self._texture)

    def _set(self, actor: Any, strength: float) -> None:
        found = self.map
        if found is None:
            return
        shader = actor.GetShaderProperty()
        vertex, fragment = shader.GetVertexCustomUniforms(), shader.GetFragmentCustomUniforms()
        for name, row in zip(("sunAcross", "sunUp", "sunDepth"), found.rows, strict=True):
            vertex.SetUniform4f(name, [float(value) for value in row])
        vertex.SetUniform3f("sunWay", [float(value) for value in found.sun])
        fragment.SetUniformf("shadowStrength", strength)
        # A texel sees one depth, and a wall that it grazes many.
        fragment.SetUniformf("shadowBias", (0.03 + found.texel_m) / found.range_m)


def software_renderer(window: Any) -> str:
    """Name of the renderer when it is a program on the processor, empty for a graphics card."""
    lines = str(window.ReportCapabilities()).splitlines()
    names = [line.partition(":")[2].strip() for line in lines if "renderer string" in line.lower()]
    name = names[0] if names else ""
    return name if any(word in name.lower() for word in SOFTWARE_NAMES) else ""


def _undress(actor: Any, place: str) -> None:
    shader = actor.GetShaderProperty()
    for name in ("//VTK::PrimID::Dec", "//VTK::PrimID::Impl"):
        shader.ClearVertexShaderReplacement(name, True)
    shader.ClearFragmentShaderReplacement("//VTK::PrimID::Dec", True)
    shader.ClearFragmentShaderReplacement(place, place != LIT)
    actor.GetProperty().RemoveTexture(_NAME)
