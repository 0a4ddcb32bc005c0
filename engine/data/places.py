"""Coordinates: both or neither, in degrees."""

from __future__ import annotations

import numpy as np

from engine.data.cells import real
from engine.data.rows import Rows
from engine.inputs import FloatArray


def coordinates(rows: Rows) -> tuple[FloatArray, FloatArray]:
    """Return latitude and longitude in degrees; NaN where both are blank."""
    latitude = real(rows, "latitude", -90, 90)
    longitude = real(rows, "longitude", -180, 180)
    half = np.isnan(latitude) != np.isnan(longitude)
    rows.contradiction(
        half, "E_REQUIRED", "one of latitude and longitude is blank", "latitude",
        lambda row: f"{latitude[row]}, {longitude[row]}",
    )  # fmt: skip
    missing = np.isnan(latitude) & np.isnan(longitude)
    if rows.has("latitude") or rows.has("longitude"):
        rows.note(missing, "no coordinates", lambda row: "blank", "latitude")
    return latitude, longitude
