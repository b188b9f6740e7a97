"""Distances on the earth, and whether a place lies in a circle. Degrees of WGS-84, metres."""

from __future__ import annotations

from math import asin, cos, floor, radians, sin, sqrt

EARTH_M = 6_371_008.8
"""Mean radius: circles of kilometres need no ellipsoid."""
METRES_PER_DEGREE = 111_195.08
CELL_M = 25
CELLS_AROUND = 2**26
"""More than there are cells around the equator (1.6 million), so that row and column fit into one number."""


def distance_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance by the haversine."""
    south, north = radians(lat1), radians(lat2)
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


def inside(latitude: float, longitude: float, centre: tuple[float, float], radius_m: float) -> bool:
    """Whether a place lies in a circle, its edge included."""
    if abs(latitude - centre[0]) * METRES_PER_DEGREE > radius_m * 1.01:
        return False  # too far north or south already; spares the trigonometry for most circles
    return distance_m(latitude, longitude, *centre) <= radius_m


def cell_of(latitude: float, longitude: float) -> int:
    """The square of about 25 m that a place lies in, as one number that is never negative."""
    row = floor((latitude + 90) * METRES_PER_DEGREE / CELL_M)
    # The width of a column is that of the row's own edge, so that all places of a row agree about it.
    across = max(cos(radians(row * CELL_M / METRES_PER_DEGREE - 90)), 1e-6)
    column = floor((longitude + 180) * METRES_PER_DEGREE * across / CELL_M)
    return row * CELLS_AROUND + column
