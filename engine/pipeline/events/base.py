"""The installed base: contracts renew, churn and expand, whatever happens to deals."""

from __future__ import annotations

from engine.pipeline import counters as c
from engine.pipeline.base_draws import churns, expansion_gap, grown_by, renewed_at
from engine.pipeline.events.compiling import compiled
from engine.pipeline.events.counting import count, turn_to
from engine.pipeline.events.frame import Frame, Record, array
from engine.pipeline.events.money import write
from engine.pipeline.events.views import price_laws
from engine.pipeline.layout import EXPANSION, NEVER, RENEWAL, YEAR


@compiled
def book_contract(frame: Frame, contract: Record, kind: int, amount: int) -> None:
    """Book a renewal or an expansion at the present tick."""
    book, counts, money = array(frame, "book"), array(frame, "counts"), array(frame, "money")
    for measure in range(len(money)):
        if counts[measure, kind, contract["segment"], contract["product"]]:
            book[contract["seat"], frame["period_now"], measure] += amount if money[measure] else 1
    write(frame, contract, (kind, contract["product"], amount))


@compiled
def annual(amount: int, term: int) -> int:
    """Amount of a term by the year."""
    return int(amount * YEAR / term + 0.5)


@compiled
def renew(frame: Frame, contract: Record, number: int, amount: int) -> int:
    """Let a contract of an amount come to its n-th renewal; return the amount after it, -1 where the contract ends."""
    rule = array(frame, "rule")[contract["rule"]]
    count(frame, contract, c.RENEWALS, 1)
    count(frame, contract, c.DUE_AMOUNT, amount)
    if churns(frame, contract["key"], number, rule["churn"]):
        count(frame, contract, c.CHURNED, 1)
        return -1
    after = int(amount * renewed_at(price_laws(frame), rule["factor"], frame, contract["key"], number) + 0.5)
    count(frame, contract, c.RENEWED_AMOUNT, after)
    count(frame, contract, c.KEPT_AMOUNT, min(amount, after))
    book_contract(frame, contract, RENEWAL, after)
    return after


@compiled
def expand(frame: Frame, contract: Record, number: int, amount: int) -> int:
    """Let a contract of an amount have its n-th expansion; return what that adds."""
    law = array(frame, "rule")[contract["rule"]]["expansion"]
    added = int(amount * grown_by(price_laws(frame), law, frame, contract["key"], number) + 0.5)
    count(frame, contract, c.EXPANDED_AMOUNT, added)
    book_contract(frame, contract, EXPANSION, added)
    return added


@compiled
def run_contract(frame: Frame, contract: Record) -> None:
    """Carry a contract from the start to the horizon; at one tick the renewal comes first."""
    key, rate, term = contract["key"], array(frame, "rule")[contract["rule"]]["rate"], contract["term"]
    amount, renewal, expansion = contract["amount"], 0, 0
    renews, expands, before = contract["renews"], NEVER, annual(amount, term)
    turn_to(frame, frame["start"])
    count(frame, contract, c.BASE_START, before)
    while renews < frame["start"]:
        renewal, renews = renewal + 1, renews + term
    if rate > 0:
        expands = frame["start"] + expansion_gap(frame, key, 0, rate)
    while amount >= 0 and min(renews, expands) < frame["horizon"]:
        turn_to(frame, min(renews, expands))
        if renews <= expands:
            amount = renew(frame, contract, renewal, amount)
            renewal, renews = renewal + 1, renews + term
        else:
            amount += expand(frame, contract, expansion, amount)
            expansion += 1
            expands += expansion_gap(frame, key, expansion, rate)
    after = annual(max(amount, 0), term)
    turn_to(frame, frame["horizon"] - 1)
    count(frame, contract, c.BASE_END, after)
    count(frame, contract, c.BASE_KEPT, min(before, after))


@compiled
def run_base(frame: Frame) -> None:
    """Carry all contracts from the start to the horizon."""
    contract = array(frame, "contract")
    for row in range(len(contract)):
        run_contract(frame, contract[row])
