"""What all charts share: fonts, headings of panels, and the frame of an option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from openrecp.reports.look import FONT_LIST, HAIR, INK, LINE, MUTED

WIDTH: Final = 640
"""Width of every chart [px]; an A4 page prints it at 0.26 mm a pixel."""
SIZE: Final = 12
SMALL: Final = 11
LINE_HEIGHT: Final = 15

Option = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    """An ECharts option and the size it is made for [px]."""

    option: Option
    height: int
    width: int = WIDTH


def frame(**parts: Any) -> Option:
    """An option with the report's type and no animation."""
    return {
        "animation": False,
        "backgroundColor": "transparent",
        "textStyle": {"fontFamily": FONT_LIST, "fontSize": SIZE, "color": INK},
        **parts,
    }


def said(words: str) -> dict[str, str]:
    """A label that says exactly this, whatever braces it holds."""
    return {"text": words}


def heading(words: str, left: float, top: float, align: str = "left", colour: str = MUTED) -> Option:
    """Small words that name a panel or a column."""
    return {
        "text": words,
        "left": left,
        "top": top,
        "padding": 0,
        "textAlign": align,
        "textStyle": {"fontFamily": FONT_LIST, "fontSize": SMALL, "fontWeight": "normal", "color": colour,
                      "lineHeight": 14},
    }  # fmt: skip


def area(left: float, top: float, right: float, bottom: float) -> Option:
    """The rectangle of a panel by its margins [px], labels outside it."""
    return {"left": left, "top": top, "right": right, "bottom": bottom, "outerBoundsMode": "none"}


def row_axis(
    labels: list[str], *, shown: bool = True, grid: int = 0, colours: list[str] | None = None
) -> Option:
    """The axis of rows, the first on top."""
    data: list[Any] = list(labels)
    if colours:
        data = [
            {"value": words, "textStyle": {"color": colour}}
            for words, colour in zip(labels, colours, strict=True)
        ]
    return {
        "type": "category",
        "gridIndex": grid,
        "inverse": True,
        "data": data,
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": LINE}},
        "axisLabel": {
            "show": shown,
            "interval": 0,
            "color": INK,
            "fontSize": SIZE,
            "lineHeight": LINE_HEIGHT,
            "margin": 10,
            "formatter": {"texts": labels},
        },
    }


def hidden_axis(grid: int = 0, **bounds: Any) -> Option:
    """An axis of values that is not drawn, because every bar says its value."""
    return {"type": "value", "gridIndex": grid, "show": False, **bounds}


def value_axis(**more: Any) -> Option:
    """An axis of values with quiet grid lines."""
    return {
        "type": "value",
        "splitLine": {"lineStyle": {"color": HAIR}},
        "axisLabel": {"color": MUTED, "fontSize": SMALL},
        **more,
    }
