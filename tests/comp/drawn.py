"""Components with gates, modifiers and limits, and years of credit, drawn at random."""

from decimal import Decimal

import numpy as np
from hypothesis import strategies as st

from engine.comp.components.matrix import Matrix
from tests.comp.readings import Year
from tests.comp.test_paths import bases, bonuses, commissions, intervals, percents, sides

spans = st.sampled_from(["period", "quarter", "year"])
tenths = st.integers(1, 20).map(lambda n: Decimal(n) / 10)


@st.composite
def levels(draw):
    """Rising from 0; often tenths, which credits hit exactly."""
    return sorted({Decimal(0), *draw(st.lists(st.one_of(tenths, tenths, percents), max_size=3))})


def as_many(values, like):
    return st.lists(values, min_size=len(like), max_size=len(like))


@st.composite
def ratios(draw):
    over = draw(st.sampled_from([None, "bookings"]))
    window = draw(st.one_of(st.none(), st.integers(1, 13)))
    return {
        "measure": "margin" if over else draw(st.sampled_from(["margin", "bookings"])),
        "over": over,
        "levels_in": None if over else draw(st.sampled_from([None, None, "money", "units"])),
        "accumulate": draw(intervals) if window is None else "rolling",
        "window": window,
        "quota": draw(bases),
        "closed": draw(sides),
    }


@st.composite
def gates(draw):
    at_least = draw(st.sampled_from(["30%", "50%", "95%", "100%"]))
    return {
        **draw(ratios()),
        "at_least": at_least,
        "otherwise": draw(st.sampled_from(["nothing", "target"])),
    }


@st.composite
def modifiers(draw):
    at = draw(levels())
    nodes = [{"ratio": a, "factor": f} for a, f in zip(at, draw(as_many(percents, at)), strict=True)]
    return {**draw(ratios()), "shape": draw(st.sampled_from(["steps", "lines"])), "nodes": nodes}


@st.composite
def limits(draw):
    """Caps on pay and credit, and a floor."""
    kept = [
        {"amount": 3000, "per": "period"},
        {"of_target": "120%", "per": "quarter"},
        {"of_target": 1, "per": "year"},
    ]
    credit = [
        {"amount": 600_000, "per": "period", "above": draw(st.sampled_from(["lost", "carried"]))},
        {"amount": 1_500_000, "per": "quarter", "above": draw(st.sampled_from(["lost", "carried"]))},
        {"amount": 4_000_000, "per": "year", "above": "lost"},
    ]
    least = [None, {"amount": 1000, "per": "period"}, {"of_target": "40%", "per": draw(spans)}]
    return {
        "cap": draw(st.lists(st.sampled_from(kept), max_size=2)),
        "credit_caps": draw(st.lists(st.sampled_from(credit), max_size=2)),
        "floor": draw(st.sampled_from(least)),
    }


@st.composite
def matrices(draw, rising=False, **fixed):
    down, across = draw(levels()), draw(levels())
    cells = draw(as_many(as_many(percents, across), down))
    if rising:
        cells = np.sort(np.sort(np.array(cells), axis=0), axis=1).tolist()
    second = {**draw(ratios()), "measure": "margin", "levels": across, "levels_in": None}
    given_ = {
        "accumulate": draw(intervals),
        "quota": draw(bases),
        "closed": draw(sides),
        "shape": draw(st.sampled_from(["steps", "bilinear"])),
        "levels": down,
        "across": second,
        "cells": cells,
        "weight": draw(st.sampled_from(["1", "0.4"])),
    }
    return Matrix.model_validate({**given_, **fixed})


@st.composite
def years(draw, least=-60):
    """Months that are tenths of a quota, so that values often lie exactly on a level."""
    quotas = {
        name: draw(st.lists(st.integers(0, 6), min_size=12, max_size=12)) for name in ("bookings", "margin")
    }
    sizes = {"bookings": 10_000_000, "margin": 3_000_000}
    whole = draw(st.booleans())
    sold = st.lists(st.integers(least, 60), min_size=12, max_size=12)
    odd = st.lists(st.just(0) if whole else st.integers(0, 3), min_size=12, max_size=12)
    credits = {
        name: [t * sizes[name] // 10 + o for t, o in zip(draw(sold), draw(odd), strict=True)]
        for name in quotas
    }
    return Year(
        credits,
        {name: [q * sizes[name] for q in row] for name, row in quotas.items()},
        draw(st.lists(st.integers(0, 2_000_000), min_size=12, max_size=12)),
        draw(st.sampled_from(["half_even", "half_up"])),
    )


@st.composite
def tenures(draw):
    months = sorted(draw(st.sets(st.integers(0, 11), max_size=3)))
    months = [0, *months] if months and months[0] else months
    return [{"month": month, "factor": draw(percents)} for month in months]


lists_of = {
    "gates": st.lists(gates(), max_size=2),
    "modifiers": st.lists(modifiers(), max_size=2),
    "tenure": tenures(),
}


@st.composite
def parts(draw, kinds=None, limited=True):
    """Any component of the three kinds, with rules around it."""
    base = draw(kinds if kinds is not None else st.one_of(commissions(), bonuses(cap=None), matrices()))
    rules = {name: draw(strategy) for name, strategy in lists_of.items()}
    return type(base).model_validate({**base.model_dump(), **rules, **(draw(limits()) if limited else {})})
