"""Estimate a pipeline from an export: what was known on the first day of the plan, and nothing later.

Deliberately one stage: an export without the history of stages tells when deals were created and how and when
they closed. Its days run from creation to close, so a wait for a slot would be counted twice: give slots enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine import amounts
from engine.errors import BadInput, Fault
from engine.inputs import Inputs, IntArray
from engine.pipeline.closes import Closes
from engine.pipeline.competing_risks import incidence
from engine.pipeline.export import Export
from engine.pipeline.fits import month_weights, size_law, stage_of
from engine.pipeline.spec import IGNORED, Arrivals, Estimate, PipelineSpec, Seasonality, Sizes, Stage
from engine.pipeline.standard_errors import amount_errors, log_odds_error, with_uncertainty

ENOUGH_CLOSED = 20
"""Closed deals below which an estimate is a guess."""
_FEWEST = 5
"""Won deals of a product below which its amounts are not fitted."""
_SHORTEST = 28
"""Days of created dates below which no rate is estimated."""


def estimate(inputs: Inputs, spec: PipelineSpec) -> tuple[PipelineSpec, tuple[str, ...]]:
    """Return the spec with what it leaves out filled in, and notes; see `engine.pipeline.estimate`."""
    if spec.estimate is None:
        return spec, ()
    asked = spec.estimate
    export = Export.of(inputs, spec, asked.closes_since, asked.since)
    estimator = _Estimator(inputs, spec, asked, export)
    estimator.refuse_unusable()
    notes: list[str] = []
    filled: dict[str, object] = {"estimate": None}
    if spec.estimate.leads_from == "closes":
        filled |= estimator.decided(notes)
    if not spec.stages and "stages" not in filled:
        filled["stages"] = (estimator.stage(notes),)
    if not spec.leads_by_source and "arrivals" not in filled:
        filled["arrivals"] = estimator.arrivals(notes)
    if spec.seasonality is None and spec.estimate.seasonality:
        filled["seasonality"] = estimator.seasonality(notes)
    if not spec.mix and not spec.mix_by_segment and "mix" not in filled:
        filled["mix"] = estimator.mix()
    if spec.sizes is None:
        filled["sizes"] = estimator.sizes(notes)
    given = {name: getattr(spec, name) for name in PipelineSpec.model_fields}
    resolved = PipelineSpec(**(given | filled))
    if spec.estimate.uncertainty:
        amounts_known = amount_errors(export) if spec.sizes is None else {}
        counted = round(sum(resolved.mix.values())) if "mix" in filled else 0
        resolved = with_uncertainty(resolved, *estimator.errors(), amounts_known, counted)
    return resolved, tuple(notes)


def thin(inputs: Inputs, spec: PipelineSpec) -> tuple[str, ...]:
    """Return what makes an estimate a guess, in sentences."""
    if spec.estimate is None or spec.stages:
        return ()
    export = Export.of(inputs, spec, spec.estimate.closes_since, spec.estimate.since)
    closed = int((export.outcome >= 0).sum())
    if closed >= ENOUGH_CLOSED:
        return ()
    return (
        f"W_THIN: pipeline.estimate: win probability and days rest on {closed} closed deals alone. Give at least "
        f"{ENOUGH_CLOSED}, from a longer export, or write arrivals and stages by hand.",
    )


@dataclass(frozen=True)
class _Estimator:
    inputs: Inputs
    spec: PipelineSpec
    estimate: Estimate
    export: Export

    def refuse_unusable(self) -> None:
        """Refuse an export without closes, with closes of the plan itself, or with too short a window."""
        history, faults = self.inputs.history, []
        if not np.any(history.outcome >= 0):
            faults.append(
                ("E_ESTIMATE", "the history holds no closed deals", "Give arrivals and stages instead.")
            )
        elif np.any(history.closed >= self.export.today):
            late = int(np.sum(history.closed >= self.export.today))
            hint = f"Know only what closed before {self.export.today}."
            faults.append(("E_ESTIMATE", f"{late} closes of the history lie in the plan", hint))
        elif self.export.window[1] < _SHORTEST:
            since, days = self.export.window
            message = f"only {days} days of arrivals, from {since} to the start of the plan"
            faults.append(("E_ESTIMATE", message, f"Give at least {_SHORTEST} days, or arrivals."))
        if faults:
            raise BadInput([Fault(*fault, field="pipeline.estimate") for fault in faults])

    @property
    def closes(self) -> Closes:
        return Closes.of(self.export)

    def decided(self, notes: list[str]) -> dict[str, object]:
        """Return leads that are decided as they arise, by product as they were won; open deals are ignored."""
        given = self.spec.leads_by_source or self.spec.stages
        if given or self.spec.seasonality is not None:
            message = (
                "leads_from: closes estimates arrivals, seasonality and stages together, and some are given"
            )
            hint = "Leave them out, or estimate from created dates."
            raise BadInput([Fault("E_CONFLICT", message, hint, field="pipeline.estimate.leads_from")])
        won = self.export.product[(self.export.outcome == 1) & (self.export.product >= 0)]
        counts = np.bincount(won, minlength=len(self.inputs.products))
        named = zip(self.inputs.products.id, counts.tolist(), strict=True)
        filled = self.closes.filled(self.estimate.stage, notes)
        if not self.spec.mix and not self.spec.mix_by_segment:
            filled["mix"] = {name: float(count) for name, count in named if count}
        ignored = dict.fromkeys(sorted(set(self.inputs.pipeline.stage)), IGNORED)
        return filled | {"open_stages": ignored}

    def errors(self) -> tuple[float, float]:
        """Return the standard errors of the rate of leads, relative, and of the log-odds to win; 0 where given."""
        if self.estimate.leads_from == "closes":
            return self.closes.rate_error, self.closes.odds_error
        outcome, arrived = self.export.outcome, int(self.export.arrived.sum())
        rate = 0.0 if self.spec.leads_by_source else 1 / max(arrived, 1) ** 0.5
        odds = (
            0.0 if self.spec.stages else log_odds_error(int((outcome == 1).sum()), int((outcome == 0).sum()))
        )
        return rate, odds

    def stage(self, notes: list[str]) -> Stage:
        """Return the single working stage."""
        observed, _ = self.export.observed()
        shares = incidence(observed)
        closed = observed.outcome[observed.outcome >= 0]
        notes.append(
            f"Win probability {shares.won[-1]:.1%} by competing risks over {len(closed):,} closed and "
            f"{len(observed.outcome) - len(closed):,} open deals, closes visible since {self.export.visible}; "
            f"won over closed alone would say {closed.mean():.1%}."
        )
        if shares.undecided > 0:
            notes.append(
                f"{shares.undecided:.1%} of deals outlive the oldest observed close ({len(shares.won) - 1} days): "
                f"taken as lost by day {self.estimate.give_up}."
            )
        return stage_of(self.estimate.stage, shares, self.estimate.give_up)

    def arrivals(self, notes: list[str]) -> Arrivals:
        """Return leads a year, from the created dates of the window."""
        since, days = self.export.window
        count, undated = int(self.export.arrived.sum()), int(np.isnat(self.export.created).sum())
        leads = round(count / days * 365, 2)
        text = f"{leads:,.0f} leads a year from {count:,} deals created in the {days} days since {since}"
        notes.append(
            text + (f"; {undated:,} deals without a created date are not counted." if undated else ".")
        )
        return Arrivals(leads=leads, spread="history")

    def seasonality(self, notes: list[str]) -> Seasonality:
        """Return weights of calendar months from every created date since closes are visible."""
        since = min(self.export.visible, self.export.window[0])
        weights = month_weights(self.export.created[~np.isnat(self.export.created)], since, self.export.today)
        if not weights:
            message = f"created dates since {since} do not cover all twelve months"
            field = "pipeline.estimate.seasonality"
            raise BadInput([Fault("E_ESTIMATE", message, "Give weights instead.", field=field)])
        notes.append(f"Weights of months from deals created since {since}.")
        return Seasonality(months=weights)

    def mix(self) -> dict[str, float]:
        """Return the deals of the window by product."""
        product = self.export.product
        known: IntArray = product[self.export.arrived & (product >= 0)]
        counts = np.bincount(known, minlength=len(self.inputs.products))
        return {
            name: float(count) for name, count in zip(self.inputs.products.id, counts, strict=True) if count
        }

    def sizes(self, notes: list[str]) -> Sizes:
        """Return the amounts of won deals by product; one won too seldom has its list price, or all products' law."""
        history, products = self.inputs.history, self.inputs.products
        won = (history.outcome == 1) & (history.amount >= 0)
        money = history.amount / 10.0 ** amounts.decimals(self.inputs.currency)
        laws = {}
        for place, name in enumerate(products.id):
            own = money[won & (history.product == place)]
            if len(own) >= _FEWEST and own.max() > 0:
                laws[name] = size_law(own, self.estimate.sizes)
            elif products.price[place] <= 0 and won.any():
                laws[name] = size_law(money[won], self.estimate.sizes)
                notes.append(f"{name}: {len(own)} won deals and no list price, so amounts of all products.")
            else:
                notes.append(f"{name}: only {len(own)} won deals, so the list price.")
        return Sizes(by_product=laws)
