"""The estimate: held-out error against EnergyPlus by retrofit package, and processor time of a year."""

from benchmarks.estimate.command import add_arguments, rows

__all__ = ["add_arguments", "rows"]
