"""Plain checks of what stands beside cost: on-costs make up loaded cost, and the books of the accruals close."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

FIGURES = ("total", "variable", "salary", "on-costs", "loaded")
"""Figures of the table of cost that are no single on-cost."""
ROUNDED = 0.5
"""Minor units by which a published mean may differ from the mean."""


def loaded(tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield where mean on-costs do not make up the loaded cost, or single ones not all of them."""
    if "cost" not in tables:
        return
    for (plan, period), rows in tables["cost"].groupby(["plan", "period"], sort=False):
        mean = dict(zip(rows["figure"], rows["mean"], strict=True))
        if "loaded" not in mean:
            continue
        if abs(mean["loaded"] - mean["total"] - mean["on-costs"]) > 3 * ROUNDED:
            yield f"loaded cost of {plan} in {period} is not its cost and its on-costs"
        single = [value for figure, value in mean.items() if figure not in FIGURES]
        if single and abs(sum(single) - mean["on-costs"]) > ROUNDED * (len(single) + 1):
            yield f"on-costs of {plan} in {period} are not the sum of the single ones"


def accruals(tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield where what stands in an accrual schedule does not follow from the flows, to the minor unit."""
    if "accruals" not in tables:
        return
    for (plan, component), rows in tables["accruals"].groupby(["plan", "component"], sort=False):
        whose = f"accruals of {plan}, {component}"
        periods = rows[rows["period"] != "year"]
        first = periods.iloc[0]
        asset, reserve = first["opening_asset"], first["opening_reserve"]
        liability = first["opening_liability"]
        for row in periods.to_dict("records"):
            written_off = row["amortisation"] + row["impairment"]
            reserved = row["closing_reserve"] - row["opening_reserve"]
            expense = row["accrued"] - row["additions"] + written_off - reserved
            began = (asset, reserve, liability)
            asset += row["additions"] - written_off
            liability += row["accrued"] - row["cash"]
            reserve += reserved
            closed = (row["closing_asset"], row["closing_liability"], row["expense"])
            opened = (row["opening_asset"], row["opening_reserve"], row["opening_liability"])
            if opened != began or closed != (asset, liability, expense):
                yield f"{whose}: what stands at the end of {row['period']} does not follow from its flows"
        yield from _year(whose, periods, rows[rows["period"] == "year"].iloc[0])


def _year(whose: str, periods: pd.DataFrame, year: pd.Series[Any]) -> Iterator[str]:
    for flow in ("cash", "accrued", "expense", "additions", "amortisation", "impairment"):
        if periods[flow].sum() != year[flow]:
            yield f"{whose}: {flow} of the year is not the sum over its periods"


def journal(tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield the entries of a journal that do not balance."""
    if "journal" not in tables:
        return
    for (period, text), rows in tables["journal"].groupby(["period", "text"], sort=False):
        debit, credit = int(rows["debit"].sum()), int(rows["credit"].sum())
        if debit != credit:
            yield f"{text} in {period}: debit {debit}, credit {credit} minor units"
