"""Shader code of surfaces whose colour is a texel: lit once for each corner, not for each pixel.

Surfaces are flat and both lights are far away, so the light is the same all over a surface. VTK's own code works out
normals, reflections and powers for every pixel, which is most of a frame on a software renderer.
"""

from typing import Any

from citytwin_desktop.scene.palette import Colour

_EYE, _LEAVE_OUT, _HATCH = "eyeMC", "leaveOutFrom", "hatchPixels"

CLOSED_SHIFT = 2.0
"""Added to the texture coordinate of surfaces whose far side is never seen, see `closed_buildings`."""

_AWAY_M = 0.05

_VERTEX_DEC = """//VTK::Normal::Dec
uniform vec3 lightDirectionVC0;
uniform vec3 lightDirectionVC1;
"""
_VERTEX_IMPL = """//VTK::Normal::Impl
  vec3 turned = normalMatrix * normalMC;
  vec2 {0} = vec2(dot(turned, -lightDirectionVC0), dot(turned, -lightDirectionVC1));
"""
_CORNER_DEC = """uniform sampler2D actortexture;
uniform vec3 lightColor0;
uniform vec3 lightColor1;
uniform float ambientIntensity;
uniform float diffuseIntensity;
flat out vec4 surfaceColour;
flat out vec3 surfaceLight;
"""
# All corners of a flat face agree on which side the eye is.
_CORNER_IMPL = """
  surfaceColour = textureLod(actortexture, vec2(fract(tcoord.x), tcoord.y), 0.0);
  float ahead = dot(normalMC, eyeMC.xyz - eyeMC.w * vertexMC.xyz);
  vec2 lit = max(ahead < 0.0 ? -facing : facing, 0.0);
  surfaceLight = ambientIntensity + diffuseIntensity * (lit.x * lightColor0 + lit.y * lightColor1);
"""
_CORNER_FRAGMENT_DEC = "//VTK::Normal::Dec\nflat in vec4 surfaceColour;\nflat in vec3 surfaceLight;\n"
# What is not drawn is put behind the far plane where it stands: should rounding let one corner of a triangle through
# and another not, it still covers nothing but its own place in the picture.
_CORNER_LEFT_OUT = """//VTK::PositionVC::Impl
  if ({0}) gl_Position.z = 2.0 * gl_Position.w;
"""
_SOLID_LEFT_OUT = f"surfaceColour.a < 0.5 || (tcoord.x > leaveOutFrom && ahead < -{_AWAY_M} * eyeMC.w - 0.0001)"
_GHOST_LEFT_OUT = "surfaceColour.a > 0.5 || surfaceColour.a < 0.02"

_FRAGMENT_DEC = "//VTK::Normal::Dec\nflat in vec2 facing;\n"
_TEXEL = """//VTK::Color::Impl
  vec4 surfaceColour = texture(actortexture, tcoordVCVSOutput);
  if ({0}) discard;
"""
_SOLID = """  vec3 shade = surfaceColour.rgb;
  bool stale = surfaceColour.a > 0.994 && surfaceColour.a < 0.998;
  if (stale && mod(gl_FragCoord.x + gl_FragCoord.y, 9.0 * hatchPixels) < 1.6 * hatchPixels) shade = vec3({0});
  opacity = surfaceColour.a > 0.994 ? 1.0 : surfaceColour.a * 1.02 - 0.012;
"""
_GHOST = "  vec3 shade = surfaceColour.rgb;\n  opacity = surfaceColour.a;\n"
_PIXEL_LIGHT = """
  vec2 lit = max(gl_FrontFacing ? facing : -facing, 0.0);
  vec3 surfaceLight = ambientIntensity + diffuseIntensity * (lit.x * lightColor0 + lit.y * lightColor1);
"""
_LIGHT = """
  shade *= surfaceLight;
  fragOutput0 = vec4(shade, opacity);
  //CityTwin::Lit::Impl
"""
LIT = "//CityTwin::Lit::Impl"
"""Stands where ``fragOutput0`` is known; code may take its place after all other replacements."""


