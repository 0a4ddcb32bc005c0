"""Rules that conflict, against every assignment there is."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from scipy import sparse

from solvers.conflict import ElasticProgram, Rules, minimal, nearest
from solvers.conflict.descent import descend

ACCOUNTS, SEATS = 6, 3


def rules_of(*blocks):
    """Rules from (coefficients (row, account, seat), lower, upper, size)."""
    matrix = [np.asarray(values, dtype=np.float64).reshape(-1, ACCOUNTS * SEATS) for values, *_ in blocks]
    rows = [len(part) for part in matrix]
    lower, upper = (
        np.concatenate([np.broadcast_to(float(block[k]), n) for block, n in zip(blocks, rows, strict=True)])
        for k in (1, 2)
    )
    group = np.repeat(np.arange(len(blocks)), rows)
    size = np.array([block[3] for block in blocks], dtype=np.float64)
    return Rules(SEATS, sparse.csr_matrix(np.vstack(matrix)), lower, upper, group, size)


def load(weight):
    """A row per seat: the sum of a weight."""
    return np.einsum("i,jk->jik", np.asarray(weight), np.eye(SEATS))


def moves(owner):
    return 1.0 - np.eye(SEATS)[np.asarray(owner)][None]


def never(pairs):
    out = np.zeros((1, ACCOUNTS, SEATS))
    out[0, [i for i, _ in pairs], [j for _, j in pairs]] = 1
    return out


def world(seed):
    """Two bands, a budget of moves and forbidden pairs, drawn narrow enough to conflict more often than not."""
    rng = np.random.default_rng(seed)
    blocks = []
    for _ in range(2):
        weight = rng.integers(1, 30, ACCOUNTS)
        mean = weight.sum() / SEATS
        width = rng.choice([0.1, 0.3, 0.6])
        blocks.append((load(weight), np.ceil(mean * (1 - width)), np.floor(mean * (1 + width)), mean))
    blocks.append((moves(rng.integers(0, SEATS, ACCOUNTS)), -np.inf, int(rng.integers(0, 4)), 3.0))
    pairs = [
        (int(i), int(j)) for i, j in zip(rng.integers(0, ACCOUNTS, 4), rng.integers(0, SEATS, 4), strict=True)
    ]
    blocks.append((never(pairs), -np.inf, 0.0, 2.0))
    return rules_of(*blocks)


def every():
    return [np.array(plan) for plan in product(range(SEATS), repeat=ACCOUNTS)]


def program(rules):
    return ElasticProgram(rules, rules.chosen(np.zeros(rules.accounts, dtype=np.int64)))


def keepable(rules, kept):
    prices = np.isin(np.arange(len(rules.size)), kept).astype(np.float64)
    return any(rules.violation(plan, prices) == 0 for plan in every())


@pytest.mark.parametrize("seed", range(8))
def test_the_bound_is_below_every_assignment_and_the_plan_is_one_of_them(seed):
    rules, prices = world(seed), np.array([1.0, 2.0, 1.0, 3.0])
    relaxed = program(rules).solve(prices)
    plan = nearest(rules, relaxed, prices)
    least = min(rules.violation(each, prices) for each in every())
    assert relaxed.bound <= relaxed.value + 1e-9
    assert relaxed.bound <= least + 1e-9
    assert least - 1e-9 <= plan.violation == rules.violation(plan.seat_of, prices)
    assert relaxed.share.sum(axis=1) == pytest.approx(np.ones(ACCOUNTS))


def test_conflicts_are_real_and_without_one_rule_nothing_more_is_proved():
    found = 0
    for seed in range(12):
        rules = world(seed)
        conflict = minimal(program(rules))
        if conflict is None:
            continue
        found += 1
        assert not keepable(rules, conflict.rules)
        for fewer in combinations(conflict.rules, len(conflict.rules) - 1):
            prices = np.isin(np.arange(4), fewer).astype(np.float64)
            assert not program(rules).solve(prices).proves
    assert found >= 4


def test_rules_that_can_be_kept_conflict_in_nothing():
    rules = rules_of((load([1] * ACCOUNTS), 2.0, 2.0, 2.0), (moves([0, 0, 0, 0, 0, 0]), -np.inf, 4.0, 4.0))
    assert minimal(program(rules)) is None


def test_two_rules_that_conflict_only_together_are_both_named_and_a_third_is_not():
    rules = rules_of(
        (load([1] * ACCOUNTS), 2.0, 2.0, 2.0),
        (load([5, 1, 1, 1, 1, 1]), 0.0, 8.0, 8.0),
        (moves([0] * ACCOUNTS), -np.inf, 3.0, 3.0),
    )
    conflict = minimal(program(rules))
    assert conflict.rules == (0, 2)
    assert conflict.bound == pytest.approx(1 / 3)


def test_the_smallest_relaxation_is_found_where_it_can_be_followed_by_hand():
    rules = rules_of((load([1] * ACCOUNTS), 2.0, 2.0, 2.0), (moves([0] * ACCOUNTS), -np.inf, 3.0, 3.0))
    prices = np.ones(2)
    plan = nearest(rules, program(rules).solve(prices), prices)
    assert plan.violation == pytest.approx(1 / 3)
    assert plan.bound == pytest.approx(1 / 3)
    assert np.bincount(plan.seat_of).tolist() == [2, 2, 2]


def test_a_rule_of_price_zero_is_left_out():
    rules = rules_of((load([1] * ACCOUNTS), 2.0, 2.0, 2.0), (moves([0] * ACCOUNTS), -np.inf, 3.0, 3.0))
    assert program(rules).solve(np.array([1.0, 0.0])).value == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_descent_ends_where_no_shift_lowers_the_violation(seed):
    rules, prices = world(seed), np.ones(4)
    start = np.random.default_rng(seed).integers(0, SEATS, ACCOUNTS)
    end = descend(rules, prices, start)
    least = rules.violation(end, prices)
    assert least <= rules.violation(start, prices)
    for i, j in product(range(ACCOUNTS), range(SEATS)):
        shifted = end.copy()
        shifted[i] = j
        assert rules.violation(shifted, prices) >= least - 1e-9
    assert (descend(rules, prices, start) == end).all()
