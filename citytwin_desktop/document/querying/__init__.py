"""Conditions on buildings, such as ``year < 1965 and function = 'residential' and heating_demand > 150``."""
