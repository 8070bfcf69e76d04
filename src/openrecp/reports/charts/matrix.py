"""Screening matrix: every option against every criterion, the rating written in its shaded cell."""

from __future__ import annotations

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
from openrecp.reports.charts.labels import lines_in, row_labels, width_of, wrapped
from openrecp.reports.charts.specs import Criterion, MatrixRow, ScreeningMatrix
from openrecp.reports.look import ACCENT, INK, MUTED, PANEL, PAPER
from openrecp.reports.wording import speak
from openrecp.texts import Language, format_number

_LABEL: Final = 190
_TILT: Final = -50


def matrix_drawing(chart: ScreeningMatrix, language: Language) -> Drawing:
    """The option for a screening matrix; beyond 12 criteria its cells get too narrow to read well."""
    tilted = language == "en" and any(_too_wide(each, chart, language) for each in chart.criteria)
    tail = 56 if tilted else 8
    count = len(chart.criteria) + 1
    column = min((WIDTH - _LABEL - tail) / count, 84)
    headers, top = _headers(chart, column, language, tilted=tilted)
    labels, _, band = row_labels([speak(each.label, language) for each in chart.rows], (_LABEL - 16,), 28)
    height = int(top + band * max(len(labels), 1) + 10)
    colours = [MUTED if each.kept is False else INK for each in chart.rows]
    option = frame(
        grid=[area(_LABEL, top, WIDTH - _LABEL - column * count, 10)],
        xAxis=[hidden_axis(min=0, max=count), _header_axis(headers, _TILT if tilted else 0)],
        yAxis=[{**row_axis(labels, colours=colours), "axisLine": {"show": False}}],
        series=[*(_column(chart, index) for index in range(len(chart.criteria))), _totals(chart)],
    )
    return Drawing(option, height)


def _too_wide(each: Criterion, chart: ScreeningMatrix, language: Language) -> bool:
    """Whether a word of a heading does not fit its column, or the heading takes too many lines."""
    room = (WIDTH - _LABEL - 8) / (len(chart.criteria) + 1) - 6
    name = speak(each.label, language)
    return max(width_of(word, SMALL) for word in name.split() or [""]) > room or wrapped(
        name, room, SMALL, 3
    ).endswith("…")


def _headers(
    chart: ScreeningMatrix, column: float, language: Language, *, tilted: bool
) -> tuple[list[str], float]:
    """Headings of the columns, the total last, and the room they need above the cells [px]."""
    labels = []
    for each in chart.criteria:
        weight = "" if each.weight is None else f"{' ' if tilted else chr(10)}× {format_number(each.weight)}"
        name = speak(each.label, language)
        labels.append(
            (wrapped(name, 130, SMALL, 2) if tilted else wrapped(name, column - 8, SMALL, 6)) + weight
        )
    labels.append(wrapped(speak(chart.total_label, language), 130 if tilted else column - 8, SMALL, 3))
    if tilted:
        reach = max(width_of(line, SMALL) for label in labels for line in label.split("\n"))
        return labels, reach * 0.77 + 34
    return labels, max(30, *(lines_in(label) * 14 + 14 for label in labels))


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


def _header_axis(headers: list[str], tilt: int) -> Option:
    return {
        "type": "category",
        "position": "top",
        "data": headers,
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "axisLabel": {
            "interval": 0,
            "rotate": tilt,
            **({"align": "left", "verticalAlign": "middle"} if tilt else {}),
            "color": INK,
            "fontSize": SMALL,
            "lineHeight": 14,
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
