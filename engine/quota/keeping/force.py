"""Force: what is in force for each seat, cell by cell, and which seats have a reason to be set anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine.inputs import BoolArray, FloatArray, Inputs, IntArray
from engine.quota.keeping.spec import KeepSpec

TIME = 0.01
"""Share of the plan by which a seat's time in it (ramp, hire date, leave) may differ before its quota is set anew."""
NEW, NAMED, IN_SEAT, ACCOUNTS = "new seat", "named", "time in seat", "accounts"
NARROW = "bounds narrower than the step"


@dataclass(frozen=True)
class Force:
    """What is in force, without what catch-up and relief of its run moved in open periods. Money in minor units."""

    seats: IntArray
    """Quota of each seat in the whole plan, 0 where it has none, shape (rep,)."""
    cells: IntArray
    """The same by cell, as far as this plan has its products, shape (rep, product, period)."""
    reasons: tuple[str, ...]
    """Why a seat is set anew by the methods; blank where it is held to its quota in force, shape (rep,)."""
    comparable: BoolArray
    """Seats with a quota in force that carry the same share of the plan now, shape (rep,)."""

    @property
    def held(self) -> frozenset[int]:
        """Return the seats that are held to their quota in force."""
        return frozenset(seat for seat, why in enumerate(self.reasons) if not why)

    @property
    def base(self) -> IntArray:
        """Return what `bounds.previous` are relative to, 0 where they do not hold, shape (rep,)."""
        return np.where(self.comparable, self.seats, 0)


def force(
    inputs: Inputs,
    keep: KeepSpec | None,
    products: Sequence[str],
    year: Sequence[Fraction],
    rep_of: IntArray,
) -> Force:
    """Return what is in force.

    Args:
        inputs: the tables, with the run in force.
        keep: what is kept; None where the methods set every seat.
        products: product axis of the quotas.
        year: share of the plan that each seat carries, shape (rep,).
        rep_of: seat of each account, -1 for none, shape (account,).

    """
    seats, cells = in_force(inputs, products)
    moved = _moved(inputs, rep_of)
    then, same = _ramp(inputs), seats > 0
    reasons = []
    named, least = (keep.anew, keep.accounts) if keep is not None else ((), None)
    for seat, name in enumerate(inputs.reps.id):
        why = ""
        if seats[seat] <= 0:
            why = NEW
        elif abs(then.get(name, 0.0) - float(year[seat])) >= TIME:
            why, same[seat] = IN_SEAT, False
        elif name in named:
            why = NAMED
        elif least is not None and moved[seat] >= float(least):
            why = ACCOUNTS
        reasons.append(why)
    return Force(seats, cells, tuple(reasons), same)


def in_force(inputs: Inputs, products: Sequence[str]) -> tuple[IntArray, IntArray]:
    """Return the quotas in force by seat, (rep,), and by cell, (rep, product, period), minor units.

    What catch-up and relief of their run moved in periods that are open is not in them: it comes anew.
    """
    seat_of = {name: seat for seat, name in enumerate(inputs.reps.id)}
    product_of = {name: index for index, name in enumerate(products)}
    period_of = {label: index for index, label in enumerate(inputs.calendar.labels)}
    seats = np.zeros(len(seat_of), dtype=np.int64)
    cells = np.zeros((len(seat_of), len(product_of), len(period_of)), dtype=np.int64)
    for rep, product, period, amount in _rows(inputs):
        if rep in seat_of:
            seats[seat_of[rep]] += amount
            if product in product_of:
                cells[seat_of[rep], product_of[product], period_of[period]] += amount
    return seats, cells


def _rows(inputs: Inputs) -> Iterator[tuple[str, str, str, int]]:
    """Yield seat, product, period and amount of each quota, and of each effect on an open period taken off it."""
    assert inputs.in_force is not None
    tables, open_ = inputs.in_force.tables, set(inputs.calendar.labels[inputs.calendar.closed :])
    frame = tables["quotas"]
    columns = ["rep", "product", "period", "quota"]
    for rep, product, period, quota in frame.loc[frame["quota"].notna(), columns].itertuples(index=False):
        yield rep, product, period, int(quota)
    for name, seat in (("quota_catch_up", "rep"), ("quota_relief", "who")):
        if name in tables:
            told = tables[name]
            told = told.loc[told["period"].isin(open_), [seat, "product", "period", "effect"]]
            for rep, product, period, effect in told.itertuples(index=False):
                yield rep, product, period, -int(effect)


def _ramp(inputs: Inputs) -> dict[str, float]:
    """Return the share of the plan that each seat carried by the run in force."""
    assert inputs.in_force is not None
    frame = inputs.in_force.tables["quota_reps"]
    return dict(zip(frame["rep"], frame["ramp"].astype(float), strict=True))


def _moved(inputs: Inputs, rep_of: IntArray) -> FloatArray:
    """Return the potential of accounts that came and went, over what the seat held then, shape (rep,)."""
    assert inputs.in_force is not None
    frame = inputs.in_force.tables["alignment"]
    seat_of = {name: seat for seat, name in enumerate(inputs.reps.id)}
    held = {
        account: seat_of.get(rep, -1) for account, rep in zip(frame["account"], frame["rep"], strict=True)
    }
    then = np.array([held.get(account, -1) for account in inputs.accounts.id], dtype=np.int64)
    size, count = inputs.accounts.potential, len(seat_of)
    came, went, before = (
        np.bincount(seats[mask], size[mask].astype(np.float64), count)
        for seats, mask in (
            (rep_of, (rep_of != then) & (rep_of >= 0)),
            (then, (rep_of != then) & (then >= 0)),
            (then, then >= 0),
        )
    )
    share: FloatArray = np.divide(
        came + went, before, out=np.where(came + went > 0, np.inf, 0.0), where=before > 0
    )
    return share
