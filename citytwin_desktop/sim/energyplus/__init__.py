"""Thermal simulation of single buildings with EnergyPlus version 25.2.0."""
