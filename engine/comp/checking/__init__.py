"""Checks of a plan on its typical person, one question a file."""
