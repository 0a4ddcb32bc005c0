"""Sizes: what won deals are worth, by product, as mixtures of lognormal laws."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import exp, expm1, log, sqrt

import numpy as np

from engine import amounts
from engine.calibration.found import Curve, Found
from engine.calibration.spec import CalibrationSpec
from engine.inputs import FloatArray
from engine.pipeline.any_law import AnyLaw
from engine.pipeline.export import Export
from engine.pipeline.law import Law
from engine.pipeline.law import mean as mean_of
from engine.pipeline.laws.fixed import Fixed
from engine.pipeline.laws.lognormal import Lognormal
from engine.pipeline.laws.mixture import Mixture, Part
from engine.pipeline.spec import Sizes

_FEWEST = 5
"""Won deals of a product below which its amounts are not fitted."""
_MOST_PARTS = 4
_PER_PART = 10
"""Deals for each part at least."""
_ROUNDS = 500
_APART = 3.0
"""Standard errors between the means of law and data beyond which that is said."""
_WIDEST = 2.4
"""Standard deviation of a part's logarithms up to which a scenario can write it."""
_NARROWEST = 0.02
"""Least standard deviation of a part's logarithms, so that none collapses onto a single amount."""


@dataclass(frozen=True)
class Parts:
    """A mixture of normal laws of the logarithm; arrays of shape (part,)."""

    weight: FloatArray
    middle: FloatArray
    spread: FloatArray
    log_likelihood: float

    @property
    def parameters(self) -> int:
        """Free parameters."""
        return 3 * len(self.weight) - 1

    def score(self, criterion: str, deals: int) -> float:
        """Return the criterion; lower is better."""
        penalty = log(max(deals, 2)) if criterion == "bic" else 2.0
        return penalty * self.parameters - 2 * self.log_likelihood


