"""Wide worlds: so many pairs of account and seat that no array may hold them all."""

from __future__ import annotations

from engine.inputs import Inputs

PAIRS = 25_000_000
"""Pairs of account and seat above which a world is wide: a matrix of floats over them takes 200 MB."""


def wide(inputs: Inputs) -> bool:
    """Say whether a world has so many pairs that nothing may be held for each."""
    return len(inputs.accounts) * len(inputs.reps) > PAIRS
