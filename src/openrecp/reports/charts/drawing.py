"""From a chart's data to its picture: ECharts option, SVG for PDF and HTML, PNG for DOCX and XLSX."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final

import resvg_py

from openrecp.reports.charts.abatement import abatement_drawing
from openrecp.reports.charts.cashflow import cash_flow_drawing
from openrecp.reports.charts.engine import drawn
from openrecp.reports.charts.flow_diagram.drawing import flow_picture
from openrecp.reports.charts.flow_specs import FlowDiagram, SankeyDiagram
from openrecp.reports.charts.flows.picture import Finished
from openrecp.reports.charts.frame import SIZE, WIDTH, Drawing
from openrecp.reports.charts.matrix import matrix_drawing
from openrecp.reports.charts.plan import plan_drawing
from openrecp.reports.charts.ranked import ranked_drawing
from openrecp.reports.charts.sankey.drawing import sankey_picture
from openrecp.reports.charts.specs import (
    AbatementBlocks,
    CashFlowBars,
    Chart,
    MonthPlan,
    PlottedChart,
    RankedBars,
    ScreeningMatrix,
    SpreadBars,
    Tornado,
)
from openrecp.reports.charts.spread import spread_drawing
from openrecp.reports.charts.tornado import tornado_drawing
from openrecp.reports.fonts import drawable
from openrecp.reports.look import FONT_LIST, LATIN, PAPER, font_files
from openrecp.reports.wording import printable
from openrecp.texts import Language

# What ECharts adds for a mouse; paper has none, and hover rules would collide between pictures. Its
# clipping cuts nothing of ours and makes every picture be drawn on a second layer.
_NOT_FOR_PAPER: Final = re.compile(
    r"<style\s*>.*?</style>\s*|<defs\s*>\s*<clipPath.*?</defs>\s*"
    r"| class=\"zr-cls-\d+\"| pointer-events=\"\w+\"| ecmeta_\w+=\"[^\"]*\"| clip-path=\"[^\"]*\"",
    re.DOTALL,
)
_COLUMN: Final = 162.0
_TALLEST: Final = 222.0
_MOST_PIXELS: Final = 3000
_OPENING: Final = re.compile(r"<svg\b[^>]*>")


def chart_drawing(chart: PlottedChart, language: Language) -> Drawing:
    """The ECharts option of a chart and its size; pages draw the same option interactively."""
    match chart:
        case RankedBars():
            return ranked_drawing(chart, language)
        case ScreeningMatrix():
            return matrix_drawing(chart, language)
        case CashFlowBars():
            return cash_flow_drawing(chart, language)
        case Tornado():
            return tornado_drawing(chart, language)
        case SpreadBars():
            return spread_drawing(chart, language)
        case AbatementBlocks():
            return abatement_drawing(chart, language)
        case MonthPlan():
            return plan_drawing(chart, language)


@lru_cache(maxsize=64)
def chart_svg(chart: Chart, language: Language, title: str, description: str, name: str = "chart") -> str:
    """The chart as a whole SVG document.

    Parameters
    ----------
    title, description : str
        For readers who cannot see it; become ``<title>`` and ``<desc>``.
    name : str
        Prefix of the ids in it, so that several may stand in one page.
    """
    if isinstance(chart, SankeyDiagram | FlowDiagram):
        own = _own_picture(chart, language, name)
        return f"{_opening(own.width, own.height, title, description, name)}{own.body}</svg>"
    drawing = chart_drawing(chart, language)
    svg = _NOT_FOR_PAPER.sub("", printable(drawn(drawing.option, drawing.width, drawing.height)))
    svg = re.sub(r"\bzr-", f"{name}-", svg)
    opening = _opening(drawing.width, drawing.height, title, description, name)
    return _OPENING.sub(lambda _: opening, svg, count=1)


def _own_picture(chart: SankeyDiagram | FlowDiagram, language: Language, name: str) -> Finished:
    if isinstance(chart, SankeyDiagram):
        return sankey_picture(chart, language, name)
    return flow_picture(chart, language)


def _opening(width: int, height: int, title: str, description: str, name: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-size="{SIZE}" font-family="{FONT_LIST}" role="img" aria-labelledby="{name}-title {name}-desc">\n'
        f'<title id="{name}-title">{escape(printable(title))}</title>\n<desc id="{name}-desc">{escape(printable(description))}</desc>'
    )


def write_svg(
    chart: Chart, path: str | os.PathLike[str], language: Language, title: str, description: str
) -> None:
    """Write a chart as an SVG file that stands by itself.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    Path(path).write_text(chart_svg(chart, language, title, description) + "\n", encoding="utf-8")


def chart_size(chart: Chart, language: Language) -> tuple[int, int]:
    """Width and height of a chart [px]."""
    if isinstance(chart, SankeyDiagram | FlowDiagram):
        own = _own_picture(chart, language, "chart")
        return own.width, own.height
    drawing = chart_drawing(chart, language)
    return drawing.width, drawing.height


def printed_width(chart: Chart, language: Language) -> float:
    """Width of a chart on an A4 page [mm]: the whole column, unless it would then be taller than the page.

    A small picture of a balance is not blown up: its words are as large as those of other charts.
    """
    width, height = chart_size(chart, language)
    broadest = _COLUMN * min(width / WIDTH, 1.0)
    return min(broadest, _TALLEST * width / height)


def paper_zoom(width: int) -> float:
    """Zoom of a chart for paper: 175 dots per inch or more, but no picture of more pixels than paper can show."""
    return min(1.75, max(1.0, _MOST_PIXELS / width))


def svg_png(svg: str, zoom: float = 1.75) -> bytes:
    """An SVG as PNG on white, with the vendored fonts only; a full-width chart comes out at 175 dots per inch."""
    return resvg_py.svg_to_bytes(
        svg_string=drawable(svg),
        zoom=zoom,
        background=PAPER,
        skip_system_fonts=True,
        font_files=[str(path) for path in font_files()],
        font_family=LATIN,
    )
