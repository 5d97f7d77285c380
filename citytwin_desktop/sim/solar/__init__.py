"""Short-wave irradiance on every surface: rays, sky patches, reflections, hours on demand."""
