"""Cities as layers of a geographic information system: GeoPackage and GeoJSON."""
