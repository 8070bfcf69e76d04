"""Blocks of any width side by side, such as the classes of a spread and the steps of an abatement curve."""

from __future__ import annotations

from typing import Any

from openrecp.reports.charts.frame import SMALL, Option, said
from openrecp.reports.look import HAIR, INK, MUTED, PAPER


def step(start: float, end: float, height: float, colour: str, label: str = "") -> Option:
    """A block from zero to ``height`` between two places of the axis; its label stands on its far end."""
    middle = (start + end) / 2
    return {
        "type": "line",
        "symbol": "none",
        "silent": True,
        "data": [[start, height], [end, height]],
        "lineStyle": {"width": 0},
        "areaStyle": {"color": colour, "opacity": 1, "origin": 0},
        "markPoint": _label(middle, height, colour, label) if label else {},
        "markLine": _edge(end, height),
    }


def _label(at: float, height: float, colour: str, words: str) -> Option:
    return {
        "silent": True,
        "symbol": "circle",
        "symbolSize": 1,
        "itemStyle": {"color": "transparent"},
        "data": [{"coord": [at, height]}],
        "label": {
            "position": "top" if height >= 0 else "bottom",
            "formatter": said(words),
            "fontSize": SMALL,
            "color": colour,
            "textBorderColor": PAPER,
            "textBorderWidth": 2,
        },
    }


def _edge(at: float, height: float) -> Option:
    """A fine light line between two blocks, so that equal neighbours can be told apart."""
    return {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": {"color": PAPER, "width": 1, "type": "solid"},
        "data": [[{"coord": [at, 0]}, {"coord": [at, height]}]],
    }


def number_axis(name: str, low: float, high: float, **more: Any) -> Option:
    """The lower axis, with its name in the middle below it."""
    return {
        "type": "value",
        "min": low,
        "max": high,
        "name": name,
        "nameLocation": "middle",
        "nameGap": 28,
        "nameTextStyle": {"color": MUTED, "fontSize": SMALL},
        "splitLine": {"show": False},
        "axisTick": {"show": True, "lineStyle": {"color": HAIR}},
        "axisLine": {"show": True, "onZero": False, "lineStyle": {"color": MUTED}},
        "axisLabel": {"color": INK, "fontSize": SMALL, "hideOverlap": True},
        **more,
    }
