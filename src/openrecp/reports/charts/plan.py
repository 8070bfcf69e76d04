"""Month plan: who does what in which month, and when the process has to stop."""

from __future__ import annotations

from typing import Any, Final

from openrecp.reports.charts.frame import (
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
from openrecp.reports.charts.labels import row_labels, width_of, wrapped
from openrecp.reports.charts.specs import MonthPlan, PlannedTask
from openrecp.reports.look import ACCENT, HAIR, INK, LINE, LOSS, MUTED
from openrecp.reports.wording import speak
from openrecp.texts import Language, render, text

_LABEL: Final = 210
_TOP: Final = 44
_ENGLISH_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def plan_drawing(chart: MonthPlan, language: Language) -> Drawing:
    """The option for a month plan."""
    months = max([chart.months, *(task.start + task.months - 1 for task in chart.tasks)], default=1)
    labels, _, band = row_labels([speak(task.label, language) for task in chart.tasks], (_LABEL - 16,), 28)
    height = int(_TOP + band * max(len(labels), 1) + 12)
    option = frame(
        grid=[area(_LABEL, _TOP, 16, 12)],
        xAxis=[hidden_axis(min=0, max=months), _month_axis(chart, months, language)],
        yAxis=[row_axis(labels)],
        series=[_offsets(chart), _spans(chart, months, language), _milestones(chart, months, language)],
    )
    return Drawing(option, height)


def _month_axis(chart: MonthPlan, months: int, language: Language) -> Option:
    names = [month_name(chart.first, index, language) for index in range(months)]
    every = max(1, -(-months * 26 // (WIDTH - _LABEL)))
    shown = [name if index % every == 0 else "" for index, name in enumerate(names)]
    return {
        "type": "category",
        "position": "top",
        "data": shown,
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": LINE}},
        "splitLine": {"show": True, "interval": 0, "lineStyle": {"color": HAIR}},
        "axisLabel": {
            "interval": 0,
            "color": MUTED,
            "fontSize": SMALL,
            "lineHeight": 14,
            "formatter": {"texts": shown},
        },
    }


def month_name(first: tuple[int, int] | None, index: int, language: Language) -> str:
    """The label of a month; the year stands above the first month and every January."""
    if first is None:
        return str(index + 1)
    year, month = first[0] + (first[1] - 1 + index) // 12, (first[1] - 1 + index) % 12 + 1
    name = f"{month} 月" if language == "zh-hant" else _ENGLISH_MONTHS[month - 1]
    return f"{year}\n{name}" if index == 0 or month == 1 else f"\n{name}"


def _offsets(chart: MonthPlan) -> Option:
    """Invisible bars that push every task to its first month."""
    return {
        "type": "bar",
        "stack": "plan",
        "silent": True,
        "barWidth": 14,
        "data": [task.start - 1 for task in chart.tasks],
        "itemStyle": {"color": "transparent"},
    }


def _spans(chart: MonthPlan, months: int, language: Language) -> Option:
    data: list[Any] = []
    for task in chart.tasks:
        span = 0 if task.kind == "milestone" else task.months
        label = {"show": False} if task.kind == "milestone" else _label(task, months, language)
        colour = LOSS if task.kind == "downtime" else ACCENT
        data.append({"value": span, "itemStyle": {"color": colour, "borderRadius": 2}, "label": label})
    return {
        "type": "bar",
        "stack": "plan",
        "data": data,
        "label": {"fontSize": SMALL, "textBorderWidth": 0},
    }


def _label(task: PlannedTask, months: int, language: Language) -> Option:
    """Who does it, beside the bar where there is room, else before it."""
    words = speak(task.owner, language)
    if task.kind == "downtime":
        words = render(
            text("process stops · {owner}", owner=words) if words else text("process stops"), language
        )
    room = (months - (task.start - 1 + task.months)) / months * (WIDTH - _LABEL - 16)
    after = width_of(words, SMALL) + 10 <= room
    words = words if after else wrapped(words, (WIDTH - _LABEL) * (task.start - 1) / months, SMALL, 2)
    return {
        "show": bool(words),
        "formatter": said(words),
        "position": "right" if after else "left",
        "color": LOSS if task.kind == "downtime" else MUTED,
    }


def _milestones(chart: MonthPlan, months: int, language: Language) -> Option:
    data: list[Any] = [
        {"value": [task.start - 0.5, index], "label": _label(task, months, language)}
        for index, task in enumerate(chart.tasks)
        if task.kind == "milestone"
    ]
    return {
        "type": "scatter",
        "symbol": "diamond",
        "symbolSize": 13,
        "itemStyle": {"color": INK},
        "data": data,
        "label": {"fontSize": SMALL, "textBorderWidth": 0},
    }
