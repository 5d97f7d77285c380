"""Typed access to the catalogue tables in ``resources/catalog``; each value carries its source."""
