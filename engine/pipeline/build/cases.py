"""Cases: whether each one of a stage decides anything."""

from __future__ import annotations

from itertools import product

from engine.pipeline.build.draft import Draft
from engine.pipeline.build.stages import Rows, holds
from engine.pipeline.model import MONTH
from engine.pipeline.spec import Case


def refuse_idle(draft: Draft, rows: Rows) -> None:
    """Refuse cases that hold at no time of the plan, and those that later cases overrule wherever they hold."""
    unit = draft.minor
    circumstances = list(
        product(
            (*draft.segments, ""),
            [0.0, *(edge / unit for edge in rows.size_edge.tolist())],
            [0, *(edge // MONTH for edge in rows.tenure_edge.tolist())],
            sorted({(rows.parts.month(part), rows.parts.day(part)) for part in rows.month.tolist()}),
        )
    )
    for place, stage in enumerate(draft.spec.stages):
        held, deciding = set[int](), set[int]()
        for segment, size, tenure, when in circumstances if stage.cases else ():
            holding = [k for k, case in enumerate(stage.cases) if holds(case, segment, size, tenure, when)]
            held.update(holding)
            deciding |= _deciding(stage.cases, holding)
        unknown = {k for k, case in enumerate(stage.cases) if not set(case.segments) <= set(draft.segments)}
        for k in sorted(set(range(len(stage.cases))) - deciding - unknown):
            where = f"pipeline.stages[{place}].cases[{k}]"
            if k in held:
                message = (
                    f"case {k + 1} of stage '{stage.name}' decides nothing: later cases do wherever it holds"
                )
                hint = "A later case goes before an earlier one: put the general one first."
            else:
                message = f"case {k + 1} of stage '{stage.name}' holds at no time of the plan"
                hint = "Correct its months, or leave it out."
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
