"""Outlines and surfaces of buildings as rows of a table: GeoJSON, GeoPackage, Shapefile, FlatGeobuf."""
