"""Overlays: teams that work beside the owners of the accounts."""
