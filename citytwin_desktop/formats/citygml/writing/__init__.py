"""From a city to CityGML 3.0 or 2.0."""
