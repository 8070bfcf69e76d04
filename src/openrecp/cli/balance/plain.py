"""Numbers and references as plain data."""

from __future__ import annotations

import math
from typing import Any

from openrecp.balances.flowsheet import Ref


def finite(value: Any) -> float | None:
    """The number, or None where there is none: JSON knows neither NaN nor infinity.

    >>> finite(1), finite(float("nan")), finite(None)
    (1.0, None, None)
    """
    number = math.nan if value is None else float(value)
    return number if math.isfinite(number) else None


def ref_data(ref: Ref) -> dict[str, Any]:
    """Which number of the flowsheet."""
    return {"quantity": ref.quantity.value, "key": ref.key, "component": ref.component}
