"""Cases: whether each one of a stage decides anything."""

from __future__ import annotations

from itertools import product

from engine.pipeline.build.draft import Draft
from engine.pipeline.build.stages import Rows, holds
from engine.pipeline.layout import MONTH
from engine.pipeline.spec import Case


def refuse_idle(draft: Draft, rows: Rows) -> None:
    """Refuse cases that later cases overrule wherever they hold.

    A month of the quarter that a short plan does not have still holds for open deals that were entered in it.
    """
    unit = draft.minor
    circumstances = list(
        product(
            (*draft.segments, ""),
            [0.0, *(edge / unit for edge in rows.size_edge.tolist())],
            [0, *(edge // MONTH for edge in rows.tenure_edge.tolist())],
            [(rows.parts.month(part), rows.parts.day(part)) for part in range(rows.parts.count)],
        )
    )
    for place, stage in enumerate(draft.spec.stages):
        deciding = set[int]()
        for segment, size, tenure, when in circumstances if stage.cases else ():
            holding = [k for k, case in enumerate(stage.cases) if holds(case, segment, size, tenure, when)]
            deciding |= _deciding(stage.cases, holding)
        unknown = {k for k, case in enumerate(stage.cases) if not set(case.segments) <= set(draft.segments)}
        for k in sorted(set(range(len(stage.cases))) - deciding - unknown):
            where = f"pipeline.stages[{place}].cases[{k}]"
            message = (
                f"case {k + 1} of stage '{stage.name}' decides nothing: later cases do wherever it holds"
            )
            hint = "A later case goes before an earlier one: put the general one first."
            draft.refuse("E_CONFLICT", message, hint, where)


def _deciding(cases: tuple[Case, ...], holding: list[int]) -> set[int]:
    """Return which of the cases that hold together decide something."""
    found, settled = set[int](), set[str]()
    for k in reversed(holding):
        case = cases[k]
        says = {
            "advance": case.advance is not None,
            "duration": case.duration is not None,
            "duration_lost": case.duration is not None or case.duration_lost is not None,
        }
        new = {name for name, said in says.items() if said} - settled
        if new or case.advance_times is not None or case.days_times is not None:
            found.add(k)
        settled |= new
    return found
