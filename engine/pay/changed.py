"""Changed: people paid again on deals, with what shares, clawbacks, cash and balances of last year do to their pay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.comp.changes import Changes
from engine.comp.exact import Rows
from engine.comp.payer import Payer
from engine.comp.plain.person import Person
from engine.comp.spec import CompSpec, Plan
from engine.inputs import Inputs, IntArray


class ChangedPayer(Payer):
    """Pays people again on single deals, given what is added to the pay of components after their own rules."""

    def __init__(
        self,
        inputs: Inputs,
        quota: IntArray,
        quotas: Mapping[str, IntArray],
        spec: CompSpec,
        rows: Rows,
        changes: Changes,
        opening: Mapping[int, IntArray],
    ) -> None:
        super().__init__(inputs, quota, quotas, spec, rows, opening)
        self.changes = changes
        self._spell_of: dict[int, int] = {}

    def seller(self, spell: int) -> Person:
        """Return what is known of somebody, with shares of what others earn."""
        plan, person = self.inputs.spells.plan[spell], super().seller(spell)
        for k, (name, part) in enumerate(self.named):
            due = self.changes.due[k, spell].tolist()
            if name != plan and any(due):
                share = f"{name}: {part.label}"
                person.due[share] = due
                person.paid[share] = self._collected(due, part.when(self.spec.plans[name].pay))
        self._spell_of[id(person)] = spell
        return person

    def part(self, block: Plan, part: Any, people: list[Person]) -> list[list[int]]:
        """Return what one component pays each person, after what is added to it."""
        pays = super().part(block, part, people)
        if part.fixed:
            return pays
        for person in people:
            spell = self._spell_of[id(person)]
            k = self.named.index((self.inputs.spells.plan[spell], part))
            own = person.earned[part.label]
            for into, table in ((person.earned, self.changes.earned), (person.due, self.changes.due)):
                added = table[k, spell].tolist()
                into[part.label] = [a + b for a, b in zip(own, added, strict=True)]
            person.paid[part.label] = self._collected(person.due[part.label], part.when(block.pay))
        return [person.paid[part.label] for person in people]
