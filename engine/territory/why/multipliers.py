"""Multipliers of the plan's problem: the duals of the LP over all columns, with the bound that they prove.

    min c x   s.t.  every row of the problem,  0 <= x <= 1

The LP is solved by column generation: `relax` prices out all pairs and leaves good multipliers; the LP over the pairs
that they make cheap, and over those of the plan, is then solved with hard rules, until no pair outside undercuts what
its account pays. Its duals are the shadow prices; the bound L(mu) that they prove is evaluated over all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import BoolArray
from engine.territory.solving.contraction import Contraction
from engine.territory.solving.duals import row_duals
from engine.territory.solving.formulation import Formulation, formulate
from engine.territory.solving.multipliers import Priced, price_out
from engine.territory.solving.relaxation import pairs_of, relax
from engine.territory.study import Study

ROUNDS = 40
CHEAP = 4
"""Pairs per account in the first LP."""
ADDED = 4
"""Pairs of one account let in per round."""
CONVERGED = 1e-7
"""Relative distance of the LP from the bound that its duals prove, at which they are the duals of the whole LP."""


@dataclass(frozen=True)
class Multipliers:
    """The LP's duals on the rows of a formulation over units."""

    units: Contraction
    formulation: Formulation
    duals: FloatArray
    """Shape (row,); a binding lower side is 0 or more."""
    priced: Priced
    """Bound, and what each pair costs beyond it; over units."""
    converged: bool
    """Whether these are the duals of the LP over all columns, and not only of a part of it."""

    def beyond(self, account: IntArray, rep: IntArray) -> FloatArray:
        """Return what every plan with these pairs costs at least beyond the bound, currency units."""
        taken: FloatArray = self.priced.extra[self.units.unit_of[account], rep]
        return taken


def multipliers(study: Study) -> Multipliers | None:
    """Solve the LP over all columns; None where a limit or the backend leaves no duals."""
    units = study.problem.contract()
    problem = units.problem
    plan = np.zeros(len(problem.account_ids), dtype=np.int64)
    plan[units.unit_of] = study.rep_of
    search = study.searching("why", study.limits)
    columns = _first(relax(problem, search, plan).priced, problem.eligible, plan)
    best: Multipliers | None = None
    for _ in range(ROUNDS):
        formulation = formulate(problem, *pairs_of(columns), integer=False)
        lp = search.solve(formulation, gap=0.0, quiet=True)
        duals = row_duals(search, formulation.model.arrays(), lp)
        if duals is None:
            return best
        priced = price_out(problem, formulation, duals)
        done = lp.objective - priced.bound <= CONVERGED * max(abs(lp.objective), 1.0)
        if best is None or priced.bound >= best.priced.bound:
            best = Multipliers(units, formulation, duals, priced, done)
        if done or not _let_in(columns, priced):
            break
    return best


def _first(priced: Priced, eligible: BoolArray, plan: IntArray) -> BoolArray:
    """Return the pairs of least extra cost, `CHEAP` of each account, and the plan's; shape (account, rep)."""
    rows = np.arange(len(plan))
    order = np.argsort(priced.extra, axis=1, kind="stable")[:, :CHEAP]
    columns = np.zeros(priced.extra.shape, dtype=np.bool_)
    columns[rows[:, None], order] = True
    columns[rows, plan] = True
    return columns & eligible


def _let_in(columns: BoolArray, priced: Priced) -> bool:
    """Let in pairs that undercut the cheapest held pair of their account; return whether there were any."""
    held = np.where(columns, priced.extra, np.inf).min(axis=1, keepdims=True)
    undercut = np.where(columns, np.inf, priced.extra)
    order = np.argsort(undercut, axis=1, kind="stable")[:, :ADDED]
    rows = np.broadcast_to(np.arange(len(columns))[:, None], order.shape)
    better = np.take_along_axis(undercut, order, axis=1) < held
    columns[rows[better], order[better]] = True
    return bool(better.any())
