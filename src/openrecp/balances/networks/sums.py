"""Sums by place."""

from __future__ import annotations

from typing import Any

import numpy as np


def sums(places: Any, amounts: Any, count: int) -> Any:
    """What the amounts at each place add up to, shape (count,); those at a negative place are left out."""
    inside = places >= 0
    return np.bincount(places[inside], amounts[inside], count).astype(float, copy=False)
