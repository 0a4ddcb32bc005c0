"""Books: which measures count a won deal, and the periods they count it in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.inputs import IntArray
from engine.measures import KINDS, Measures
from engine.pipeline.build.draft import Draft
from engine.pipeline.layout import TICKS

BoolArray = NDArray[np.bool_]


def books(draft: Draft, measures: Measures) -> tuple[IntArray, BoolArray, BoolArray]:
    """Return edges of periods in ticks, what each measure counts (kind, segment + 1, product), and which add money.

    A deal without an account belongs to no segment: only measures of all segments count it.
    """
    segments, products = draft.segments, draft.inputs.products.id
    counts = np.zeros((len(measures), len(KINDS), len(segments) + 1, len(products)), dtype=np.bool_)
    for place, (name, measure) in enumerate(measures.items()):
        draft.refuse_unknown(measure.products, products, "product", f"measures.{name}.products")
        draft.refuse_unknown(measure.segments, segments, "segment", f"measures.{name}.segments")
        everywhere = not measure.segments
        inside = np.array([*(everywhere or segment in measure.segments for segment in segments), everywhere])
        sold = np.array([not measure.products or product in measure.products for product in products])
        kinds = np.array([not measure.kinds or kind in measure.kinds for kind in KINDS])
        counts[place] = kinds[:, None, None] & inside[:, None] & sold[None, :]
    money = np.array([measure.quantity == "amount" for measure in measures.values()])
    return (draft.inputs.calendar.offsets * TICKS).astype(np.int64), counts, money
