"""Alternatives: plans of nearly the same cost that differ most."""
