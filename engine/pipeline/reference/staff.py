"""Staff: what becomes of the deals of somebody who leaves."""

from __future__ import annotations

from engine.pipeline.layout import (
    LOSE,
    LOST,
    LOST_THERE,
    MOVED,
    OPEN,
    REASSIGN,
)
from engine.pipeline.reference.leads import Leads
from engine.pipeline.reference.parts import Seat


class Staff(Leads):
    """People who come and go."""

    def _staff(self) -> None:
        """Deal with what people leave behind; who is there is told by the calendar of each seat."""
        now = int(self.env.now)
        for seat in self.by_key:
            if seat.vacated(now) and seat.on_leave == REASSIGN:
                self._reassign(seat)
            elif seat.vacated(now) and seat.on_leave == LOSE:
                self._lose_all(seat)
        self._grant_soon()

    def _reassign(self, left: Seat) -> None:
        now = int(self.env.now)
        others = [s for s in self.by_key if s is not left and s.team == left.team and s.present(now)]
        if not others:
            return
        for deal in sorted(left.in_progress, key=lambda one: int(one.key)):
            seat = self._least_loaded(others, others)
            left.in_progress.remove(deal)
            seat.in_progress.append(deal)
            deal.seat = seat.number
            deal.due += self.selling.seats.handover if deal.due >= 0 else 0
            self._log(deal, MOVED, deal.stage)
        for deal in sorted(left.queue, key=lambda one: one.place):
            seat = self._least_loaded(others, others)
            left.queue.remove(deal)
            seat.queue.append(deal)
            deal.seat = seat.number
            self._log(deal, MOVED, -1)

    def _lose_all(self, left: Seat) -> None:
        for deal in left.in_progress + left.queue:
            deal.end, deal.outcome = int(self.env.now), LOST
            self._log(deal, LOST_THERE, deal.stage)
            self._free(deal, list(deal.units))
        for resource in self.resources:
            resource.queue = [entry for entry in resource.queue if entry[2].outcome == OPEN]
        left.in_progress, left.queue = [], []
