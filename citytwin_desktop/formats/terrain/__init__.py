"""Grids of elevations: GeoTIFF, ASCII grids and SRTM tiles."""
