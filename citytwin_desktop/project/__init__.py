"""The project file: one SQLite database that is a valid GeoPackage, with our tables beside it."""
