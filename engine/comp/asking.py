"""Asking: whether deals have the columns that plans ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.comp.spec import CompSpec
from engine.errors import Fault, did_you_mean
from engine.inputs import Inputs, Words


@dataclass(frozen=True)
class Columns:
    """What deals say beside their credit."""

    words: Mapping[str, Words | None]
    """Columns of words by name, with every word that there is; None where new ones may come."""
    numbers: frozenset[str]
    """Columns of numbers by name."""
    of: str = "deals"
    """Whose they are, in words."""

    @classmethod
    def simulated(cls, inputs: Inputs) -> Columns:
        """Return what simulated deals say."""
        segments = tuple(sorted(set(inputs.accounts.segment)))
        return cls({"product": inputs.products.id, "segment": segments}, frozenset(), "simulated deals")

    def faults(self, spec: CompSpec) -> Iterator[Fault]:
        """Yield what plans ask for and these deals do not say."""
        for name, plan in spec.plans.items():
            for i, component in enumerate(plan.components):
                for asked in component.asks():
                    field = f"comp.plans.{name}.components[{i}].{asked.field}"
                    yield from self._answered(field, asked.column, asked.words)

    def _answered(self, field: str, column: str, words: Words | None) -> Iterator[Fault]:
        known = self.numbers if words is None else self.words
        if column not in known:
            if column in self.words or column in self.numbers:
                is_, wanted = ("words", "bands") if words is None else ("numbers", "words")
                message = f"column '{column}' holds {is_}, and is asked for {wanted}"
                hint = "Look up words by `times` or `tables`, numbers by `bands`."
            else:
                message = f"{self.of} have no column '{column}'"
                hint = f"Known: {', '.join(sorted({*self.words, *self.numbers})) or 'none'}."
            yield Fault("E_REFERENCE", message, hint, field=f"{field}.by")
            return
        there = self.words.get(column)
        if words is None or there is None:
            return
        for word in words:
            if word not in there:
                message = f"no {column} of {self.of} is called '{word}'"
                yield Fault("E_REFERENCE", message, did_you_mean(word, there), field=field)
