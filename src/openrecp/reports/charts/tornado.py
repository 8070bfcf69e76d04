"""Tornado: what each uncertain input does to the result, the strongest on top."""

from __future__ import annotations

from typing import Any, Final

from openrecp.reports.charts.frame import (
    LINE_HEIGHT,
    SMALL,
    Drawing,
    Option,
    area,
    frame,
    heading,
    hidden_axis,
    row_axis,
    said,
)
from openrecp.reports.charts.labels import row_labels, scale_of, scaled_unit, short, wrapped
from openrecp.reports.charts.specs import Tornado, TornadoBar
from openrecp.reports.look import GAIN, INK, LOSS, MUTED
from openrecp.reports.wording import speak
from openrecp.texts import Language, render, text

_LABEL: Final = 170
_TOP: Final = 50
_SIDE: Final = 112


def tornado_drawing(chart: Tornado, language: Language) -> Drawing:
    """The option for a tornado; bars are drawn from the base result, each end says result and input."""
    results = [chart.base, *(end for bar in chart.bars for end in (bar.low, bar.high))]
    factor, scale = scale_of(max(abs(result) for result in results))
    labels, _, band = row_labels([speak(bar.label, language) for bar in chart.bars], (_LABEL - 16,), 36)
    height = int(_TOP + band * max(len(labels), 1) + 12)
    reach = max((abs(result - chart.base) for result in results), default=0) / factor or 1.0
    unit = scaled_unit(scale, chart.unit, language)
    outcome = f"{speak(chart.outcome_label, language)} ({unit})"
    option = frame(
        title=[heading(outcome, _LABEL, 8)],
        grid=[area(_LABEL + _SIDE, _TOP, _SIDE, 12)],
        xAxis=[hidden_axis(min=-reach, max=reach)],
        yAxis=[{**row_axis(labels), "axisLine": {"show": False}, "axisLabel": _far_label(labels)}],
        series=[
            {
                **_ends(chart, factor, language, upper=False),
                "markLine": _lines(chart, factor, reach, language),
            },
            _ends(chart, factor, language, upper=True),
        ],
    )
    return Drawing(option, height)


def _far_label(labels: list[str]) -> Option:
    """Row labels moved left, to leave room for what the left ends say."""
    return {
        "interval": 0,
        "color": INK,
        "lineHeight": LINE_HEIGHT,
        "margin": _SIDE + 10,
        "formatter": {"texts": labels},
    }


def _ends(chart: Tornado, factor: float, language: Language, *, upper: bool) -> Option:
    """One end of every bar: the result that is farther up, or farther down."""
    data: list[Any] = []
    for bar in chart.bars:
        result, words = _end(bar, factor, language, upper=upper)
        change = (result - chart.base) / factor
        data.append(
            {
                "value": change,
                "itemStyle": {"color": GAIN if change >= 0 else LOSS},
                "label": {
                    "show": not _hidden(bar, chart.base, upper=upper),
                    "formatter": said(words),
                    "position": "right" if upper else "left",
                    "align": "left" if upper else "right",
                    "color": GAIN if change >= 0 else LOSS,
                },
            }
        )
    return {
        "type": "bar",
        "barWidth": 18,
        "barGap": "-100%",
        "data": data,
        "label": {"fontSize": SMALL, "lineHeight": 13, "textBorderWidth": 0},
    }


def _end(bar: TornadoBar, factor: float, language: Language, *, upper: bool) -> tuple[float, str]:
    low = bar.low, speak(bar.low_input, language)
    high = bar.high, speak(bar.high_input, language)
    result, cause = (
        max(low, high, key=lambda end: end[0]) if upper else min(low, high, key=lambda end: end[0])
    )
    words = short(result / factor)
    return result, f"{words}\n{wrapped(cause, _SIDE - 8, SMALL, 2)}" if cause else words


def _hidden(bar: TornadoBar, base: float, *, upper: bool) -> bool:
    """Whether this end lies inside the bar of the other, on the same side of the base."""
    return min(bar.low, bar.high) > base if not upper else max(bar.low, bar.high) < base


def _lines(chart: Tornado, factor: float, reach: float, language: Language) -> Option:
    """The base result, and zero where it lies within the picture."""
    base = render(text("as planned: {value}", value=short(chart.base / factor)), language)
    lines: list[Any] = [{"xAxis": 0, "label": {"formatter": said(base)}}]
    zero = -chart.base / factor
    if abs(zero) <= reach and abs(zero) > 0.15 * reach:
        lines.append(
            {
                "xAxis": zero,
                "lineStyle": {"type": "dashed", "color": MUTED},
                "label": {"formatter": said("0")},
            }
        )
    return {
        "silent": True,
        "symbol": "none",
        "data": lines,
        "lineStyle": {"color": INK, "type": "solid", "width": 1},
        "label": {"position": "start", "distance": 4, "fontSize": SMALL, "color": INK},
    }
