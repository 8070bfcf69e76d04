"""Abatement curve: how much each option avoids, and what a unit of it costs, cheapest first."""

from __future__ import annotations

from typing import Final

from openrecp.reports.charts.frame import Drawing, area, frame, heading, value_axis
from openrecp.reports.charts.labels import scale_of, scaled_unit, wrapped
from openrecp.reports.charts.specs import AbatementBlocks
from openrecp.reports.charts.steps import number_axis, step
from openrecp.reports.look import GAIN, LOSS, MUTED
from openrecp.reports.wording import speak
from openrecp.texts import Language

_HEIGHT: Final = 340
_LEFT: Final = 70
_ROOM: Final = 640 - 70 - 30
_LABEL: Final = 110


def abatement_drawing(chart: AbatementBlocks, language: Language) -> Drawing:
    """The option for an abatement curve; what saves money hangs below the line, in the colour of gains."""
    costs, cost_scale = scale_of(max((abs(block.cost) for block in chart.blocks), default=0))
    widths, width_scale = scale_of(sum(block.avoided for block in chart.blocks))
    cost_unit = scaled_unit(cost_scale, chart.cost_unit, language)
    width_unit = scaled_unit(width_scale, chart.avoided_unit, language)
    series, at = [], 0.0
    whole = sum(block.avoided for block in chart.blocks) / widths or 1.0
    for block in chart.blocks:
        end = at + block.avoided / widths
        room = (end - at) / whole * _ROOM
        words = speak(block.label, language)
        label = wrapped(words, min(max(room - 4, 22), _LABEL), 11, 2)
        colour = GAIN if block.cost < 0 else (LOSS if block.cost > 0 else MUTED)
        series.append(step(at, end, block.cost / costs, colour, label))
        at = end
    option = frame(
        title=[heading(f"{speak(chart.cost_label, language)} ({cost_unit})", _LEFT, 8)],
        grid=[area(_LEFT, 54, 30, 66)],
        xAxis=[number_axis(f"{speak(chart.avoided_label, language)} ({width_unit})", 0, whole, nameGap=44)],
        yAxis=[value_axis(boundaryGap=["10%", "10%"])],
        series=series,
    )
    return Drawing(option, _HEIGHT)
