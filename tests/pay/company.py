"""Small pay files: a table as rows, the rest as in a company of two sellers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from engine.amounts import decimal
from engine.errors import BadInput
from engine.pay.run import Paid, pay
from engine.pay.spec import PayScenario

FLAT = {
    "kind": "commission",
    "tiers_on": "credit",
    "rates": "of_credit",
    "mode": "marginal",
    "closed": "left",
    "accumulate": "year_to_date",
    "tiers": [{"start": 0, "rate": "10%"}],
}
PEOPLE = "id,manager,person,plan,target_incentive\nA,,Ann,AE,12000\nB,,Bob,AE,12000\n"


def flat(rate: str = "10%", **changes: Any) -> dict[str, Any]:
    """A commission of one rate."""
    return {**FLAT, "tiers": [{"start": 0, "rate": rate}], **changes}


def by_unit(amount: int = 10, **changes: Any) -> dict[str, Any]:
    """A commission of so much for each unit of a measure that counts."""
    return {**FLAT, "rates": "per_unit", "tiers": [{"start": 0, "amount": amount}], **changes}


def plans(**components: Any) -> dict[str, Any]:
    """Plans by name, each of one component or a list of them."""
    return {
        "rounding": "half_up",
        "proration": "days_of_period",
        "plans": {
            name: {"pay": "monthly", "components": parts if isinstance(parts, list) else [parts]}
            for name, parts in components.items()
        },
    }


class Company:
    """Writes the files of a pay file into a folder and pays it."""

    def __init__(self, folder: Path, deals: str, **tables: str) -> None:
        self.folder = folder
        self.tables = {"reps": PEOPLE, "deals": deals, **tables}
        self.text: dict[str, Any] = {
            "currency": "USD",
            "calendar": {"year": "2026"},
            "data": {name: f"{name}.csv" for name in self.tables},
            "crediting": {"measures": {"bookings": {"column": "amount"}}, "release": "booking"},
            "comp": plans(AE=FLAT),
        }

    def says(self, **blocks: Any) -> Company:
        """Replace blocks of the file; what `crediting` does not say stays."""
        blocks["crediting"] = {**self.text["crediting"], **blocks.get("crediting", {})}
        self.text |= blocks
        return self

    def load(self, *sets: str) -> PayScenario:
        """Write everything and read the pay file."""
        for name, rows in self.tables.items():
            (self.folder / f"{name}.csv").write_text(rows, encoding="utf-8")
        # A block that stands twice is written twice: a scenario may have no aliases.
        text = yaml.safe_dump(json.loads(json.dumps(self.text)))
        (self.folder / "pay.yaml").write_text(text, encoding="utf-8")
        return PayScenario.load(self.folder / "pay.yaml", *sets)

    def pay(self, *sets: str, out: str = "out", previous: str | None = None) -> Paid:
        """Pay; the folder is `out` below that of the file."""
        before = self.folder / previous if previous else None
        return pay(self.load(*sets), self.folder / out, previous=before)

    def faults(self, *sets: str) -> list[str]:
        """What is refused, as `file:line: code`, with the words behind."""
        try:
            self.pay(*sets)
        except BadInput as bad:
            assert not (self.folder / "out").exists()
            return [f"{fault.file}:{fault.line}: {fault.code}: {fault.message}" for fault in bad.faults]
        return []


def cents(value: object) -> int:
    """An amount in minor units."""
    return int(decimal(str(value)) * 100)


def by_deal(paid: Paid, person: str, component: str = "commission") -> dict[str, int]:
    """What each deal adds to what a person earns, in minor units."""
    lines = paid.lines
    mine = lines[(lines["person"] == person) & (lines["component"] == component) & (lines["deal"] != "")]
    return dict(zip(mine["deal"], mine["amount"].tolist(), strict=True))


def by_period(paid: Paid, person: str, figure: str = "paid") -> dict[str, int]:
    """What a person earns or is paid in each period, in minor units."""
    mine = paid.ledger[paid.ledger["person"] == person].groupby("period")[figure].sum()
    return {str(period): int(amount) for period, amount in mine.items() if amount}
