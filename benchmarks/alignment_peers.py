"""What a user would pick instead: ours beside the plain model in three solvers, spopt's p-median and a greedy.

Two instances of the law: `bands` with two measures within +-10 %, and `caps` with the upper side of one measure alone,
which is spopt's own capacitated p-median with every home a centre. Everybody is asked for the same gap, and
stops after the same seconds. Each answer comes from a process of its own and is checked in plain Python
(alignment_check); an answer outside a band counts as none. Gaps are those to our bound, which is added up from the
multipliers alone over all pairs; no peer's word is used. Rows: the gap, the seconds, and the memory of the process
tree, ours beside each peer's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from math import inf

import numpy as np

from benchmarks.alignment_check import in_band, price
from benchmarks.alignment_contenders import CONTENDERS, Answer, Limits, apart, missing
from benchmarks.alignment_law import draw
from benchmarks.subject import Measured, Row, Run
from solvers.alignment import Instance
from solvers.alignment.certificate import certified
from solvers.solution import relative_gap

LIMITS = Limits(gap=0.003, seconds=60.0)


def peers(run: Run, accounts: int, reps: int, limits: Limits = LIMITS) -> Iterator[Row]:
    """Compare on one size; spopt where there are only caps."""
    caps = draw(accounts, reps, 1, run.seed)
    caps = replace(caps, lower=np.zeros_like(caps.lower))
    without = [name for name in CONTENDERS if name != "spopt"]
    yield from compared(run, "bands", draw(accounts, reps, 2, run.seed), without, limits)
    yield from compared(run, "caps", caps, list(CONTENDERS), limits)


def compared(run: Run, name: str, instance: Instance, contenders: list[str], limits: Limits) -> Iterator[Row]:
    """Yield three rows for each contender."""
    ours = apart("ours", instance, limits)
    if ours.multipliers is None or ours.rep_of is None:
        yield run.row(f"{name} gap", None, ok=False)
        return
    bound = certified(instance, ours.multipliers)
    gap = gap_of(instance, ours, bound)
    right = gap < inf and bound <= price(instance, ours.rep_of)
    cost = Measured(None, ours.seconds, ours.peak_mb)
    for peer in contenders:
        if missing(peer):
            print(f"{run.subject}: {name} beside {peer} is left out: {missing(peer)}", file=sys.stderr)
            continue
        answer = apart(peer, instance, limits)
        theirs = gap_of(instance, answer, bound)
        told = peer if theirs < inf else f"{peer}: no plan"
        yield run.row(f"{name} gap", gap, ok=right, peer=(told, theirs), gap=gap, cost=cost)
        seconds, memory = (told, answer.seconds), (told, answer.peak_mb)
        yield run.row(f"{name} seconds", ours.seconds, ok=right, peer=seconds, gap=gap, cost=cost)
        yield run.row(f"{name} MB", ours.peak_mb, ok=right, peer=memory, gap=gap, cost=cost)


def gap_of(instance: Instance, answer: Answer, bound: float) -> float:
    """Return the gap of an answer to the bound; inf when it is none or outside a band."""
    if answer.rep_of is None or not in_band(instance, answer.rep_of):
        return inf
    return relative_gap(price(instance, answer.rep_of), bound)
