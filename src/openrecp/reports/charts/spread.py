"""Spread of a result over many draws: losses on the left of zero, gains on the right."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

from openrecp.reports.charts.frame import SMALL, Drawing, Option, area, frame, heading, said, value_axis
from openrecp.reports.charts.labels import scale_of, scaled_unit, short, width_of
from openrecp.reports.charts.specs import SpreadBars
from openrecp.reports.charts.steps import number_axis, step
from openrecp.reports.look import GAIN, INK, LOSS
from openrecp.reports.wording import speak
from openrecp.texts import Language

_HEIGHT: Final = 300
_LEFT: Final = 56
_ROOM: Final = 640 - 56 - 30


def spread_drawing(chart: SpreadBars, language: Language) -> Drawing:
    """The option for a spread; the class that zero falls into is cut there."""
    factor, scale = scale_of(max((abs(edge) for edge in chart.edges), default=0))
    unit = scaled_unit(scale, chart.unit, language)
    edges = [edge / factor for edge in chart.edges]
    low, high = (edges[0], edges[-1]) if len(edges) > 1 else (0.0, 1.0)
    marks = [mark for mark in chart.marks if low <= mark.value / factor <= high]
    series = list(_steps(edges, chart.shares))
    if marks and series:
        series[0]["markLine"] = _lines(chart, factor, (low, high), language)
    option = frame(
        title=[heading(f"{speak(chart.share_label, language)} (%)", _LEFT, 8)],
        grid=[area(_LEFT, 66, 30, 48)],
        xAxis=[number_axis(f"{speak(chart.outcome_label, language)} ({unit})", low, high)],
        yAxis=[value_axis(min=0)],
        series=series,
    )
    return Drawing(option, _HEIGHT)


def _steps(edges: list[float], shares: tuple[float, ...]) -> list[Option]:
    steps: list[Option] = []
    for (start, end), share in zip(pairwise(edges), shares, strict=True):
        if start < 0 < end:
            steps += [step(start, 0, share, LOSS), step(0, end, share, GAIN)]
        else:
            steps.append(step(start, end, share, LOSS if end <= 0 else GAIN))
    return steps


def _lines(chart: SpreadBars, factor: float, bounds: tuple[float, float], language: Language) -> Option:
    """Marked values; neighbours that would write over each other stand in different heights."""
    data: list[Any] = []
    taken: list[float] = [float("-inf")] * 3
    low, high = bounds
    for mark in sorted(chart.marks, key=lambda each: each.value):
        at = mark.value / factor
        if not low <= at <= high:
            continue
        words = f"{speak(mark.label, language)} {short(at)}"
        place = (at - low) / (high - low) * _ROOM
        half = width_of(words, SMALL) / 2
        row = next((row for row, until in enumerate(taken) if place - half > until), 2)
        taken[row] = place + half + 6
        data.append({"xAxis": at, "label": {"formatter": said(words), "distance": 3 + 14 * row}})
    return {
        "silent": True,
        "symbol": "none",
        "data": data,
        "lineStyle": {"color": INK, "type": "dashed", "width": 1},
        "label": {"position": "end", "fontSize": SMALL, "color": INK},
    }
