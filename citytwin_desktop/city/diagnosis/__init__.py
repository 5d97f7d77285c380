"""What is wrong with a city's geometry, what of it can safely be mended, and what can be simulated."""
