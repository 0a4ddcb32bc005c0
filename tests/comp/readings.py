"""One person, two measures, three readings of a component: exact, fast and plain."""

from importlib import import_module

import numpy as np

from engine.comp.book import Book
from engine.comp.component import paid
from engine.comp.fast import Fast
from engine.comp.intervals import Intervals
from engine.comp.plain.person import Person
from engine.comp.scaled import Scaled

MONTHS = Intervals.of(np.arange(12) // 3)


class Year:
    """Credits and quotas by measure, and the target incentive, of twelve months, in cents."""

    def __init__(self, credits, quotas, target, rounding="half_even"):
        self.credits, self.quotas, self.target, self.rounding = credits, quotas, target, rounding

    def book(self, number):
        def row(values):
            return number(np.array(values, dtype=np.int64).reshape(1, 12))

        return Book(
            credits={name: row(values) for name, values in self.credits.items()},
            quota=row([0] * 12),
            target=row(self.target),
            salary=row([0] * 12),
            shape=(1, 12),
            intervals=MONTHS,
            rounding=self.rounding,
            minor=100,
            quotas={name: row(values) for name, values in self.quotas.items()},
            annual=lambda amount: row(self._annual(amount)),
            since=np.arange(12)[None],
        )

    def exact(self, part):
        return paid([part], self.book(Scaled), "monthly")[part.label].minor()[0].tolist()

    def fast(self, part):
        return paid([part], self.book(Fast), "monthly")[part.label].values[0].tolist()

    def plain(self, part):
        person = Person(
            credit=lambda name: self.credits[name],
            quota=lambda name: self.quotas[name],
            target=self.target,
            salary=[0] * 12,
            annual=self._annual,
            since=list(range(12)),
            span=self._span,
            round=self._round,
            minor=100,
        )
        return import_module(f"engine.comp.plain.{part.kind}").earned(part, person)

    def _round(self, value):
        if self.rounding == "half_even":
            return round(value)
        size = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
        return size if value >= 0 else -size

    @staticmethod
    def _annual(amount):
        return [amount * (p + 1) // 12 - amount * p // 12 for p in range(12)]

    @staticmethod
    def _span(word, period):
        start, length = {
            "period": (period, 1), "quarter": (period // 3 * 3, 3), "year": (0, 12), "year_to_date": (0, 12),
        }[word]  # fmt: skip
        return range(start, start + length)
