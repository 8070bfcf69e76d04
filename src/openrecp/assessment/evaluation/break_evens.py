"""The inputs of an option that can least afford to be wrong, each with the value at which it just breaks even."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from openrecp.assessment.evaluation.economics_results import BreakEvenPoint
from openrecp.economics.break_even_values import break_even
from openrecp.economics.evaluation import Evaluation as Appraisal
from openrecp.economics.operating import OperatingItem
from openrecp.economics.sensitivity import Swing

_SHOWN: Final = 3
# Inputs whose break-even is looked for exactly: a few more than are shown, since the estimate is linear.
_TRIED: Final = 4


def break_even_points(appraisal: Appraisal, tornado: Sequence[Swing]) -> tuple[BreakEvenPoint, ...]:
    """The inputs with the smallest margin, smallest first.

    Searching every input exactly takes a tenth of a second; the swings of the tornado tell which are near.
    """
    estimates = sorted(_estimates(appraisal, tornado), key=lambda each: each[1])
    found = [_point(appraisal, key) for key, _ in estimates[:_TRIED]]
    points = [point for point in found if point is not None]
    return tuple(sorted(points, key=_distance)[:_SHOWN])


def _distance(point: BreakEvenPoint) -> float:
    return abs(float(point.margin.value or 0))


def _estimates(appraisal: Appraisal, tornado: Sequence[Swing]) -> Iterator[tuple[str, float]]:
    """Inputs that may change the answer while they keep their sign, each with its margin as a fraction.

    The life is left out: the discounted payback says the same, and every life is a cash flow of its own to count.
    """
    npv = float(appraisal.npv.value or 0)
    worth = {swing.key: _worth(swing) for swing in tornado}
    for key, sign in (("savings", 1.0), ("costs", -1.0)):
        items = _items(appraisal, sign)
        if len(items) > 1:
            worth[key] = sum(worth.get(item, 0.0) for item in items)
    for key, value in worth.items():
        if key != "life" and value and -npv / value > -1.0:
            yield key, abs(npv / value)


def _items(appraisal: Appraisal, sign: float) -> list[str]:
    return [
        line.key
        for line in appraisal.project.operating
        if isinstance(line, OperatingItem) and line.annual_amount * sign > 0
    ]


def _worth(swing: Swing) -> float:
    """What the whole input is worth in net present value, by the slope of its swing [money]."""
    low, high = (float(outcome.value.value or 0) for outcome in (swing.low, swing.high))
    change = float(swing.high.npv.value or 0) - float(swing.low.npv.value or 0)
    return change / (high - low) * float(swing.base.value or 0) if high != low else 0.0


def _point(appraisal: Appraisal, key: str) -> BreakEvenPoint | None:
    each = break_even(appraisal.project, key, conventions=appraisal.conventions)
    nearest = each.nearest
    if nearest is None or nearest.margin.value is None or float(nearest.margin.value) <= -100.0:
        return None
    return BreakEvenPoint(each.key, each.name, each.base, nearest.value, nearest.margin, nearest.statement)
