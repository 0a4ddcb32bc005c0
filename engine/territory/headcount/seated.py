"""Seated: the tables with the seats that a run has adopted, read back from its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import Fault, VerificationFailed
from engine.inputs import Inputs
from engine.territory.headcount.homes import homes
from engine.territory.headcount.seats import with_seats
from engine.territory.headcount.spec import HeadcountSpec

if TYPE_CHECKING:
    import pandas as pd

    Frames = Mapping[str, pd.DataFrame]


def seated(inputs: Inputs, headcount: HeadcountSpec | None, tables: Frames) -> Inputs:
    """Return the tables with the adopted seats; as they are where nothing is adopted.

    Raises:
        VerificationFailed: the tables `headcount` and `headcount_homes` name no such seats.

    """
    if headcount is None or headcount.adopt is None:
        return inputs
    counts = tables["headcount"]
    adopted = counts.loc[counts["adopted"], "territories"].tolist() if "adopted" in counts else []
    if len(adopted) != 1:
        raise VerificationFailed(
            [Fault("V_CHECK", f"headcount: {len(adopted)} numbers are adopted, not one")]
        )
    return of_count(inputs, headcount, tables["headcount_homes"], int(adopted[0]))


def of_count(inputs: Inputs, headcount: HeadcountSpec, frame: pd.DataFrame, count: int) -> Inputs:
    """Return the tables with the seats that the table `headcount_homes` lists for a number of territories.

    Raises:
        VerificationFailed: it lists another number of seats, a seat twice, or one that is neither of today nor new.

    """
    own = frame[frame["territories"] == count]
    seats = own["rep"].tolist()
    places, _ = homes(inputs, headcount)
    today = {seat: j for j, seat in enumerate(inputs.reps.id)}
    spot = {place: k for k, place in enumerate(places.id)}
    place_of = dict(zip(seats, own["place"].tolist(), strict=True))
    new = sorted((seat for seat in seats if seat not in today), key=lambda seat: int(seat[4:]))
    lost = [seat for seat in new if place_of[seat] not in spot]
    if len(set(seats)) != count or len(seats) != count or lost:
        message = f"headcount_homes: {len(seats)} seats of {count} territories, {len(lost)} of them nowhere"
        raise VerificationFailed([Fault("V_CHECK", message)])
    stay = np.flatnonzero(np.isin(np.array(inputs.reps.id, dtype=object), seats)).tolist()
    return with_seats(inputs, stay, places, [spot[place_of[seat]] for seat in new])
