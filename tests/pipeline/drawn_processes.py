"""Processes drawn by hypothesis in the words of a `pipeline:` block, of every kind that there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from engine.inputs import Inputs

Block = dict[str, Any]
DELAYS: tuple[Block, ...] = (
    {"kind": "fixed", "value": 0},
    {"kind": "fixed", "value": 20},
    {"kind": "exponential", "mean": 40},
)
SEGMENTS = (["SMB"], ["ENT"], ["ENT", "SMB"])


class Drawn:
    """What processes are drawn from."""

    def __init__(
        self, draw: st.DrawFn, sources: Sequence[str], stages: Sequence[str], inputs: Inputs
    ) -> None:
        self.draw, self.sources, self.stages, self.inputs = draw, list(sources), list(stages), inputs

    def one(self, *values: Any) -> Any:
        """One of some values."""
        return self.draw(st.sampled_from(values))

    def of(self, name: str, *values: Any) -> Block:
        """A field, or nothing."""
        value = self.one(None, *values)
        return {} if value is None else {name: value}

    def demand(self) -> list[Block]:
        days = self.one({"start": "2027-02-01", "end": "2027-03-15"}, {"start": "2027-05-10"})
        return [
            days
            | {"kind": "demand", "factor": self.one(0, 0.5, 3)}
            | self.of("segments", *SEGMENTS)
            | self.of("sources", self.sources[:1])
        ]

    def over_dispersion(self) -> list[Block]:
        return [
            {"kind": "over_dispersion", "variance": self.one(0.1, 2)}
            | self.of("segments", *SEGMENTS)
            | self.of("sources", self.sources[-1:])
        ]

    def priority(self) -> list[Block]:
        by = self.one("segment", "source")
        return [{"kind": "priority", "by": by, "order": self.sources[::-1] if by == "source" else ["ENT"]}]

    def attrition(self) -> list[Block]:
        rates = [
            {"from_month": 0, "rate": self.one("50%", 0, 6)},
            {"from_month": 3, "rate": self.one(2, "20%")},
        ]
        found: list[Block] = [{"kind": "attrition", "rates": rates}]
        if self.one(False, True) and self.inputs.people_by_plan:
            plan = self.one(*sorted(self.inputs.people_by_plan))
            found += [{"kind": "attrition", "rates": rates[:1], "plans": [plan]}]
        return found

    def backfill(self) -> list[Block]:
        return [{"kind": "backfill", "delay": self.one(*DELAYS)} | self.of("planned", True)]

    def late_starts(self) -> list[Block]:
        return [{"kind": "late_starts", "delay": self.one(*DELAYS)}]

    def payment(self) -> list[Block]:
        before = self.one("left_out", "history")
        rest = {"kind": "payment", "terms": self.one(0, 30), "before_plan": before}
        return [rest | self.of("late", *DELAYS), rest | {"terms": 45, "segments": ["ENT"]}][: self.one(1, 2)]

    def hiring_freeze(self) -> list[Block]:
        return [
            {"kind": "hiring_freeze", "start": "2027-01-20", "end": "2027-03-10"},
            {"kind": "hiring_freeze", "start": "2027-03-10", "end": "2027-04-01"},
        ][: self.one(1, 2)]

    def reassignment(self) -> list[Block]:
        moved = {"deals": "reassign"} | self.of("handover_days", 3) | self.of("within", "district")
        return [{"kind": "reassignment"} | self.one(moved, moved, {"deals": "lose"})]

    def resource(self) -> list[Block]:
        found = []
        for place, stage in enumerate(self.stages[:2]):
            demands = self.of("share", "60%") | self.of("hold", *DELAYS)
            changes = [{"start": "2027-02-20", "units": self.one(0, 3)}, {"start": "2027-04-01", "units": 1}]
            units = self.one(
                {"units": 1}, {"units": 2}, {"units": 1, "changes": changes}, {"units": 0, "changes": changes}
            )
            found.append({"kind": "resource", "name": f"desk_{place}", "stages": {stage: demands}} | units)
        return found[: self.one(1, 2)]

    def price_change(self) -> list[Block]:
        return [
            {"kind": "price_change", "start": "2027-06-01", "factor": self.one(0.8, 1.25)}
            | self.of("products", ["S1"])
        ]

    def discontinued(self) -> list[Block]:
        return [
            {
                "kind": "discontinued",
                "product": self.one("S0", "S1"),
                "start": self.one("2027-05-01", "2027-01-08"),
            }
        ]

    def product_factor(self) -> list[Block]:
        return [{"kind": "product_factor", "sd": "30%", "products": ["S0"]} | self.of("correlation", "50%")]

    def rep_factor(self) -> list[Block]:
        where = self.one("amounts", "wins")
        return [{"kind": "rep_factor", "sd": "40%", "applies_to": where} | self.of("correlation", "-30%")]

    def renewals(self) -> list[Block]:
        if self.inputs.contracts is None:
            return []
        rule = {
            "kind": "renewals",
            "churn": self.one("10%", 0, 1),
            "factor": {"kind": "lognormal", "mean": 1.1, "cv": 0.2},
        }
        more = {"expansions": 3, "expansion": {"kind": "exponential", "mean": 0.2}}
        return [rule | self.one({}, more) | self.of("segments", *SEGMENTS)]

    def uncertainty(self) -> list[Block]:
        return [{
            "kind": "uncertainty",
            "stages": {self.stages[-1]: {"odds": 0.5, "days": self.one(0, 0.3)}},
            "leads": {self.sources[0]: self.one(0, 0.2)},
            "amounts": {"S1": 0.2},
            "mix": self.one(0, 12),
        }]  # fmt: skip

    def kinds(self) -> dict[str, Callable[[], list[Block]]]:
        """How each kind is drawn."""
        return {
            name: getattr(self, name)
            for name, value in vars(Drawn).items()
            if name not in NO_KINDS and callable(value)
        }


NO_KINDS = ("__init__", "one", "of", "kinds")


def drawn_processes(
    draw: st.DrawFn, sources: Sequence[str], stages: Sequence[str], inputs: Inputs
) -> list[Block]:
    """Some processes, each kind in its turn or not at all."""
    drawn = Drawn(draw, sources, stages, inputs)
    return [block for kind in drawn.kinds().values() if draw(st.booleans()) for block in kind()]
