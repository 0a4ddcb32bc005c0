"""Equal difficulty: quotas by rep and product whose chances to be reached differ as little as limits and sums allow.

    reps        under districts of 20 and regions of 10 districts; potential lognormal(0, 0.6), 2,000,000 on average
    credit      per replication, rep and product: a market (lognormal, sd 10 %) x rep (gamma, sd 25 %) x a compound
                Poisson sum of deals, lognormal with cv 1; product shares 60 and 40 %, deals of 2 and 1 % of the average
    company     each product: the sum over reps of median credits, to the step
    district    within +-2 % of its share of the company by potential
    rep         every second one within +-8 % of its share by potential, in both products together

Potential is what planners see: what a rep is credited on average is that times a lognormal(0, 0.15) of its own.
An answer is right when other code (numpy, below) finds all sums and limits exact, the counts as told, and for every
lower end a cut that refuses the window one count narrower. The peer is the mixed-integer program that one would write
down, a binary per replication and cell, with a time limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

import numpy as np

from benchmarks.quotas_law import tree
from benchmarks.subject import Row, Run, measured
from solvers import solve
from solvers.difficulty import Answer, Instance, equalise
from solvers.model import Model
from solvers.quotas.instance import FloatArray, IntArray
from solvers.solution import SolveOptions, Status

STEP = 1_000
SHARES = np.array([0.6, 0.4])
DEAL = np.array([0.02, 0.01]) * 2_000_000
REP, DISTRICT = 0.08, 0.02
SIZE_CV = 1.0


def draw(reps: int, replications: int, seed: int) -> Instance:
    """Draw an instance; 1,000 reps have 50 districts and 5 regions."""
    stream = np.random.Generator(np.random.Philox([seed, reps, replications]))
    potential = stream.lognormal(0.0, 0.6, reps)
    potential *= 2_000_000 * reps / potential.sum()
    mean = potential * stream.lognormal(0.0, 0.15, reps)
    luck = stream.lognormal(0.0, 0.1, (replications, 1)) * stream.gamma(16.0, 1 / 16, (replications, reps))
    credit = np.empty((replications, reps, 2), dtype=np.int64)
    for product in range(2):
        deals = stream.poisson(luck * (mean * SHARES[product] / DEAL[product]))
        # The sum of n such deals, by a gamma law of the same mean and variance.
        size = stream.gamma(np.maximum(deals, 1) / SIZE_CV**2) * SIZE_CV**2 * DEAL[product]
        credit[:, :, product] = np.where(deals > 0, size, 0)
    company = np.rint(np.median(credit, axis=0).sum(axis=0) / STEP).astype(np.int64) * STEP
    districts = ceil(reps / 20)
    parent, leaf, first = tree(reps, districts)
    lower, upper = np.zeros(len(parent), dtype=np.int64), np.full(len(parent), int(company.sum()))
    share = potential / potential.sum() * company.sum()
    some = leaf[::2]
    lower[some], upper[some] = _within(share[::2], REP)
    nodes = np.arange(first, first + districts)
    lower[nodes], upper[nodes] = _within(
        np.bincount(parent[leaf] - first, share).astype(np.float64), DISTRICT
    )
    return Instance(
        parent, leaf, credit, np.full(reps, STEP), np.zeros((reps, 2), dtype=np.int64),
        np.tile(company, (reps, 1)), lower, upper, company, company,
    )  # fmt: skip


def _within(amounts: FloatArray, reach: float) -> tuple[IntArray, IntArray]:
    low, high = np.ceil((1 - reach) * amounts / STEP), np.floor((1 + reach) * amounts / STEP)
    return low.astype(np.int64) * STEP, high.astype(np.int64) * STEP


def faults(instance: Instance, answer: Answer) -> list[str]:
    """Return what is wrong with an answer, found without the solver's code."""
    said, cells = [], answer.cells
    if (cells % STEP).any() or (cells < 0).any():
        said.append("a quota is no multiple of the step")
    if (cells.sum(axis=0) != instance.product_lower).any():
        said.append("a product does not add up")
    total = np.zeros(len(instance.parent), dtype=np.int64)
    total[instance.leaf] = cells.sum(axis=1)
    for node in range(len(total) - 1, 0, -1):
        total[instance.parent[node]] += total[node]
    if ((total < instance.node_lower) | (total > instance.node_upper)).any():
        said.append("a limit is broken")
    counts = np.array(
        [
            [
                np.count_nonzero(instance.credit[:, rep, product] >= cells[rep, product])
                for product in range(2)
            ]
            for rep in range(len(cells))
        ]
    )
    if (counts != answer.counts).any() or np.ptp(counts) > answer.windows.every.width:
        said.append("the counts are not as told")
    width = answer.windows.every.width - 1
    ranked = -np.sort(-instance.credit, axis=0) // STEP
    allowed = [low for low in range(len(ranked) - width + 1) if not refused(instance, ranked, low, width)]
    if width >= 0 and allowed:
        said.append(f"nothing refuses the narrower window from {allowed[0]}")
    return said


