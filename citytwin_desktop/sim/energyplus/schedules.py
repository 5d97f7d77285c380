"""Hourly profiles, which the catalogue now keeps: see `citytwin_desktop.catalog.usage_profiles`."""

from citytwin_desktop.catalog.functions import FUNCTIONS
from citytwin_desktop.catalog.usage_profiles import DayProfiles, UsageProfiles, usage_profiles

__all__ = ["USAGE", "DayProfiles", "UsageProfiles", "usage_profiles"]

USAGE: dict[str, UsageProfiles] = {function: usage_profiles(function) for function in FUNCTIONS}
"""By function code of the catalogue."""
