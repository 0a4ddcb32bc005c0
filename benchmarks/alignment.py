"""Alignment: a proven gap from a thousand accounts to a million, and what a user would pick instead.

Each case solves one instance of the law (alignment_law.py) and checks the answer by code that shares nothing with the
search: the bands in exact integers, the cost recomputed, the bound from the multipliers alone over all pairs. Seconds
include pricing all pairs, the bound, the search and that check; the first use's compilation is done before. The gap
is (cost - bound) / cost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import inf

from benchmarks.alignment_check import in_band, locks_kept, price, within_limits
from benchmarks.alignment_law import draw, rich
from benchmarks.alignment_peers import peers
from benchmarks.growth import Growth
from benchmarks.measure import measured
from benchmarks.subject import Row, Run, Shown, Subject
from solvers.alignment import Instance, Options, Result, align
from solvers.alignment.certificate import certified

SEARCH = 0.9
"""Share of a case's seconds after which the search stops; the check needs the rest."""
REACH = 1e-9
"""Relative difference allowed between two sums of the same costs or bounds."""


def solved(instance: Instance, gap: float, seconds: float = inf) -> tuple[Result, bool]:
    """Return the answer and whether an independent check holds it to be right."""
    result = align(instance, Options(gap=gap, deadline=time.monotonic() + SEARCH * seconds))
    if result.rep_of is None:
        return result, False
    bound = certified(instance, result.multipliers)
    kept = [rule(instance, result.rep_of) for rule in (in_band, within_limits, locks_kept)]
    right = all(kept) and abs(price(instance, result.rep_of) - result.objective) <= REACH * result.objective
    return result, right and abs(bound - result.bound) <= REACH * abs(bound) and bound <= result.objective


def _row(run: Run, instance: Instance, gap: float, seconds: float) -> Row:
    cost = measured(lambda: solved(instance, gap, seconds))
    result, right = cost.value
    return run.row("seconds", cost.seconds, ok=right, gap=result.gap, cost=cost)


def warm_up() -> None:
    """Compile everything, and start a solver once."""
    align(rich(300, 5, 0), Options(gap=0.0, effort=(4,)))


def _case(accounts: int, reps: int, measures: int, gap: float, seconds: float) -> Callable[[Run], list[Row]]:
    def case(run: Run) -> list[Row]:
        warm_up()
        return [_row(run, draw(accounts, reps, measures, run.seed), gap, seconds)]

    return case


def case_rich(run: Run) -> list[Row]:
    """100,000 x 500 with three measures, a budget of moves and locks."""
    warm_up()
    return [_row(run, rich(100_000, 500, run.seed), 0.005, 600)]


def growing(run: Run, sizes: Sequence[int], gap: float = 0.003) -> Iterator[Shown]:
    """Time against size at 200 accounts a seat, to the same gap: a row for each size, the slope, a picture."""
    warm_up()
    seconds, every = [], True
    for accounts in sizes:
        cost = measured(lambda n=accounts: solved(draw(n, max(n // 200, 5), 1, run.seed), gap))
        result, right = cost.value
        seconds.append(cost.seconds)
        yield run.row(f"seconds at {accounts:,}", cost.seconds, ok=right, gap=result.gap, cost=cost)
        every &= right
    picture = Growth("accounts", tuple(sizes), tuple(seconds))
    yield run.row("slope of log seconds", picture.line[0], ok=every)
    yield picture


SUBJECT = Subject(
    "alignment",
    {
        "1k": _case(1_000, 20, 2, 0.003, 60),
        "10k": _case(10_000, 100, 1, 0.001, 60),
        "100k": _case(100_000, 500, 1, 0.001, 300),
        "100k-rich": case_rich,
        "1m": _case(1_000_000, 1_000, 1, 0.003, 1_200),
        "growth": partial(growing, sizes=(1_000, 10_000, 100_000, 1_000_000)),
        "growth-100k": partial(growing, sizes=(1_000, 10_000, 100_000)),
        "peers": partial(peers, accounts=1_000, reps=20),
        "peers-5k": partial(peers, accounts=5_000, reps=50),
    },
    default=("1k",),
)
