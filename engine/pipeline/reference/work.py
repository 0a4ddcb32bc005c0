"""Work: what a deal goes through from its start to its close."""

from __future__ import annotations

from typing import Any

from engine.pipeline import draws
from engine.pipeline.layout import (
    ADVANCED,
    ASKED,
    ENTERED,
    FREED,
    GRANTED,
    LOST,
    LOST_THERE,
    NEW,
    OPEN,
    RECYCLED,
    WON,
    WON_THERE,
)
from engine.pipeline.reference.calendar import Calendar
from engine.pipeline.reference.deal import Booking, Deal, Unit
from engine.pipeline.reference.parts import Process


class Work(Calendar):
    """Deals in progress."""

    def _free(self, deal: Deal, units: list[Unit]) -> None:
        """Give back units that a deal holds."""
        for unit in units:
            if unit in deal.units:
                deal.units.remove(unit)
                self.resources[unit.resource].held -= 1
                self._log(deal, FREED, unit.stage)
                self._grant_soon()

    def _work(self, deal: Deal, stage: int) -> Process:
        """Carry a deal through the stages from `stage` on, and close it."""
        last = len(self.selling.cell) - 1
        while 0 <= stage <= last:
            deal.stage = stage
            row = self._row(deal)
            self._log(deal, ENTERED, stage)
            visit = draws.visit_number(stage, deal.recycled)
            if row["resource"] >= 0 and draws.needs(self.future, deal.key, visit, row["needs"]):
                yield from self._ask(deal, row, visit)
            if deal.outcome == LOST:
                return
            chance = draws.chance_at(float(row["advance"]), float(self.future.odds[stage]))
            if stage == last and self.selling.seat_factor_wins:
                chance = min(chance * float(self.future.seat[deal.seat]), 1.0)
            how = draws.leaving(
                draws.outcome_draw(self.future, deal.key, visit), (chance, float(row["recycle"]))
            )
            law = row["law"] if how == draws.ADVANCE else row["law_lost"]
            days = draws.days_draw(self.future, deal.key, visit)
            lasts = draws.rest(self.selling.laws, law, days, (0.0, 0.0), float(self.future.days[stage]))
            yield from self._stay(deal, lasts)
            if deal.outcome == LOST:
                return
            stage = self._leave(deal, how, int(row["back"]))

    def _carry_on(self, deal: Deal, row: Any) -> Process:
        """Finish the stage in which a deal stands at the start, given its age, and go on."""
        stage, present = int(row["stage"]), self.selling.row[row["row"]]
        chance = draws.chance_at(float(row["chance"]), float(self.future.odds[stage]))
        advance = float(present["advance"])
        back = (1 - chance) * float(present["recycle"]) / (1 - advance) if advance < 1 else 0.0
        visit = draws.visit_number(stage, 0)
        how = draws.leaving(draws.outcome_draw(self.future, deal.key, visit), (chance, back))
        on = how == draws.ADVANCE
        law, floor = (present["law"], row["floor"]) if on else (present["law_lost"], row["floor_lost"])
        days = draws.days_draw(self.future, deal.key, visit)
        reached = float(floor), float(row["age"])
        lasts = draws.rest(self.selling.laws, law, days, reached, float(self.future.days[stage]))
        yield from self._stay(deal, lasts)
        if deal.outcome == OPEN:
            yield from self._work(deal, self._leave(deal, how, int(present["back"])))

    def _row(self, deal: Deal) -> Any:
        """Return the stage as it is for a deal that enters it now."""
        selling, now = self.selling, int(self.env.now)
        tenure = self.seats[deal.seat].tenure(now)
        last = len(selling.tenure_edge)
        band = last if tenure is None else int(draws.band(selling.tenure_edge, tenure))
        month = int(draws.month_of(selling, now))
        return selling.row[selling.cell[deal.stage, deal.segment, deal.size_band, band, month]]

    def _ask(self, deal: Deal, row: Any, visit: int) -> Process:
        """Wait for a unit of a resource; it goes back when the stage ends, or after a time of its own."""
        granted = self.env.event()
        resource = self.resources[row["resource"]]
        resource.queue.append((deal.rank, int(self.env.now), deal, granted))
        self._log(deal, ASKED, deal.stage)
        self._grant_soon()
        yield granted
        self._log(deal, GRANTED, deal.stage)
        unit = Unit(resource.number, deal.stage, with_stage=row["hold"] < 0)
        deal.units.append(unit)
        if not unit.with_stage:
            self.env.process(self._hold(deal, unit, row, visit))

    def _hold(self, deal: Deal, unit: Unit, row: Any, visit: int) -> Process:
        """Give a unit back after a time of its own, whatever becomes of the deal."""
        yield self.env.timeout(draws.held_for(self.selling.laws, row["hold"], self.future, deal.key, visit))
        self._free(deal, [unit])

    def _stay(self, deal: Deal, lasts: int) -> Process:
        """Stay in a stage; a hand-over may put off its end."""
        deal.due = int(self.env.now) + lasts
        while deal.outcome == OPEN and self.env.now < deal.due:
            yield self.env.timeout(deal.due - self.env.now)
        deal.due = -1

    def _leave(self, deal: Deal, how: int, back: int) -> int:
        """Leave a stage; return the next one, or -1 where the deal is closed."""
        stage, last = deal.stage, len(self.selling.cell) - 1
        self._free(deal, [unit for unit in deal.units if unit.with_stage])
        if how == draws.BACK:
            self._log(deal, RECYCLED, stage)
            deal.recycled += 1
            return back
        if how == draws.ADVANCE and stage < last:
            self._log(deal, ADVANCED, stage)
            return stage + 1
        sold = self.env.now < self.model.closing.product[deal.product]["until"]
        self._close(deal, WON if how == draws.ADVANCE and sold else LOST)
        return -1

    def _close(self, deal: Deal, outcome: int) -> None:
        deal.end, deal.outcome = int(self.env.now), outcome
        self._log(deal, WON_THERE if outcome == WON else LOST_THERE, deal.stage)
        self.seats[deal.seat].in_progress.remove(deal)
        if outcome == WON:
            self._book(deal)
        self._grant_soon()

    def _book(self, deal: Deal) -> None:
        """Book what a won deal is worth, and what it takes along."""
        closing, now = self.model.closing, int(self.env.now)
        mine = 1.0 if self.selling.seat_factor_wins else float(self.future.seat[deal.seat])

        def worth(product: int, draw: int) -> int:
            factor = draws.price_at(closing, now, product) * mine
            return int(draws.amount_of(closing, self.future, deal.key, (product, draw), factor))

        items = [(deal.product, deal.amount if deal.amount >= 0 else worth(deal.product, 0))]
        if deal.amount < 0:
            for product, chance in enumerate(closing.attach[deal.product]):
                if draws.takes_along(self.future, deal.key, product, float(chance)):
                    items.append((product, worth(product, 1 + product)))
        deal.amount = sum(amount for _, amount in items)
        for product, amount in items:
            self.bookings.append(Booking(now, deal.seat, NEW, deal.segment, product, amount, int(deal.key)))
