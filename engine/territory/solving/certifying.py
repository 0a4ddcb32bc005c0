"""Certifying: multipliers of the rules, in the words of the rules, so that other code can add their bound up again.

An answer whose search left no multipliers over all pairs gets those of its LP. Seats in one piece and accounts apart
have no multipliers here: what is left out can only raise the cost, so the bound holds without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import inf, isfinite

import numpy as np

from engine.inputs import FloatArray, Words
from engine.territory.declaration import Band, Budget, Spread
from engine.territory.problem import Named, Problem
from engine.territory.solving.duals import row_duals
from engine.territory.solving.formulation import Formulation, formulate
from engine.territory.solving.multipliers import allowed, allowed_sparse, price_out
from engine.territory.solving.relaxation import pairs_of, relax
from engine.territory.solving.search import CALM, Answer, Certificate, Prices, Search
from engine.territory.solving.whole import held_at

LP_PAIRS = 20_000
"""Eligible pairs up to which the LP over all of them is one model; beyond, it is priced out. It takes seconds, so that
a time limit does not cut it; borders make it large, and then the limit holds."""


def certified(problem: Problem, found: Answer, search: Search) -> Answer:
    """Return an answer with a certificate; its bound is that of the certificate where that is the better one.

    Where ranks came before the cost, the answer's bound stays: it holds with every rank a hair worse, too, while the
    certificate holds them at what they came to.
    """
    certificate = found.certificate
    if certificate is None:
        certificate = _of_relaxation(held_at(problem, found.rep_of), found, search)
    if found.earlier and isfinite(found.bound):
        certificate = replace(certificate, bound=min(certificate.bound, found.bound))
    if isfinite(found.bound) and certificate.bound <= found.bound + CALM * max(abs(found.bound), 1.0):
        return replace(found, certificate=certificate)
    proof = f"multipliers evaluated on all {int(problem.eligible.sum()):,} pairs"
    bound = min(certificate.bound, found.objective)
    return replace(found, certificate=certificate, bound=bound, proof=proof)


def certificate_of(problem: Problem, formulation: Formulation, duals: FloatArray) -> Certificate:
    """Return what the row duals of a formulation prove over all pairs, without what has no multipliers here."""
    kept = duals.copy()
    for sparse in formulation.sparse[len(problem.rows) : len(problem.free_rows())]:
        kept[sparse.rows] = 0.0
    bound = price_out(problem, formulation, kept).bound
    return Certificate(bound, tuple(_by_rule(problem, formulation, kept)), _left_out(problem))


def _left_out(problem: Problem) -> Words:
    return (*(rule.title for rule in problem.apart), *(rule.title for rule in problem.connected))


def _of_relaxation(problem: Problem, found: Answer, search: Search) -> Certificate:
    easier = replace(problem, apart=(), connected=())
    if int(problem.eligible.sum()) > LP_PAIRS:
        relaxation = relax(easier, search, found.rep_of)
        formulation, duals = relaxation.formulation, relaxation.duals
    else:
        formulation = formulate(easier, *pairs_of(easier.eligible), integer=False)
        lp = replace(search, deadline=search.deadline if easier.edge_costs else inf)
        told = row_duals(lp, formulation.model.arrays(), lp.solve(formulation, gap=0.0, quiet=True))
        duals = np.zeros(formulation.model.rows) if told is None else told
    return replace(certificate_of(easier, formulation, duals), left_out=_left_out(problem))


def _by_rule(problem: Problem, formulation: Formulation, duals: FloatArray) -> Iterator[Prices]:
    """Yield the multipliers of each rule: currency units per integer unit of what it bounds."""
    blocks, seats = iter(formulation.rows), problem.rep_ids
    rules: tuple[Named[Band] | Named[Budget] | Named[Spread], ...]
    rules = (*problem.bands, *problem.budgets, *problem.priced_spreads)
    for rule in rules:
        rows, scale = next(blocks)
        labels = ("",) if isinstance(rule.what, Budget) else seats
        yield Prices(rule.field, rule.title, labels, allowed(rule.what, duals[rows] / scale))
    for held in problem.holds:
        for k, _ in enumerate(held.what.spreads, start=1):
            rows, scale = next(blocks)
            yield Prices(held.field, f"{held.title}, band {k}", seats, duals[rows] / scale)
    for gain, (rows, scale) in zip(problem.gains, formulation.gains, strict=True):
        yield Prices(gain.field, gain.title, seats, duals[rows] / scale)
    for named, sparse in zip(problem.rows, formulation.sparse, strict=False):
        yield Prices(named.field, named.title, named.what.labels, allowed_sparse(sparse, duals))
    for edge, sparse in zip(problem.edge_costs, formulation.sparse[len(problem.free_rows()) :], strict=True):
        values, what, ids = allowed_sparse(sparse, duals), sparse.what, problem.account_ids
        count = len(values)
        used = np.flatnonzero(values).tolist()
        ends = tuple((ids[what.account[k]], ids[what.account[count + k]]) for k in used)
        yield Prices(edge.field, edge.title, tuple(seats[what.rep[k]] for k in used), values[used], ends)
