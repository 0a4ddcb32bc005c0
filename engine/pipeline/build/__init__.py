"""From a spec, the inputs and an alignment to the arrays of a Model; all faults at once."""

from __future__ import annotations

import numpy as np

from engine.errors import BadInput
from engine.inputs import Inputs, IntArray
from engine.measures import Measures
from engine.pipeline.build.books import books
from engine.pipeline.build.draft import Draft
from engine.pipeline.build.leads import leads
from engine.pipeline.build.opening import opening
from engine.pipeline.build.prices import prices
from engine.pipeline.build.seats import seats
from engine.pipeline.model import STAGE, Closing, Model, Records, Selling, records
from engine.pipeline.spec import PipelineSpec


def build(inputs: Inputs, rep_of: IntArray, spec: PipelineSpec, measures: Measures) -> Model:
    """Return the model of a resolved spec (arrivals and stages are there).

    Args:
        inputs: the tables.
        rep_of: seat of each account, shape (account,).
        spec: the pipeline.
        measures: what a won deal counts in.

    Raises:
        BadInput: names that are not in the tables, weights that add to nothing, open deals without a place.

    """
    draft = Draft(inputs, rep_of, spec)
    stage, held, arising = _stages(draft), seats(draft), leads(draft)
    known, (product, mix), (edge, counts, money) = (
        opening(draft, stage, held),
        prices(draft),
        books(draft, measures),
    )
    if draft.faults:
        raise BadInput(draft.faults)
    laws = draft.tables.finish()
    selling = Selling(laws, stage, held, int(edge[-1]))
    return Model(arising, selling, known, Closing(laws, product, mix, edge, counts, money))


def _stages(draft: Draft) -> Records:
    stages, add = draft.spec.stages, draft.tables.add
    advance = np.array([float(stage.advance) for stage in stages])
    law = np.array([add(stage.duration) for stage in stages])
    return records(
        STAGE, advance, law, np.array([add(stage.duration_lost or stage.duration) for stage in stages])
    )
