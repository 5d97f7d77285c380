"""Building energy: overhead, workers, writing, neighbours' shade, recipe against reference, import, estimate."""

from benchmarks.energy.command import add_arguments, rows

__all__ = ["add_arguments", "rows"]
