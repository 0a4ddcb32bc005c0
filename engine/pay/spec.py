"""PayScenario: a pay file, which settles past deals into statements."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import PydanticCustomError

from engine.calendar import CalendarSpec
from engine.comp.spec import CompSpec
from engine.crediting.spec import CreditingSpec
from engine.errors import did_you_mean
from engine.fields import Currency, Day, Text, refuse
from engine.loaded import Loaded
from engine.pay.cash_rules import refusals
from engine.pay.data_spec import PayData


class PayScenario(Loaded):
    """Past deals, the people who closed them, and the plans that pay for them."""

    description: Text = ""
    """What is paid here; shown at the head of the report."""
    currency: Currency
    """ISO code of the currency in which people are paid. Required."""
    calendar: CalendarSpec
    """The year that is paid."""
    as_of: Day | None = None
    """First day that is not known yet: deals from it on are left out, and only periods that ended before it are paid.
    The whole year unless given."""
    data: PayData
    """The tables."""
    crediting: CreditingSpec
    """Who is credited with what."""
    comp: CompSpec
    """The plans."""
    comp_b: CompSpec | None = None
    """Other plans on the same deals, to be held beside; none unless given. What it says of `on_costs` and `accounting`
    is of no account: books are kept for `comp`."""

    def contradictions(self) -> Iterator[PydanticCustomError]:
        """Yield names that are not there, and blocks that do not go together."""
        yield from self._unknown_measures()
        yield from self._unknown_columns()
        if self.data.receipts is not None and self.crediting.release != "cash" and not self.by_cash:
            message = "data.receipts says when cash came, and pay is released at booking"
            hint = "Give crediting.release: cash, or a measure with basis: cash, or leave the table out."
            yield refuse("E_CONFLICT", message, hint, at="data.receipts")
        for key, spec in self.compared:
            if spec.release != "booking":
                message = "when pay on real deals is released stands under `crediting:`"
                yield refuse("E_CONFLICT", message, "Give crediting.release: cash.", at=f"{key}.release")
        yield from refusals(self)
        for key, spec in self.compared:
            for where, name, quantity in spec.quantities_meant():
                if name in self.crediting.measures and (name in self.counts) != (quantity == "count"):
                    is_, meant = ("counts", "money") if name in self.counts else ("money", "counts")
                    yield refuse(
                        "E_CONFLICT",
                        f"'{name}' measures {is_}, and is paid as {meant}",
                        "Name another measure, or say which it is: `each`, `rates: per_unit`, `goal`, `levels_in`.",
                        at=where.replace("comp", key, 1),
                    )

    def _unknown_measures(self) -> Iterator[PydanticCustomError]:
        for where, name in self._measures_named():
            if name not in self.crediting.measures:
                hint = did_you_mean(name, self.crediting.measures)
                yield refuse("E_REFERENCE", f"no measure is called '{name}'", hint, at=where)

    def _unknown_columns(self) -> Iterator[PydanticCustomError]:
        extra = self.data.deals.extra
        numbers = ["amount", "id", *(column for column, kind in extra.items() if kind in ("money", "whole"))]
        texts = ["product", *(column for column, kind in extra.items() if kind == "text")]
        for name, measure in self.crediting.measures.items():
            at = f"crediting.measures.{name}"
            if measure.column not in numbers:
                message = f"'{measure.column}' is no number of the deals"
                hint = f"Known: {', '.join(numbers)}. Declare it under data.deals.extra."
                yield refuse("E_REFERENCE", message, hint, at=f"{at}.column")
            for column in measure.where:
                if column not in texts:
                    message = f"'{column}' is no text of the deals"
                    yield refuse("E_REFERENCE", message, f"Known: {', '.join(texts)}.", at=f"{at}.where")

    @property
    def counts(self) -> frozenset[str]:
        """Measures that count instead of adding up money."""
        whole = {"id", *(name for name, kind in self.data.deals.extra.items() if kind == "whole")}
        return frozenset(name for name, each in self.crediting.measures.items() if each.column in whole)

    @property
    def by_cash(self) -> frozenset[str]:
        """Measures whose credit falls with the cash."""
        return frozenset(name for name, each in self.crediting.measures.items() if each.basis == "cash")

    @property
    def compared(self) -> tuple[tuple[str, CompSpec], ...]:
        """The plans, and those held beside where there are any, by their keys."""
        return (("comp", self.comp), *((("comp_b", self.comp_b),) if self.comp_b else ()))

    def _measures_named(self) -> Iterator[tuple[str, str]]:
        for key, spec in self.compared:
            for plan, block in spec.plans.items():
                for i, part in enumerate(block.components):
                    for measure in part.measures():
                        field = ".measure" if measure == getattr(part, "measure", None) else ""
                        yield f"{key}.plans.{plan}.components[{i}]{field}", measure

    def beside(self, plans: CompSpec) -> PayScenario:
        """Return the same file with other plans to be held beside."""
        other = PayScenario.model_validate({**dict(self), "comp_b": plans})
        other._source = self._source
        return other
