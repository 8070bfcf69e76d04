"""Screening matrix: every option against every criterion, the rating written in its shaded cell."""

from __future__ import annotations

import re
from typing import Any, Final

from openrecp.reports.charts.frame import (
    SIZE,
    SMALL,
    WIDTH,
    Drawing,
    Option,
    area,
    frame,
    hidden_axis,
    row_axis,
    said,
)
from openrecp.reports.charts.labels import balanced, lines_in, row_labels, width_of, wrapped
from openrecp.reports.charts.specs import Criterion, MatrixRow, ScreeningMatrix
from openrecp.reports.look import ACCENT, INK, LINE, MUTED, PANEL, PAPER
from openrecp.reports.wording import speak
from openrecp.texts import Language, format_number

_LABEL: Final = 180
_TAIL: Final = 12
_LINE: Final = 14
_GAP: Final = 10
_LATIN_WORD: Final = re.compile(r"[!-~]+")


def matrix_drawing(chart: ScreeningMatrix, language: Language) -> Drawing:
    """The option for a screening matrix; beyond 12 criteria its cells get too narrow to read well."""
    count = len(chart.criteria) + 1
    column = min((WIDTH - _LABEL - _TAIL) / count, 84)
    staggered = any(_too_wide(each, column, language) for each in chart.criteria)
    headers = _headers(chart, 2 * column - 14 if staggered else column - 8, column, language)
    axes, top = _header_axes(headers, staggered=staggered)
    labels, _, band = row_labels([speak(each.label, language) for each in chart.rows], (_LABEL - 16,), 28)
    height = int(top + band * max(len(labels), 1) + 10)
    colours = [MUTED if each.kept is False else INK for each in chart.rows]
    option = frame(
        grid=[area(_LABEL, top, WIDTH - _LABEL - column * count, 10)],
        xAxis=[hidden_axis(min=0, max=count), *axes],
        yAxis=[{**row_axis(labels, colours=colours), "axisLine": {"show": False}}],
        series=[*(_column(chart, index) for index in range(len(chart.criteria))), _totals(chart)],
    )
    return Drawing(option, height)


def _too_wide(each: Criterion, column: float, language: Language) -> bool:
    """Whether a Latin word of a heading does not fit its column, or the heading takes too many lines."""
    room = column - 8
    name = speak(each.label, language)
    widest = max((width_of(word, SMALL) for word in _LATIN_WORD.findall(name)), default=0.0)
    return widest > room or wrapped(name, room, SMALL, 4).endswith("…")


def _headers(chart: ScreeningMatrix, room: float, column: float, language: Language) -> list[str]:
    """Headings of the columns with their weights, the total last."""
    labels = []
    for each in chart.criteria:
        weight = "" if each.weight is None else f"\n× {format_number(each.weight)}"
        labels.append(balanced(speak(each.label, language), room, SMALL, 6) + weight)
    return [*labels, wrapped(speak(chart.total_label, language), column + 2 * _TAIL - 14, SMALL, 3)]


def _header_axes(headers: list[str], *, staggered: bool) -> tuple[list[Option], float]:
    """The axes that bear the headings, and the room above the cells [px].

    Headings wider than their columns stand in two tiers, every other one higher up on a thin line.
    """
    if not staggered:
        return [_header_axis(headers, 0)], max(30, *(lines_in(label) * _LINE + 14 for label in headers))
    upper, lower = (
        [label if index % 2 == tier else "" for index, label in enumerate(headers)] for tier in (0, 1)
    )
    high, low = (max(lines_in(label) for label in labels) * _LINE for labels in (upper, lower))
    ticks = {
        "show": True,
        "inside": True,
        "alignWithLabel": True,
        "length": low + _GAP,
        "customValues": [index for index in range(len(headers)) if index % 2 == 0],
    }
    raised = _header_axis(upper, low + _GAP)
    raised["axisTick"] = {**ticks, "lineStyle": {"color": LINE}}
    return [_header_axis(lower, 0), raised], high + low + _GAP + 18


def _totals(chart: ScreeningMatrix) -> Option:
    """The weighted sums as a column without ground; a tick marks what was kept."""
    data: list[Any] = [
        {
            "value": 1,
            "itemStyle": {"color": "transparent"},
            "label": {"formatter": said(_total(each)), "color": MUTED if each.kept is False else INK},
        }
        for each in chart.rows
    ]
    return {**_cells(data), "silent": True}


def _total(each: MatrixRow) -> str:
    if each.total is None:
        return ""
    return f"{format_number(each.total)} ✓" if each.kept else format_number(each.total)


def _header_axis(headers: list[str], offset: float) -> Option:
    return {
        "type": "category",
        "position": "top",
        "offset": offset,
        "data": headers,
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "axisLabel": {
            "interval": 0,
            "color": INK,
            "fontSize": SMALL,
            "lineHeight": _LINE,
            "formatter": {"texts": headers},
        },
    }


def _column(chart: ScreeningMatrix, index: int) -> Option:
    data: list[Any] = []
    for each in chart.rows:
        rating = each.ratings[index] if index < len(each.ratings) else None
        fill, ink = _shade(rating, chart)
        words = "–" if rating is None else format_number(rating)
        data.append(
            {
                "value": 1,
                "itemStyle": {"color": fill, "borderColor": PAPER, "borderWidth": 2},
                "label": {"formatter": said(words), "color": ink},
            }
        )
    return _cells(data)


def _cells(data: list[Any]) -> Option:
    label = {"show": True, "position": "inside", "fontSize": SIZE, "textBorderWidth": 0}
    return {"type": "bar", "stack": "cells", "barWidth": "100%", "data": data, "label": label}


def _shade(rating: float | None, chart: ScreeningMatrix) -> tuple[str, str]:
    """Ground and ink of a cell: from pale to accent with the rating, grey where there is none."""
    if rating is None:
        return PANEL, MUTED
    span = chart.high - chart.low
    depth = min(max((rating - chart.low) / span, 0.0), 1.0) if span else 0.0
    pale, deep = (0xEC, 0xF4, 0xF4), tuple(int(ACCENT[at : at + 2], 16) for at in (1, 3, 5))
    # Mid shades would carry neither white nor black ink well; the scale steps over them.
    depth = depth * 0.75 if depth < 0.6 else 0.77 + (depth - 0.6) * 0.575
    mixed = "".join(f"{round(a + (b - a) * depth):02X}" for a, b in zip(pale, deep, strict=True))
    return f"#{mixed}", PAPER if depth > 0.5 else INK
