"""Alignment: which seat owns each account, and the proof that came with it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.columns import Table
from engine.inputs import IntArray
from engine.proof import Solve


@dataclass(frozen=True)
class Alignment:
    """The answer of the territory stage."""

    rep_of: IntArray
    """Seat of each account, shape (account,); every account has one."""
    solves: tuple[Solve, ...]
    """Every solve of the stage, in order."""
    tables: tuple[Table, ...]
    """alignment, territories, moves."""
