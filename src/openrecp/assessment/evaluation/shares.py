"""Shares that stand in one cell, such as the yearly shares of a depreciation table."""

from __future__ import annotations

import math
import re

from openrecp.errors import Issue, Severity, Where, problem
from openrecp.texts import Text

_SEPARATORS = re.compile(r"[;,；，、\s]+")
# Published tables are printed to a hundredth of a percent.
_TOLERANCE = 0.05


def shares_in(words: str | None) -> tuple[float, ...]:
    """Percentages in their order as fractions; none where they cannot be read as such or are not 100 together.

    >>> shares_in("40; 40；20 %")
    (0.4, 0.4, 0.2)
    >>> shares_in("40 and the rest"), shares_in("70; 70")
    ((), ())
    """
    parts = [part.rstrip("%％") for part in _SEPARATORS.split((words or "").strip())]
    try:
        found = [float(part) for part in parts if part]
    except ValueError:
        return ()
    if not found or min(found) < 0 or not abs(math.fsum(found) - 100.0) <= _TOLERANCE:
        return ()
    return tuple(each / 100.0 for each in found)


def shares_issue(words: str | None, label: Text, where: Where) -> Issue | None:
    """A finding when something stands there that is no list of shares."""
    if words is None or shares_in(words):
        return None
    return problem(
        "shares-unreadable",
        "“{found}” is not a list of percentages that add up to 100; write “{field}” such as 40; 40; 20.",
        where=where,
        severity=Severity.WARNING,
        found=words,
        field=label,
    )
