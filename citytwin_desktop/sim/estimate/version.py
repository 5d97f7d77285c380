"""Version and tables of the estimate, apart from it so that keys need none of its libraries."""

ESTIMATE_ENGINE_VERSION = "1.0"
"""Part of every result key; raised whenever the same inputs would give other numbers."""

CALIBRATION_TABLE, ERROR_TABLE = "estimate_calibration.csv", "estimate_errors.csv"
"""Of the catalogue: multipliers for buildings without calibration of their own, and the errors measured."""
