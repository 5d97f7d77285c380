"""CityTwin Desktop: a desktop 3D city viewer and editor with building and solar simulation."""

__version__ = "0.1.0"
