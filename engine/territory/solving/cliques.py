"""Pairs that must be apart, as cliques: any two of a clique differ, so a seat holds one of them at most.

sum_{i in clique} x_ij <= 1 for each seat j says for all its pairs at once, and cuts off more fractions than they do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.inputs import IntArray
from engine.territory.declaration import Apart, Rows

if TYPE_CHECKING:
    from engine.territory.problem import Problem


def cliques(pairs: IntArray) -> list[list[int]]:
    """Cover every pair by a clique, greedily in the order of the pairs; each sorted."""
    partners: dict[int, set[int]] = {}
    for i, k in pairs.tolist():
        partners.setdefault(i, set()).add(k)
        partners.setdefault(k, set()).add(i)
    covered: set[tuple[int, int]] = set()
    found = []
    for i, k in sorted({(min(pair), max(pair)) for pair in pairs.tolist()}):
        if (i, k) in covered:
            continue
        clique, shared = [i, k], partners[i] & partners[k]
        while shared:
            clique.append(min(shared))
            shared &= partners[clique[-1]]
        clique.sort()
        covered.update((a, b) for a in clique for b in clique if a < b)
        found.append(clique)
    return found


def apart_rows(apart: Apart, problem: Problem) -> Rows:
    """Return a row for each clique and seat that two of the clique may belong to."""
    found = cliques(apart.pairs)
    sizes = np.array([len(clique) for clique in found], dtype=np.int64)
    members = np.array([i for clique in found for i in clique], dtype=np.int64)
    of_clique = np.repeat(np.arange(len(found)), sizes)
    allowed = problem.eligible[members]
    count = np.zeros((len(found), len(problem.rep_ids)), dtype=np.int64)
    np.add.at(count, of_clique, allowed)
    number = np.where(count > 1, np.cumsum(count > 1).reshape(count.shape) - 1, -1)
    entry, rep = np.nonzero(allowed & (number[of_clique] >= 0))
    order = np.argsort(number[of_clique[entry], rep], kind="stable")
    row, rep, account = number[of_clique[entry], rep][order], rep[order], members[entry][order]
    ids, seats = problem.account_ids, problem.rep_ids
    labels = tuple(
        f"{ids[found[c][0]]}_{len(found[c])}_{seats[j]}" for c, j in np.argwhere(count > 1).tolist()
    )
    rows, ones = len(labels), np.ones(len(row), dtype=np.int64)
    return Rows(row, account, rep, ones, np.full(rows, -np.inf), np.ones(rows), labels)
