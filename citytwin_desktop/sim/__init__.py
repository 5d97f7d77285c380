"""Simulation engines: pure functions of numpy data, no project, no window."""
