"""CityGML 1.0, 2.0 and 3.0 (OGC 08-007r1, 12-019, 20-010 and 21-006r2) with the Energy ADE."""