def mixture(values: FloatArray, criterion: str) -> tuple[Parts, tuple[Parts, ...]]:
    """Fit mixtures of lognormal laws to positive amounts: one part more, up to four, as long as the criterion falls.

    Returns the best, and all that were tried.
    """
    logs, deals = np.log(values), len(values)
    tried = [_em(logs, 1)]
    for parts in range(2, min(_MOST_PARTS, deals // _PER_PART) + 1):
        tried.append(_em(logs, parts))
        if tried[-1].score(criterion, deals) >= tried[-2].score(criterion, deals):
            break
    return min(tried, key=lambda one: one.score(criterion, deals)), tuple(tried)


def _em(logs: FloatArray, parts: int) -> Parts:
    """Return the mixture by the EM algorithm, from parts that each hold as many of the sorted values."""
    groups = np.array_split(np.sort(logs), parts)
    weight = np.full(parts, 1 / parts)
    middle = np.array([group.mean() for group in groups])
    spread = np.maximum(np.array([group.std() for group in groups]), _NARROWEST)
    last = -np.inf
    for _ in range(_ROUNDS):
        away = (logs[:, None] - middle) / spread
        density = np.log(weight) - np.log(spread) - away**2 / 2 - log(2 * np.pi) / 2
        top = density.max(axis=1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(np.maximum(density - top, -700)).sum(axis=1))
        value = float(total.sum())
        share = np.exp(np.maximum(density - total[:, None], -700))
        held = share.sum(axis=0)
        weight = np.maximum(held / len(logs), 1e-9)
        middle = (share * logs[:, None]).sum(axis=0) / np.maximum(held, 1e-9)
        variance = (share * (logs[:, None] - middle) ** 2).sum(axis=0) / np.maximum(held, 1e-9)
        spread = np.maximum(np.sqrt(variance), _NARROWEST)
        if value - last < 1e-8 * abs(value):
            break
        last = value
    return Parts(weight, middle, spread, float(value - logs.sum()))


def law_of(parts: Parts, none: float = 0.0) -> Law:
    """Return a mixture as a scenario writes it; `none` is the share of deals that are worth nothing."""
    spreads = np.minimum(parts.spread, _WIDEST).tolist()
    laws = [
        Lognormal(
            mean=float(f"{exp(middle + spread**2 / 2):.6g}"),
            cv=Decimal(f"{sqrt(expm1(spread**2)):.5g}"),
        )
        for middle, spread in zip(parts.middle.tolist(), spreads, strict=True)
    ]
    weights = [float(f"{weight * (1 - none):.6g}") for weight in parts.weight.tolist()]
    told: list[tuple[float, Fixed | Lognormal]] = list(zip(weights, laws, strict=True))
    if none > 0:
        told.append((float(f"{none:.6g}"), Fixed(value=0)))
    if len(told) == 1:
        return laws[0]
    return Mixture(parts=tuple(Part(weight=weight, law=law) for weight, law in told))


def sizes(export: Export, asked: CalibrationSpec, found: Found) -> tuple[Sizes, dict[str, float]]:
    """Return the laws of amounts by product, and the relative standard error of each mean."""
    products = export.inputs.products
    won = (export.outcome == 1) & (export.amount >= 0) & (export.closed >= export.visible)
    money = export.amount / 10.0 ** amounts.decimals(export.inputs.currency)
    laws: dict[str, AnyLaw] = {}
    error: dict[str, float] = {}
    for place, name in enumerate(products.id):
        own = money[won & (export.product == place)]
        if len(own) >= _FEWEST and own.max() > 0:
            laws[name], error[name] = _product(name, own, asked, found)
        elif products.price[place] > 0:
            found.missing(
                "sizes", f"{name}: {len(own)} won deals, so its list price is taken", "Give a law in sizes."
            )
        elif won.any() and money[won].max() > 0:
            law, _ = mixture(money[won & (money > 0)], asked.criterion)
            laws[name] = law_of(law)
            found.missing(
                "sizes",
                f"{name}: {len(own)} won deals and no list price, so the amounts of all products",
                "Give a law.",
            )
    return Sizes(by_product=laws), error


def _product(name: str, own: FloatArray, asked: CalibrationSpec, found: Found) -> tuple[Law, float]:
    if own.min() == own.max():
        found.note("sizes", f"{name}: every won deal has the same amount.")
        return Fixed(value=float(own[0])), 0.0
    paid = own[own > 0]
    none = 1 - len(paid) / len(own)
    best, tried = mixture(paid, asked.criterion)
    law = law_of(best, none)
    mean, error = float(own.mean()), float(own.std(ddof=1) / sqrt(len(own)) / own.mean())
    found.positive("sizes", "mean amount", f"product {name}", (mean, error), "currency", len(own))
    scores = ", ".join(f"{len(one.weight)}: {one.score(asked.criterion, len(paid)):,.0f}" for one in tried)
    found.note(
        "sizes", f"{name}: {len(best.weight)} lognormal parts, by {asked.criterion.upper()} ({scores})."
    )
    told = mean_of(law.knots())
    if abs(told / mean - 1) > _APART * error:
        found.warn(
            "sizes",
            f"{name}: the law has the mean {told:,.2f}, the won deals have {mean:,.2f}: few large deals decide it.",
            "Look at the drawing; give a law by hand.",
        )
    if none > 0:
        found.note("sizes", f"{name}: {none:.1%} of won deals are worth nothing.")
    level = (np.arange(len(own)) + 0.5) / len(own)
    found.curves.append(_curve(name, np.sort(own), level, law))
    return law, round(error, 4)


def _curve(name: str, values: FloatArray, level: FloatArray, law: Law) -> Curve:
    from engine.pipeline.law import reached

    at = np.unique(np.linspace(0, len(values) - 1, min(len(values), 150)).astype(np.int64))
    knots = law.knots()
    fitted = np.array([reached(knots, float(value)) for value in values[at]])
    lines = (("counted", level[at]), ("fitted", fitted))
    return Curve("sizes", f"Amounts of {name}", values[at], lines, "amount", "share of won deals up to it")
