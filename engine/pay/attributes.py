"""Attributes: the columns of deals that plans ask for, as the deals of a book have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from engine.comp.asking import Columns
from engine.comp.book import Labels, Numbers
from engine.comp.spec import CompSpec
from engine.crediting.deals import RATIO, Deals
from engine.errors import BadInput, Fault
from engine.inputs import Finding, IntArray
from engine.pay.spec import PayScenario

NUMBERS = ("amount", "term_months")
"""Columns of numbers of every table of deals."""


def columns_of(scenario: PayScenario) -> Columns:
    """Return what the table of deals says beside credit."""
    extra = scenario.data.deals.extra
    return Columns(
        dict.fromkeys(("product", *(name for name, kind in extra.items() if kind == "text"))),
        frozenset((*NUMBERS, *(name for name, kind in extra.items() if kind != "text"))),
    )


def demand_columns(scenario: PayScenario) -> None:
    """Refuse plans that ask for columns that the table of deals does not have.

    Raises:
        BadInput: every fault, with its field.

    """
    columns = columns_of(scenario)
    faults = [
        Fault(fault.code, fault.message, fault.hint, field=f"{key}{fault.field.removeprefix('comp')}")
        for key, spec in scenario.compared
        for fault in columns.faults(spec)
    ]
    if faults:
        raise BadInput(faults)


def labels(spec: CompSpec, deals: Deals) -> dict[str, Labels]:
    """Return the columns of words that plans ask for, shape (deal,); a reversal has those of the deal it takes back."""
    found = {}
    for column in dict.fromkeys(column for column, words in _asked(spec) if words):
        codes, words = pd.factorize(deals.texts[column][deals.of], sort=True)
        found[column] = Labels(codes.astype(np.int64), tuple(words.tolist()))
    return found


def numbers(spec: CompSpec, deals: Deals, money: Mapping[str, IntArray], minor: int) -> dict[str, Numbers]:
    """Return the columns of numbers that plans ask for, shape (deal,); a reversal has those of the deal it takes back.

    Args:
        spec: the plans.
        deals: the deals.
        money: their columns of numbers, money in the plan's currency.
        minor: minor units per unit of that currency.

    """
    found = {}
    for column in dict.fromkeys(column for column, words in _asked(spec) if not words):
        values = deals.term if column == "term_months" else money[column]
        scale = minor if column in deals.money else RATIO if column in deals.ratios else 1
        found[column] = Numbers(values[deals.of], scale)
    return found


def without_deals(spec: CompSpec, deals: Deals) -> Iterator[Finding]:
    """Yield a finding for each column of which plans know words that no deal has: a product not sold, or a slip."""
    for column, words in _asked(spec):
        there = set(deals.texts[column].tolist()) if words else ()
        unsold = tuple(word for word in words if word not in there)
        if unsold:
            yield Finding("deals", f"plans know a {column} of no deal", len(unsold), "kept", unsold)


def _asked(spec: CompSpec) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (column, words that plans know); no words for a column of numbers."""
    for plan in spec.plans.values():
        for part in plan.components:
            for asked in part.asks():
                yield asked.column, asked.words or ()
