"""Compilation of the functions of this folder, which call those of the draws and of the streams."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from engine import streams
from engine.pipeline import base_draws, counters, draws, layout, model, quantiles
from solvers.compiled import Compiled, compiled_with, once
from solvers.part import part

_CALLED = tuple(
    Path(str(module.__file__)) for module in (base_draws, counters, draws, layout, model, quantiles, streams)
)


def entry(function: Compiled) -> Compiled:
    """Compile at first call; the machine code is cached under a digest of all sources that it holds copies of."""
    return compiled_with(function, _CALLED)


def compiled(function: Compiled) -> Compiled:
    """Compile as a part of an entry, which alone can be called from Python, and holds the machine code of all.

    It may not make arrays, which Numba refuses to compile (`_nrt=False`), so it need not count who uses them.
    """
    return cast(Compiled, once(part(function, _nrt=False)))


def inlined(function: Compiled) -> Compiled:
    """Compile as a part that is copied into each of its callers: where the hot loops spend their time."""
    return cast(Compiled, once(part(function, _nrt=False, forceinline=True)))
