"""Changed: people paid again on deals, with what shares, clawbacks, cash and balances of last year do to their pay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.comp.changes import Changes
from engine.comp.component import Component
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
        taken: Mapping[tuple[str, str], IntArray],
    ) -> None:
        super().__init__(inputs, quota, quotas, spec, rows, opening)
        self.changes, self.taken = changes, taken
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
                self._given(plan, share, spell, person)
        self._spell_of[id(person)] = spell
        return person

    def take(self, block: Plan, part: Component, people: Mapping[int, Person]) -> None:
        """Note what reversals take of one component, as it is given."""
        for spell, person in people.items():
            self._given(self.inputs.spells.plan[spell], part.label, spell, person)

    def _given(self, plan: str, label: str, spell: int, person: Person) -> None:
        table = self.taken.get((plan, label))
        if table is not None:
            came, home = np.nonzero(table[spell])
            events = zip(came.tolist(), home.tolist(), strict=True)
            person.taken[label] = {event: int(table[spell][event]) for event in events}

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
