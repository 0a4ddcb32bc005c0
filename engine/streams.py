"""Randomness by purpose and entity: Philox4x32-10, a function from a key and a counter to a number.

Every draw is `uniform(seed, replication, purpose, entity, draw)`: no state, no order of calls. So two scenarios
with one seed share their randomness, a replication can be run alone, and workers and blocks change nothing.
The key is the 64-bit seed; the four words of the counter are (draw + 2^24 purpose, replication, entity low,
entity high), so draws go up to 2^24 - 1 and replications up to 2^32 - 1.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Random123).
Compiled with numba, callable from Python and from other compiled functions; without fast math, so that every
caller gets the same bits.
"""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path

import numpy as np

from solvers.compiled import Compiled, compiled_with


class Purpose(IntEnum):
    """What a draw is for; one number each, at most 255, never used again for something else."""

    MARKET = 1
    ARRIVAL = 2
    PRODUCT = 3
    OUTCOME = 4
    DURATION = 5
    SIZE = 6
    INSTANT = 7
    ROUTE = 8
    QUIT = 9
    BACKFILL = 10
    DELAY = 11
    NEEDS = 12
    HOLD = 13
    ATTACH = 14
    DISCOUNT = 15
    GROUP = 16
    SEAT = 17
    SOLD = 18
    CHURN = 19
    RENEWED = 20
    EXPANSION = 21
    GROWTH = 22
    ODDS = 23
    DAYS = 24
    PATIENCE = 25
    MIX = 26
    PAID = 27
    PIT = 30


def compiled(function: Compiled) -> Compiled:
    """Compile at first call (solvers.compiled); the function may call its neighbours and this module."""
    return compiled_with(function, (Path(__file__),))


def inlined(function: Compiled) -> Compiled:
    """Compile likewise, as a part of every caller: for the body of a loop that is to become one over vectors."""
    return compiled_with(function, (Path(__file__),), inlined=True)


_LOW = np.uint64(0xFFFFFFFF)
_WORD = np.uint64(32)
_MULTIPLY_0, _MULTIPLY_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL_0, _WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_PURPOSE = np.uint64(24)
_DROPPED = np.uint64(11)
_GOLDEN, _MIX_1, _MIX_2 = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)
_27, _30, _31, _ONE = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(1)


@inlined
def philox(key: np.uint64, low: np.uint64, high: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return 128 random bits as two words of 64 (low first) for a 128-bit counter (low, high) and a 64-bit key."""
    c0, c1 = low & _LOW, low >> _WORD
    c2, c3 = high & _LOW, high >> _WORD
    k0, k1 = key & _LOW, key >> _WORD
    for _ in range(10):
        p0, p1 = _MULTIPLY_0 * c0, _MULTIPLY_1 * c2
        c0, c1, c2, c3 = (p1 >> _WORD) ^ c1 ^ k0, p1 & _LOW, (p0 >> _WORD) ^ c3 ^ k1, p0 & _LOW
        k0, k1 = (k0 + _WEYL_0) & _LOW, (k1 + _WEYL_1) & _LOW
    return c0 | (c1 << _WORD), c2 | (c3 << _WORD)


@inlined
def word(replication: int, purpose: int, draw: int) -> np.uint64:
    """Return the lower 64 bits of the counter of a draw; those above are the entity."""
    return np.uint64(draw) | (np.uint64(purpose) << _PURPOSE) | (np.uint64(replication) << _WORD)


@inlined
def uniform_at(seed: int, low: np.uint64, entity: np.uint64) -> float:
    """Return the uniform number of a counter, (`word`, entity): `uniform` for loops over many draws."""
    bits, _ = philox(np.uint64(seed), low, entity)
    return max(np.float64(np.int64(bits >> _DROPPED)), 0.5) * 2.0**-53


@compiled
def uniform(seed: int, replication: int, purpose: int, entity: np.uint64, draw: int) -> float:
    """Return the uniform number in (0, 1), with 53 bits, of this purpose, entity and draw in this replication."""
    return uniform_at(seed, word(replication, purpose, draw), np.uint64(entity))


@compiled
def child(entity: np.uint64, index: int | np.uint64) -> np.uint64:
    """Return the entity key of the index-th thing that belongs to an entity (SplitMix64 over both).

    Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    """
    mixed = np.uint64(entity) + (np.uint64(index) + _ONE) * _GOLDEN
    mixed = (mixed ^ (mixed >> _30)) * _MIX_1
    mixed = (mixed ^ (mixed >> _27)) * _MIX_2
    return mixed ^ (mixed >> _31)
