"""Measured work; one module for each benchmark, each with ``add_arguments`` and ``rows``."""
