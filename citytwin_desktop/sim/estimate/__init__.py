"""The estimate: hourly heating and cooling of all buildings at once by the simple hourly method, calibrated."""
