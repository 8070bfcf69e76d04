"""Cash flow: what goes out and comes in each year, and the cumulative line that shows when it is paid back."""

from __future__ import annotations

from typing import Any, Final

from openrecp.reports.charts.frame import (
    SMALL,
    Drawing,
    Option,
    area,
    frame,
    heading,
    said,
    value_axis,
)
from openrecp.reports.charts.labels import scale_of, scaled_unit, short
from openrecp.reports.charts.specs import CashFlowBars
from openrecp.reports.look import ACCENT, FONT_LIST, GAIN, INK, LOSS, MUTED, PAPER
from openrecp.reports.wording import speak
from openrecp.texts import Language

_HEIGHT: Final = 320
_LABELLED_YEARS: Final = 13


def cash_flow_drawing(chart: CashFlowBars, language: Language) -> Drawing:
    """The option for a cash flow; bars carry their values up to 13 years, the line its last one."""
    amounts = [*chart.flows, *chart.cumulative]
    factor, scale = scale_of(max((abs(each) for each in amounts), default=0))
    unit = scaled_unit(scale, chart.unit, language)
    flow, cumulative = speak(chart.flow_label, language), speak(chart.cumulative_label, language)
    option = frame(
        title=[_key(flow, cumulative, unit)],
        grid=[area(70, 48, 76, 44)],
        xAxis=[_years(chart, language)],
        yAxis=[value_axis()],
        series=[
            _bars(chart, factor),
            _line(chart, factor),
        ],
    )
    return Drawing(option, _HEIGHT)


def _key(flow: str, cumulative: str, unit: str) -> Option:
    """The names of bars and line beside their marks, in place of a legend."""
    safe = [words.replace("{", "(").replace("}", ")").replace("|", "/") for words in (flow, cumulative, unit)]
    title = heading(
        f"{{gain|■}}{{loss|■}} {safe[0]}      {{line|●}} {safe[1]}      ({safe[2]})",
        70,
        10,
    )
    title["textStyle"]["rich"] = {
        "gain": {"color": GAIN, "fontSize": SMALL, "fontFamily": FONT_LIST},
        "loss": {"color": LOSS, "fontSize": SMALL, "fontFamily": FONT_LIST},
        "line": {"color": ACCENT, "fontSize": SMALL, "fontFamily": FONT_LIST},
    }
    return title


def _years(chart: CashFlowBars, language: Language) -> Option:
    return {
        "type": "category",
        "data": [str(period) for period in chart.periods],
        "name": speak(chart.period_label, language),
        "nameLocation": "middle",
        "nameGap": 26,
        "nameTextStyle": {"color": MUTED, "fontSize": SMALL},
        "axisTick": {"show": False},
        "axisLine": {"onZero": True, "lineStyle": {"color": MUTED}},
        "axisLabel": {"color": INK, "fontSize": SMALL, "margin": 8},
        "offset": 0,
    }


def _bars(chart: CashFlowBars, factor: float) -> Option:
    labelled = len(chart.flows) <= _LABELLED_YEARS
    amounts = [0.0, *chart.flows, *chart.cumulative]
    close = 0.07 * (max(amounts) - min(amounts))
    data: list[Any] = []
    for flow, passing in zip(chart.flows, chart.cumulative, strict=True):
        colour, side = (GAIN, "top") if flow >= 0 else (LOSS, "bottom")
        # Where the line passes just over the end of a bar, the number moves into the bar.
        over = passing - flow if flow >= 0 else flow - passing
        inside = 0.1 * close < over < close and abs(flow) > close
        data.append(
            {
                "value": flow / factor,
                "itemStyle": {"color": colour},
                "label": {
                    "show": labelled,
                    "formatter": said(short(flow / factor)),
                    "position": f"inside{side.capitalize()}" if inside else side,
                    "color": PAPER if inside else colour,
                    "textBorderWidth": 0 if inside else 3,
                },
            }
        )
    return {
        "type": "bar",
        "barMaxWidth": 34,
        "data": data,
        "label": {"fontSize": SMALL, "textBorderColor": PAPER},
        "z": 4,
    }


def _line(chart: CashFlowBars, factor: float) -> Option:
    last = len(chart.cumulative) - 1
    data: list[Any] = [
        {
            "value": amount / factor,
            "label": {"show": index == last, "formatter": said(short(amount / factor)), "position": "right"},
        }
        for index, amount in enumerate(chart.cumulative)
    ]
    return {
        "type": "line",
        "data": data,
        "symbol": "circle",
        "symbolSize": 6,
        "showAllSymbol": True,
        "lineStyle": {"color": ACCENT, "width": 2},
        "itemStyle": {"color": ACCENT},
        "label": {"fontSize": SMALL, "color": ACCENT, "textBorderColor": PAPER, "textBorderWidth": 3},
        "z": 5,
    }
