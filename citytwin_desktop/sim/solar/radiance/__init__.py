"""The solar engine against Radiance: a district of our own, its reference, and how far the two differ."""
