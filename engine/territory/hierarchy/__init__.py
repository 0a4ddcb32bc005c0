"""Levels: regions, districts, territories."""
