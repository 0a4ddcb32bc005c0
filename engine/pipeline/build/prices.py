"""Prices: which products leads are about, what a won deal is worth, and what it takes along."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine import amounts
from engine.inputs import FloatArray, IntArray
from engine.pipeline.build.draft import Draft
from engine.pipeline.laws.fixed import Fixed
from engine.pipeline.layout import NEVER, PRODUCT, Records, records
from engine.pipeline.spec import Sizes


def prices(draft: Draft) -> tuple[Records, FloatArray]:
    """Return products with law and unit of their amounts, and cumulative shares, shape (segment + 1, product)."""
    sizes, products = draft.spec.sizes or Sizes(), draft.inputs.products
    draft.refuse_unknown(sizes.by_product, products.id, "product", "pipeline.sizes.by_product")
    draft.refuse_unknown(sizes.discounts, products.id, "product", "pipeline.sizes.discounts")
    mix = _mix(draft)
    taken = [rule.product for rule in draft.spec.attached]
    sold = np.any(np.diff(mix, axis=1, prepend=0.0) > 0, axis=0) | np.isin(products.id, taken)
    law = np.zeros(len(products), dtype=np.int64)
    unit = np.full(len(products), 10.0 ** amounts.decimals(draft.inputs.currency))
    for place, product in enumerate(products.id):
        own = sizes.by_product.get(product, sizes.law)
        law[place] = draft.tables.add(own or Fixed(value=1))
        if own is None or sizes.times_price:
            unit[place] = products.price[place]
            if unit[place] <= 0 and sold[place]:
                hint = "Give it a price, or a law in pipeline.sizes."
                draft.refuse("E_REQUIRED", f"product '{product}' has no list price", hint, "pipeline.sizes")
    off = [draft.tables.add_or_none(sizes.discounts.get(name)) for name in products.id]
    until = [
        draft.tick(draft.changes.until[name]) if name in draft.changes.until else NEVER
        for name in products.id
    ]
    return records(PRODUCT, law, unit, np.array(off), np.array(until)), mix


def attached(draft: Draft) -> FloatArray:
    """Return the probability that a deal for a product takes another along, shape (product, product)."""
    names, where = draft.inputs.products.id, "pipeline.attached"
    chance = np.zeros((len(names), len(names)))
    for at, rule in enumerate(draft.spec.attached):
        draft.refuse_unknown([rule.product, *rule.to], names, "product", f"{where}[{at}]")
        for to in rule.to:
            if to in names and rule.product in names:
                if chance[names.index(to), names.index(rule.product)] > 0:
                    message = f"'{to}' takes '{rule.product}' along already"
                    draft.refuse("E_DUPLICATE", message, "Leave one out.", f"{where}[{at}].to")
                chance[names.index(to), names.index(rule.product)] = float(rule.chance)
    return chance


def price_steps(draft: Draft) -> tuple[IntArray, FloatArray]:
    """Return the ticks at which prices change, and the factors before and after each, shape (change + 1, product)."""
    names = draft.inputs.products.id
    days = sorted({day for day, _, _ in draft.changes.prices})
    factor = np.ones((len(days) + 1, len(names)))
    for day, times, products in draft.changes.prices:
        for place, name in enumerate(names):
            if not products or name in products:
                factor[days.index(day) + 1 :, place] *= times
    return np.array([draft.tick(day) for day in days], dtype=np.int64), factor


def _mix(draft: Draft) -> FloatArray:
    """Cumulative shares, shape (segment + 1, product)."""
    spec, where = draft.spec, "pipeline.mix_by_segment"
    draft.refuse_unknown(spec.mix_by_segment, draft.segments, "segment", where)
    common = _shares(draft, spec.mix or dict.fromkeys(draft.inputs.products.id, 1.0), "pipeline.mix")
    own = {name: _shares(draft, weights, f"{where}.{name}") for name, weights in spec.mix_by_segment.items()}
    return np.array([*(own.get(name, common) for name in draft.segments), common])


def _shares(draft: Draft, weights: Mapping[str, float], where: str) -> FloatArray:
    known = draft.inputs.products.id
    draft.refuse_unknown(weights, known, "product", where)
    row = np.array([weights.get(product, 0.0) for product in known], dtype=np.float64)
    if row.sum() <= 0:
        draft.refuse("E_RANGE", "no product has a weight above zero", "Give at least one.", where)
        return np.ones(len(known))
    shares = np.cumsum(row) / row.sum()
    shares[np.flatnonzero(row)[-1] :] = 1.0
    return np.asarray(shares, dtype=np.float64)
