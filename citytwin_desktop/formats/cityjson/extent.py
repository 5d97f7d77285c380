"""How large an object may be: what exceeds it has a stray vertex, which would spoil the whole scene."""

# Far beyond any building or tree there is.
WIDEST_M, HIGHEST_M = 20_000.0, 2_000.0
FARTHEST_M = 1e9
"""Largest coordinate [m]; no coordinate system goes further."""