def shade_solid(actor: Any, stale: Colour, *, per_corner: bool) -> None:
    """Draw what is solid, hatch what is stale along lines of the screen and leave out the rest.

    Parameters
    ----------
    actor : vtkActor
        Has normals, texture coordinates and a texture of colours; alpha carries a code, see `appearance`.
    stale : Colour
        Of the hatching.
    per_corner : bool
        All corners of a surface lie on one texel, so it is read for corners; otherwise for each pixel.
    """
    amber = ", ".join(f"{channel / 255:.4f}" for channel in stale)
    left_out = _SOLID_LEFT_OUT if per_corner else "surfaceColour.a < 0.5"
    _dress(actor, left_out, _SOLID.format(amber), per_corner)
    hatch_at(actor, 1.0)


def shade_ghost(actor: Any, *, per_corner: bool) -> None:
    """Draw what is translucent and leave out the rest; as `shade_solid`."""
    _dress(actor, _GHOST_LEFT_OUT, _GHOST, per_corner)


def _dress(actor: Any, left_out: str, colour: str, per_corner: bool) -> None:
    actor.GetMapper().ScalarVisibilityOff()
    shader = actor.GetShaderProperty()
    shader.ClearVertexShaderReplacement("//VTK::PositionVC::Impl", True)
    if per_corner:
        vertex = {
            "//VTK::Normal::Dec": _VERTEX_DEC + _CORNER_DEC,
            "//VTK::Normal::Impl": _VERTEX_IMPL.format("facing") + _CORNER_IMPL,
            "//VTK::PositionVC::Impl": _CORNER_LEFT_OUT.format(left_out),
        }
        fragment = {"//VTK::Normal::Dec": _CORNER_FRAGMENT_DEC, "//VTK::Color::Impl": "//VTK::Color::Impl\n" + colour}
    else:
        vertex = {
            "//VTK::Normal::Dec": _VERTEX_DEC + "flat out vec2 facing;\n",
            "//VTK::Normal::Impl": _VERTEX_IMPL.format("towards") + "  facing = towards;\n",
        }
        fragment = {"//VTK::Normal::Dec": _FRAGMENT_DEC, "//VTK::Color::Impl": _TEXEL.format(left_out) + colour}
    fragment["//VTK::Light::Impl"] = _LIGHT if per_corner else _PIXEL_LIGHT + _LIGHT
    fragment["//VTK::TCoord::Impl"] = ""  # VTK would multiply the lit colour by the texture
    for place, code in vertex.items():
        shader.AddVertexShaderReplacement(place, True, code, False)
    for place, code in fragment.items():
        shader.AddFragmentShaderReplacement(place, True, code, False)


def hatch_at(actor: Any, pixels: float) -> None:
    """Tell an actor of `shade_solid` how many pixels stand for one of those that the hatching is counted in.

    Parameters
    ----------
    actor : vtkActor
    pixels : float
        2 on a screen with twice the usual resolution.
    """
    actor.GetShaderProperty().GetFragmentCustomUniforms().SetUniformf(_HATCH, pixels)


def see_from(actor: Any, eye: tuple[float, float, float, float], *, leave_out: bool) -> None:
    """Tell an actor that is shaded per corner where it is seen from; not before it is told it knows no far sides.

    Parameters
    ----------
    actor : vtkActor
    eye : tuple of float
        Where the eye is [m] and 1, or the way to it and 0 in parallel projection.
    leave_out : bool
        Draw no far sides of what is closed.
    """
    uniforms = actor.GetShaderProperty().GetVertexCustomUniforms()
    uniforms.SetUniform4f(_EYE, list(eye))
    uniforms.SetUniformf(_LEAVE_OUT, 1.0 if leave_out else 2.0 * CLOSED_SHIFT)
