"""From a spec, the inputs and an alignment to the arrays of a Model; all faults at once."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import BadInput
from engine.inputs import Inputs, IntArray
from engine.measures import Measures
from engine.pipeline.actual import Booked, booked
from engine.pipeline.build.books import books
from engine.pipeline.build.cases import refuse_idle
from engine.pipeline.build.contracts import contracts
from engine.pipeline.build.doubts import doubt
from engine.pipeline.build.draft import Draft
from engine.pipeline.build.leads import leads
from engine.pipeline.build.opening import opening
from engine.pipeline.build.prices import attached, price_steps, prices
from engine.pipeline.build.receipts import receipts
from engine.pipeline.build.resources import resources
from engine.pipeline.build.seats import seats
from engine.pipeline.build.so_far import Seen, learned
from engine.pipeline.build.spreads import spreads
from engine.pipeline.build.stages import rows
from engine.pipeline.factors import Spreads
from engine.pipeline.layout import TICKS
from engine.pipeline.model import Closing, Model, Selling
from engine.pipeline.receipts import Receipts
from engine.pipeline.spec import PipelineSpec


@dataclass(frozen=True)
class Built:
    """What is simulated."""

    model: Model
    spreads: Spreads
    """Laws of the factors that a replication draws."""
    sources: tuple[str, ...]
    segments: tuple[str, ...]
    resources: tuple[str, ...]
    booked: Booked | None = None
    """What was won before `as_of`; None where no table tells."""
    warnings: tuple[str, ...] = ()
    """What is odd, but simulated as it stands, in sentences."""
    notes: tuple[str, ...] = ()
    """What the plan so far tells of the rest, in sentences."""
    seen: Seen | None = None
    """What that rests on; None where nothing is told."""
    receipts: Receipts | None = None
    """When customers pay; None where no measure counts with their cash."""


def build(inputs: Inputs, rep_of: IntArray, spec: PipelineSpec, measures: Measures) -> Built:
    """Return the model of a resolved spec (arrivals and stages are there).

    Args:
        inputs: the tables.
        rep_of: seat of each account, shape (account,).
        spec: the pipeline.
        measures: what a booking counts in.

    Raises:
        BadInput: names that are not in the tables, days outside the plan, weights that add to nothing, open deals
            without a place, cases that never decide.

    """
    draft = Draft(inputs, rep_of, spec)
    draft.run_processes()
    doubt(draft, measures)
    held, laid, found = seats(draft), rows(draft), leads(draft)
    refuse_idle(draft, laid)
    known, (product, mix), (edge, counts, money) = (
        opening(draft, laid, held),
        prices(draft),
        books(draft, measures),
    )
    taken, (price_edge, price), shared, base = (
        attached(draft),
        price_steps(draft),
        resources(draft),
        contracts(draft),
    )
    paid = receipts(draft, measures)
    if draft.faults:
        raise BadInput(draft.faults)
    laws = draft.tables.finish()
    selling = Selling(
        laws, laid.row, laid.cell, laid.size_edge, laid.tenure_edge, laid.month_edge, laid.month, held, found.routes,
        shared, draft.start * TICKS, int(edge[-1]), draft.changes.seats_win,
    )  # fmt: skip
    closing = Closing(laws, product, mix, taken, price_edge, price, edge, counts, money)
    model = Model(found.arising, selling, known, closing, base)
    names = tuple(one.name for one in draft.changes.shared)
    warnings = tuple(f"{one.code}: {one}" for one in draft.warnings)
    so_far = learned(draft, found, spreads(draft, found), closing)
    return Built(
        model,
        so_far.spreads,
        draft.sources,
        draft.segments,
        names,
        booked(inputs, measures),
        warnings,
        so_far.notes,
        so_far.seen,
        paid,
    )
