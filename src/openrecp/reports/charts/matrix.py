"""Screening matrix: every option against every criterion, the rating written in its shaded cell."""

from __future__ import annotations

from typing import Any, Final

from openrecp.reports.charts.frame import (
    LINE_HEIGHT,
    SIZE,
    SMALL,
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
from openrecp.reports.charts.labels import lines_in, width_of, wrapped
from openrecp.reports.charts.specs import MatrixRow, ScreeningMatrix
from openrecp.reports.look import ACCENT, FONT_LIST, INK, MUTED, PANEL, PAPER
from openrecp.reports.wording import speak
from openrecp.texts import Language, format_number

_LABEL: Final = 190
_TOTAL: Final = 64
_TILT: Final = 50


def matrix_drawing(chart: ScreeningMatrix, language: Language) -> Drawing:
    """The option for a screening matrix, at most 12 criteria wide before cells get too narrow to read."""
    count = max(len(chart.criteria), 1)
    column = min((WIDTH - _LABEL - _TOTAL) / count, 90)
    right = WIDTH - _LABEL - column * count
    headers, top, tilt = _headers(chart, column, language)
    labels = [wrapped(speak(each.label, language), _LABEL - 16) for each in chart.rows]
    band = max([28, *(lines_in(label) * LINE_HEIGHT + 8 for label in labels)])
    height = int(top + band * max(len(labels), 1) + 10)
    totals = ["" if each.total is None else _total(each) for each in chart.rows]
    colours = [MUTED if each.kept is False else INK for each in chart.rows]
    option = frame(
        title=[heading(speak(chart.total_label, language), WIDTH - right + 12, top - 20)],
        grid=[area(_LABEL, top, right, 10)],
        xAxis=[hidden_axis(min=0, max=count), _header_axis(headers, tilt)],
        yAxis=[
            {**row_axis(labels, colours=colours), "axisLine": {"show": False}},
            {**row_axis(totals, colours=colours), "position": "right", "axisLine": {"show": False}},
        ],
        series=[_column(chart, index, language) for index in range(len(chart.criteria))],
    )
    return Drawing(option, height)


def _total(each: MatrixRow) -> str:
    shown = format_number(each.total if each.total is not None else 0)
    return f"{shown} ✓" if each.kept else shown


def _headers(chart: ScreeningMatrix, column: float, language: Language) -> tuple[list[str], float, int]:
    """Labels of the criteria, the room they need above the cells [px], and their tilt [degrees]."""
    names = [speak(each.label, language) for each in chart.criteria]
    longest = max((width_of(word, SMALL) for name in names for word in name.split()), default=0)
    chinese = language == "zh-hant"
    upright = chinese or longest <= column - 4
    room = column - 8 if upright else 150
    labels = [wrapped(name, room, SMALL, 6 if upright else 2) for name in names]
    for index, each in enumerate(chart.criteria):
        if each.weight is not None:
            labels[index] += (
                f"\n× {format_number(each.weight)}" if upright else f" × {format_number(each.weight)}"
            )
    if upright:
        return labels, max([30, *(lines_in(label) * 14 + 14 for label in labels)]), 0
    reach = max(width_of(line, SMALL) for label in labels for line in label.split("\n"))
    return labels, reach * 0.77 + 30, _TILT


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
            "color": INK,
            "fontSize": SMALL,
            "lineHeight": 14,
            "formatter": {"texts": headers},
        },
    }


def _column(chart: ScreeningMatrix, index: int, language: Language) -> Option:
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
    return {
        "type": "bar",
        "stack": "cells",
        "barWidth": "100%",
        "data": data,
        "label": {"show": True, "position": "inside", "fontSize": SIZE, "fontFamily": FONT_LIST, "textBorderWidth": 0},
    }  # fmt: skip


def _shade(rating: float | None, chart: ScreeningMatrix) -> tuple[str, str]:
    """Ground and ink of a cell: from pale to accent with the rating, grey where there is none."""
    if rating is None:
        return PANEL, MUTED
    span = chart.high - chart.low
    depth = min(max((rating - chart.low) / span, 0.0), 1.0) if span else 0.0
    pale, deep = (0xEC, 0xF4, 0xF4), tuple(int(ACCENT[at : at + 2], 16) for at in (1, 3, 5))
    # Mid shades would carry neither white nor black ink well; the scale steps over them.
    depth = depth * 0.45 if depth < 0.6 else 0.55 + (depth - 0.6) * 1.125
    mixed = "".join(f"{round(a + (b - a) * depth):02X}" for a, b in zip(pale, deep, strict=True))
    return f"#{mixed}", PAPER if depth > 0.5 else INK
