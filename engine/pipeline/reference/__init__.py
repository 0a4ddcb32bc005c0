"""The reference engine: the pipeline as SimPy processes, to be read as the description of what is simulated.

Leads arise from springs and go to the owner of their account, or to a seat of a pool. A seat starts the first of its
queue, by class, arrival and entity, as soon as fewer than K deals are in progress and somebody sits there; a lead
whose patience ends before that is abandoned. A deal
passes the stages: in each it may wait for a unit of a shared resource, and then draws how it leaves (on, back, lost)
and how long it stays; it holds its slot until it is closed. People come, take leave, quit and are followed; what
they leave stays, moves on or is lost. Deals that are open at the start are in progress, however many they are.
Contracts renew beside all this.

At one tick: what is due ends; then people come and go; then capacities change; then leads arise, in the order of their
entities; then units and slots are granted, and what that makes due at the same tick follows; at last leads give up
waiting.

It draws through the same keyed scalar functions as the kernel; everything else is written independently of it,
and a test holds both to the same deals, events and bookings, bit by bit.
"""

from __future__ import annotations

from engine.pipeline.reference.deal import Deal, Event
from engine.pipeline.reference.world import World, simulate_one

__all__ = ["Deal", "Event", "World", "simulate_one"]