def refused(instance: Instance, ranked: IntArray, low: int, width: int) -> bool:
    """Return whether limits of reps, districts and products refuse a window of counts, in steps; two products."""
    reps, high = len(instance.leaf), low + width
    least = ranked[high] + 1 if high < len(ranked) else np.zeros((reps, 2), dtype=np.int64)
    most = ranked[low - 1] if low > 0 else instance.cell_upper // STEP
    if (least > most).any():
        return True
    district = instance.parent[instance.leaf]
    floor, ceiling = instance.node_lower // STEP, instance.node_upper // STEP
    bottom = np.maximum(least.sum(axis=1), floor[instance.leaf])
    top = np.minimum(most.sum(axis=1), ceiling[instance.leaf])
    if (bottom > top).any():
        return True
    nodes = np.unique(district)
    of = np.searchsorted(nodes, district)
    low_sum, high_sum = np.bincount(of, bottom), np.bincount(of, top)
    if (np.maximum(low_sum, floor[nodes]) > np.minimum(high_sum, ceiling[nodes])).any():
        return True
    company = instance.product_lower // STEP
    if np.maximum(low_sum, floor[nodes]).sum() > company.sum():
        return True
    if np.minimum(high_sum, ceiling[nodes]).sum() < company.sum():
        return True
    for product in range(2):
        other = 1 - product
        # Most of one product: as much as the rep may, then as the district may with the least of the other.
        rep_most = np.minimum(most[:, product], top - least[:, other])
        rep_least = np.maximum(least[:, product], bottom - most[:, other])
        up = np.minimum(
            np.bincount(of, rep_most),
            ceiling[nodes] - np.bincount(of, np.maximum(least[:, other], bottom - most[:, product])),
        )
        down = np.maximum(
            np.bincount(of, rep_least),
            floor[nodes] - np.bincount(of, np.minimum(most[:, other], top - least[:, product])),
        )
        if up.sum() < company[product] or down.sum() > company[product]:
            return True
    return False


def rows(run: Run, reps: int, replications: int) -> tuple[Instance, Answer | None, float, list[Row]]:
    """Solve and check; return the rows of our side and the seconds."""
    instance = draw(reps, replications, run.seed)
    cost = measured(lambda: equalise(instance))
    answer = cost.value
    if answer is None:
        return instance, None, cost.seconds, [run.row("no quotas", None, ok=False, cost=cost)]
    ok = not faults(instance, answer)
    share = 100 / replications
    windows = answer.windows
    made = [
        run.row("worst distance, points", windows.every.width * share / 2, ok=ok, gap=0.0, cost=cost),
        run.row("distance, not held", windows.free.width * share / 2, ok=ok, gap=0.0),
        run.row("reps held", float(windows.held.any(axis=1).sum()), ok=ok),
        run.row("seconds", cost.seconds, ok=ok, cost=cost),
    ]
    return instance, answer, cost.seconds, made


def alone(run: Run, reps: int, replications: int) -> Iterator[Row]:
    """Solve one instance."""
    yield from rows(run, reps, replications)[3]


def beside(run: Run, reps: int, replications: int, seconds: float) -> Iterator[Row]:
    """Solve one instance, then let HiGHS have the plain program."""
    instance, answer, mine, made = rows(run, reps, replications)
    yield from made
    if answer is None:
        return
    objective, bound, spent, status = plain(instance, seconds)
    width = answer.windows.every.width
    fair = objective >= width - 1e-6 and bound <= width + 1e-6
    share = 50 / replications
    yield run.row(f"distance: {status}"[:25], width * share, ok=fair, peer=("highs", objective * share))
    yield run.row("distance: seconds", mine, ok=fair, peer=("highs", spent))


def plain(instance: Instance, seconds: float) -> tuple[float, float, float, Status]:
    """Give HiGHS the program with a binary per replication and cell; return objective, bound, seconds, status."""
    model, (replications, reps, _) = Model(), instance.credit.shape
    steps = instance.credit.reshape(replications, -1) // STEP
    count = steps.shape[1]
    company = instance.product_lower // STEP
    big = np.maximum(steps.max(axis=0), 1) + 1
    cells = model.add_columns("quota", count, upper=big)
    reached = model.add_columns("reached", replications * count, upper=1.0)
    ends = model.add_columns("ends", 2, cost=np.array([-1.0, 1.0]), upper=float(replications), integer=False)
    size = replications * count
    row, cell = np.arange(size), np.tile(np.arange(count), replications)
    credit = steps.reshape(-1).astype(np.float64)
    # reached: quota <= credit + big (1 - z); not reached: quota >= credit + 1 - big z
    both = (np.tile(row, 2), np.concatenate([cells[cell], reached]))
    ones = np.ones(size)
    model.add_rows(
        "reaches", *both, np.concatenate([ones, big[cell] * ones]), count=size, upper=credit + big[cell]
    )
    model.add_rows(
        "misses", *both, np.concatenate([ones, (big[cell] + 1) * ones]), count=size, lower=credit + 1
    )
    each = (np.concatenate([cell, np.arange(count)]), np.concatenate([reached, np.full(count, ends[0])]))
    signs = np.concatenate([ones, -np.ones(count)])
    model.add_rows("lowest", *each, signs, count=count, lower=np.zeros(count))
    model.add_rows("highest", each[0], np.concatenate([reached, np.full(count, ends[1])]), signs, count=count,
                   upper=np.zeros(count))  # fmt: skip
    table = cells.reshape(reps, 2)
    model.add_rows("product", np.tile([0, 1], reps), table.reshape(-1), np.ones(count), count=2, lower=company * 1.0,
                   upper=company * 1.0)  # fmt: skip
    for node in range(len(instance.parent)):
        mine = np.flatnonzero((instance.leaf == node) | (instance.parent[instance.leaf] == node))
        if len(mine) and node:
            inside = table[mine].reshape(-1)
            model.add_rows(f"node {node}", np.zeros(len(inside), dtype=np.int64), inside, np.ones(len(inside)), count=1,
                           lower=instance.node_lower[node] / STEP, upper=instance.node_upper[node] / STEP)  # fmt: skip
    answer = solve(model, SolveOptions(gap=0.0, time_limit=seconds, threads=2), "highs")
    return answer.objective, answer.bound, answer.seconds, answer.status
