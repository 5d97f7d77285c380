"""Tools that the mouse can hold in the 3D view."""
