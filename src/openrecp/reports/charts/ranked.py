"""Waste streams in rank order: what each costs, and its score beside it."""

from __future__ import annotations

from typing import Any, Final

from openrecp.reports.charts.frame import (
    SIZE,
    WIDTH,
    Drawing,
    Option,
    area,
    frame,
    heading,
    hidden_axis,
    row_axis,
    said,
)
from openrecp.reports.charts.labels import row_labels, scale_of, scaled_unit, short
from openrecp.reports.charts.specs import RankedBar, RankedBars
from openrecp.reports.look import ACCENT, LINE, MUTED, NEUTRAL_BAR
from openrecp.reports.wording import speak
from openrecp.texts import Language, format_number, render, text

_TOP: Final = 30
_MOST: Final = 30


def ranked_drawing(chart: RankedBars, language: Language) -> Drawing:
    """The option for ranked bars; beyond 30 bars the rest is counted in one line."""
    bars = chart.bars[:_MOST]
    labels, room, band = row_labels([speak(bar.label, language) for bar in bars], (184, 270), 24)
    label = room + 16
    with_score = any(bar.score is not None for bar in bars)
    score_left = WIDTH - 150 if with_score else WIDTH
    height = int(_TOP + band * max(len(bars), 1) + 26)
    factor, scale = scale_of(max((abs(bar.value or 0) for bar in bars), default=0))
    unit = scaled_unit(scale, chart.value_unit, language)
    titles = [heading(f"{speak(chart.value_label, language)} ({unit})", label, 8)]
    # A credit reaches to the left of zero; its number needs room beside the names.
    credit = 60 if any((bar.value or 0) < 0 for bar in bars) else 0
    grids = [area(label + credit, _TOP, WIDTH - score_left + 70, 26)]
    series = [_series([bar.value for bar in bars], bars, factor, language, 0)]
    axes = [_names_axis(labels, credit)]
    if with_score:
        titles.append(heading(speak(chart.score_label, language), score_left, 8))
        grids.append(area(score_left, _TOP, 50, 26))
        series.append(_series([bar.score for bar in bars], bars, 1, language, 1))
        axes.append(row_axis(labels, shown=False, grid=1))
    if len(chart.bars) > _MOST:
        rest = text("{count} more are in the table", count=len(chart.bars) - _MOST)
        titles.append(heading(render(rest, language), label, height - 20))
    option = frame(
        title=titles,
        grid=grids,
        xAxis=[
            _full_axis([point["value"] for point in each["data"]], index) for index, each in enumerate(series)
        ],
        yAxis=axes,
        series=series,
    )
    return Drawing(option, height)


def _full_axis(values: list[float], grid: int) -> Option:
    """A hidden axis whose longest bar fills the panel."""
    return hidden_axis(grid, min=min([0.0, *values]), max=max([0.0, *values]) or 1.0)


def _names_axis(labels: list[str], credit: int) -> Option:
    axis = row_axis(labels)
    axis["axisLine"] = {"show": False}
    axis["axisLabel"]["margin"] += credit
    return axis


def _series(
    values: list[float | None], bars: tuple[RankedBar, ...], factor: float, language: Language, grid: int
) -> Option:
    data: list[Any] = []
    for value, bar in zip(values, bars, strict=True):
        if value is None:
            words, colour = render(text("not given"), language), MUTED
        else:
            words, colour = short(value / factor) if grid == 0 else format_number(value), ACCENT
        fill = ACCENT if bar.emphasis else NEUTRAL_BAR
        data.append(
            {
                "value": 0 if value is None else value / factor,
                "itemStyle": {"color": fill},
                "label": {
                    "formatter": said(words),
                    "color": colour if value is None or bar.emphasis else MUTED,
                    "position": "left" if value is not None and value < 0 else "right",
                },
            }
        )
    return {
        "type": "bar",
        "xAxisIndex": grid,
        "yAxisIndex": grid,
        "barMaxWidth": 16,
        "data": data,
        "label": {"show": True, "fontSize": SIZE, "textBorderWidth": 0},
        "markLine": {
            "silent": True,
            "symbol": "none",
            "label": {"show": False},
            "lineStyle": {"color": LINE, "type": "solid"},
            "data": [{"xAxis": 0}],
        },
    }
