"""What a city is: buildings, surfaces, geometry, coordinates, weather, scenarios.

Only numpy, shapely and pyproj may be imported here.
"""
