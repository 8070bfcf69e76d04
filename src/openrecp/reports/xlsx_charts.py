"""Charts of the workbook: Excel's own where it has them, coloured cells where it has not."""

from __future__ import annotations

import math
from io import BytesIO
from typing import Any, Final

from openrecp.figures import show_unit
from openrecp.reports import look
from openrecp.reports.charts.drawing import chart_size, chart_svg, paper_zoom, svg_png
from openrecp.reports.charts.flow_specs import FlowDiagram, SankeyDiagram
from openrecp.reports.charts.plan import month_name
from openrecp.reports.charts.specs import (
    AbatementBlocks,
    CashFlowBars,
    Chart,
    MonthPlan,
    RankedBars,
    ScreeningMatrix,
    SpreadBars,
    Tornado,
    Words,
)
from openrecp.reports.pages import SetPicture
from openrecp.reports.wording import speak
from openrecp.reports.xlsx_leaf import ABREAST, REST, Leaf
from openrecp.reports.xlsx_sheets import BODY, HEADER, PLAIN, SMALL, number_format, row_height
from openrecp.texts import format_number

# A sheet's row of ordinary height [px]; size of a chart, and the columns that its numbers take.
_ROW_PIXELS: Final = 20
_CHART_WIDTH: Final = 620
_LEAST_HEIGHT: Final = 260
_CHART_COLUMNS: Final = 7
_IMAGE_WIDTH: Final = 1000
_BESIDE_THREE: Final = 4
_BESIDE_FIVE: Final = 6


def write_chart(leaf: Leaf, picture: SetPicture) -> None:
    """Write a picture: its numbers, and beside them the chart that Excel draws from them."""
    chart: Chart = picture.chart
    tall = _LEAST_HEIGHT * 0.75
    leaf.caption(picture.label, picture.title, tall)
    match chart:
        case RankedBars():
            _ranked(leaf, chart, picture)
        case ScreeningMatrix():
            _matrix(leaf, chart)
        case CashFlowBars():
            _cash_flow(leaf, chart, picture)
        case Tornado():
            _tornado(leaf, chart, picture)
        case SpreadBars():
            _spread(leaf, chart, picture)
        case AbatementBlocks():
            _abatement(leaf, chart, picture)
        case MonthPlan():
            _plan(leaf, chart)
        case SankeyDiagram() | FlowDiagram():
            _image(leaf, picture)
    for note in picture.notes:
        leaf.line(note, SMALL)


def columns_of(chart: Chart) -> int:
    """How many columns of a sheet a picture takes, the chart beside its numbers."""
    match chart:
        case RankedBars() | CashFlowBars() | SpreadBars() | AbatementBlocks():
            return _BESIDE_THREE + _CHART_COLUMNS
        case Tornado():
            return _BESIDE_FIVE + _CHART_COLUMNS
        case ScreeningMatrix():
            return len(chart.criteria) + 3
        case MonthPlan():
            return 1
        case SankeyDiagram() | FlowDiagram():
            return ABREAST


def _say(leaf: Leaf, words: Words) -> str:
    return speak(words, leaf.book.page.language)


def _headers(leaf: Leaf, headers: list[str], first: str = "left") -> int:
    """Write the headers of the numbers; return their row."""
    for index, words in enumerate(headers):
        leaf.book.words(leaf.sheet, leaf.at, index, words, HEADER, align=first if index == 0 else "right")
    leaf.row(row_height(headers, [leaf.first, *([REST] * len(headers))]))
    return leaf.at - 1


def _value(leaf: Leaf, column: int, value: float | None, **more: Any) -> None:
    if value is None:
        missing = leaf.book.page.words["missing"]
        leaf.book.words(leaf.sheet, leaf.at, column, missing, BODY, font_color=look.CAUTION, align="right")
    else:
        form = number_format(format_number(value, 0) if abs(value) >= 100 else format_number(round(value, 2)))
        leaf.book.number(leaf.sheet, (leaf.at, column), value, form, BODY, **more)


def _with_unit(leaf: Leaf, words: Words, unit: str) -> str:
    shown = show_unit(unit, leaf.book.page.language)
    return f"{_say(leaf, words)}\n({shown})" if shown else _say(leaf, words)


def _place(leaf: Leaf, chart: Any, picture: SetPicture, at: tuple[int, int], rows: int) -> None:
    """Put a chart with its upper left corner in a cell, and go on below it."""
    height = max(_LEAST_HEIGHT, 60 + 26 * rows)
    # The caption above says what the chart shows.
    chart.set_title({"none": True})
    chart.set_size({"width": _CHART_WIDTH, "height": height})
    chart.set_chartarea({"border": {"none": True}})
    description = f"{picture.title}\n{picture.description}"
    options = {"description": description[:2000], "object_position": 2}
    leaf.sheet.insert_chart(*at, chart, options)
    # No row is lower than an ordinary one, so the chart ends above the row that comes next.
    for _ in range(leaf.at, at[0] + math.ceil(height / _ROW_PIXELS) + 1):
        leaf.row()


def _ranked(leaf: Leaf, chart: RankedBars, picture: SetPicture) -> None:
    headers = ["", _with_unit(leaf, chart.value_label, chart.value_unit)]
    with_score = any(bar.score is not None for bar in chart.bars)
    top = _headers(leaf, [*headers, _say(leaf, chart.score_label)] if with_score else headers)
    for bar in chart.bars:
        label = _say(leaf, bar.label)
        leaf.book.words(leaf.sheet, leaf.at, 0, label, BODY)
        _value(leaf, 1, bar.value)
        if with_score:
            _value(leaf, 2, bar.score)
        leaf.row(row_height([label], [leaf.first]))
    if not chart.bars:
        return
    sheet, last = leaf.name, leaf.at - 1
    drawn = leaf.book.workbook.add_chart({"type": "bar"})
    points = [{"fill": {"color": look.ACCENT if bar.emphasis else look.NEUTRAL_BAR}} for bar in chart.bars]
    drawn.add_series(
        {
            "name": _say(leaf, chart.value_label),
            "categories": [sheet, top + 1, 0, last, 0],
            "values": [sheet, top + 1, 1, last, 1],
            "points": points,
            "gap": 60,
            "data_labels": {"value": True, "num_format": "#,##0"},
        }
    )
    drawn.set_y_axis({"reverse": True, "line": {"color": look.LINE}})
    drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    drawn.set_legend({"none": True})
    _place(leaf, drawn, picture, (top, _BESIDE_THREE), len(chart.bars))


def _cash_flow(leaf: Leaf, chart: CashFlowBars, picture: SetPicture) -> None:
    labels = [_with_unit(leaf, words, chart.unit) for words in (chart.flow_label, chart.cumulative_label)]
    top = _headers(leaf, [_say(leaf, chart.period_label), *labels])
    for index, period in enumerate(chart.periods):
        leaf.book.number(leaf.sheet, (leaf.at, 0), period, "0", BODY, align="left")
        _value(leaf, 1, round(chart.flows[index], 2))
        _value(leaf, 2, round(chart.cumulative[index], 2))
        leaf.row()
    if not chart.periods:
        return
    sheet, last = leaf.name, leaf.at - 1
    years = [sheet, top + 1, 0, last, 0]
    drawn = leaf.book.workbook.add_chart({"type": "column"})
    drawn.add_series(
        {
            "name": _say(leaf, chart.flow_label),
            "categories": years,
            "values": [sheet, top + 1, 1, last, 1],
            "fill": {"color": look.GAIN},
            "invert_if_negative": True,
            "invert_if_negative_color": look.LOSS,
            "gap": 60,
        }
    )
    line = leaf.book.workbook.add_chart({"type": "line"})
    line.add_series(
        {
            "name": _say(leaf, chart.cumulative_label),
            "categories": years,
            "values": [sheet, top + 1, 2, last, 2],
            "line": {"color": look.ACCENT, "width": 2},
            "marker": {"type": "circle", "size": 5, "fill": {"color": look.ACCENT}},
        }
    )
    drawn.combine(line)
    drawn.set_x_axis({"label_position": "low", "name": _say(leaf, chart.period_label)})
    unit = show_unit(chart.unit, leaf.book.page.language)
    grid = {"visible": True, "line": {"color": look.HAIR}}
    drawn.set_y_axis({"num_format": "#,##0", "major_gridlines": grid, "name": unit})
    drawn.set_legend({"position": "bottom"})
    _place(leaf, drawn, picture, (top, _BESIDE_THREE), 9)


def _tornado(leaf: Leaf, chart: Tornado, picture: SetPicture) -> None:
    unit = _with_unit(leaf, chart.outcome_label, chart.unit)
    low, high = (leaf.book.page.words[name] for name in ("low", "high"))
    top = _headers(leaf, ["", low, high, f"{low}:\n{unit}", f"{high}:\n{unit}"])
    for bar in chart.bars:
        label, *inputs = (_say(leaf, words) for words in (bar.label, bar.low_input, bar.high_input))
        leaf.book.words(leaf.sheet, leaf.at, 0, label, BODY)
        for column, words in enumerate(inputs, 1):
            leaf.book.words(leaf.sheet, leaf.at, column, words, BODY, align="right")
        _value(leaf, 3, round(bar.low, 2))
        _value(leaf, 4, round(bar.high, 2))
        leaf.row(row_height([label, *inputs], [leaf.first, REST, REST]))
    if not chart.bars:
        return
    sheet, last = leaf.name, leaf.at - 1
    drawn = leaf.book.workbook.add_chart({"type": "bar"})
    for column, name, colour in ((3, low, look.ACCENT_MID), (4, high, look.ACCENT)):
        drawn.add_series(
            {
                "name": name,
                "categories": [sheet, top + 1, 0, last, 0],
                "values": [sheet, top + 1, column, last, column],
                "fill": {"color": colour},
                "gap": 60,
                "overlap": 100,
            }
        )
    # Bars start where the other axis crosses: at the result with nothing changed.
    drawn.set_y_axis({"reverse": True, "label_position": "low"})
    drawn.set_x_axis(
        {
            "crossing": chart.base,
            "num_format": "#,##0",
            "major_gridlines": {"visible": False},
            "name": unit.replace("\n", " "),
        }
    )
    drawn.set_legend({"position": "bottom"})
    _place(leaf, drawn, picture, (top, _BESIDE_FIVE), len(chart.bars))


def _spread(leaf: Leaf, chart: SpreadBars, picture: SetPicture) -> None:
    """The classes from and to, and the share of the draws in each."""
    outcome = _with_unit(leaf, chart.outcome_label, chart.unit)
    low, high = (leaf.book.page.words[name] for name in ("low", "high"))
    share = f"{_say(leaf, chart.share_label)}\n(%)"
    top = _headers(leaf, [f"{low}: {outcome}", f"{high}: {outcome}", share], "right")
    points = []
    for start, end, part in zip(chart.edges, chart.edges[1:], chart.shares, strict=False):
        _value(leaf, 0, start)
        _value(leaf, 1, end)
        _value(leaf, 2, part)
        points.append({"fill": {"color": look.LOSS if end <= 0 else look.GAIN}})
        leaf.row()
    if not points:
        return
    sheet, last = leaf.name, leaf.at - 1
    drawn = leaf.book.workbook.add_chart({"type": "column"})
    drawn.add_series(
        {
            "name": _say(leaf, chart.share_label),
            "categories": [sheet, top + 1, 0, last, 0],
            "values": [sheet, top + 1, 2, last, 2],
            "points": points,
            "gap": 4,
        }
    )
    drawn.set_x_axis({"label_position": "low", "name": outcome.replace("\n", " "), "num_format": "#,##0"})
    drawn.set_y_axis({"name": "%", "major_gridlines": {"visible": True, "line": {"color": look.HAIR}}})
    drawn.set_legend({"none": True})
    _place(leaf, drawn, picture, (top, _BESIDE_THREE), 9)


def _abatement(leaf: Leaf, chart: AbatementBlocks, picture: SetPicture) -> None:
    """Cost of a unit by option as bars; Excel has no bars of different widths, so the widths are a column."""
    cost = _with_unit(leaf, chart.cost_label, chart.cost_unit)
    top = _headers(leaf, ["", _with_unit(leaf, chart.avoided_label, chart.avoided_unit), cost])
    for block in chart.blocks:
        label = _say(leaf, block.label)
        leaf.book.words(leaf.sheet, leaf.at, 0, label, BODY)
        _value(leaf, 1, block.avoided)
        _value(leaf, 2, block.cost)
        leaf.row(row_height([label], [leaf.first]))
    if not chart.blocks:
        return
    sheet, last = leaf.name, leaf.at - 1
    drawn = leaf.book.workbook.add_chart({"type": "bar"})
    drawn.add_series(
        {
            "name": _say(leaf, chart.cost_label),
            "categories": [sheet, top + 1, 0, last, 0],
            "values": [sheet, top + 1, 2, last, 2],
            "points": [
                {"fill": {"color": look.GAIN if block.cost < 0 else look.LOSS}} for block in chart.blocks
            ],
            "gap": 40,
        }
    )
    drawn.set_y_axis({"reverse": True, "label_position": "low"})
    drawn.set_x_axis({"num_format": "#,##0", "name": cost.replace("\n", " ")})
    drawn.set_legend({"none": True})
    _place(leaf, drawn, picture, (top, _BESIDE_THREE), len(chart.blocks))


def _matrix(leaf: Leaf, chart: ScreeningMatrix) -> None:
    names = [
        _say(leaf, each.label) + ("" if each.weight is None else f"\n× {format_number(each.weight)}")
        for each in chart.criteria
    ]
    marked = any(each.kept for each in chart.rows)
    top, count = _headers(leaf, ["", *names, _say(leaf, chart.total_label)]), len(chart.criteria)
    for each in chart.rows:
        label = _say(leaf, each.label)
        leaf.book.words(leaf.sheet, leaf.at, 0, label, BODY)
        for column in range(count):
            rating = each.ratings[column] if column < len(each.ratings) else None
            _value(leaf, column + 1, rating, align="center")
        if each.total is not None:
            _value(leaf, count + 1, each.total, bold=True)
        if marked:
            leaf.book.words(leaf.sheet, leaf.at, count + 2, "✓" if each.kept else "", PLAIN)
        leaf.row(row_height([label], [leaf.first]))
    if chart.rows and count:
        scale = {
            "type": "2_color_scale",
            "min_type": "num",
            "max_type": "num",
            "min_value": chart.low,
            "max_value": chart.high,
            "min_color": "#FFFFFF",
            "max_color": look.ACCENT_MID,
        }
        leaf.sheet.conditional_format(top + 1, 1, leaf.at - 1, count, scale)


def _image(leaf: Leaf, picture: SetPicture) -> None:
    """A picture that Excel cannot draw, and the table behind it."""
    language = leaf.book.page.language
    width, height = chart_size(picture.chart, language)
    svg = chart_svg(picture.chart, language, picture.title, picture.description, picture.id)
    zoom = paper_zoom(width)
    # The image is shown in the size it was drawn for, but no wider than the sheet's columns.
    shown = min(1.0, _IMAGE_WIDTH / width)
    options = {
        "image_data": BytesIO(svg_png(svg, zoom)),
        "description": f"{picture.title}\n{picture.description}"[:2000],
        "object_position": 2,
        "x_scale": shown / zoom,
        "y_scale": shown / zoom,
    }
    leaf.sheet.insert_image(leaf.at, 0, f"{picture.id}.png", options)
    for _ in range(math.ceil(height * shown / _ROW_PIXELS) + 1):
        leaf.row()
    if picture.data is not None:
        leaf.table(picture.data)


def _plan(leaf: Leaf, chart: MonthPlan) -> None:
    """Coloured cells, one column a month; the sheet is the plan's own."""
    months = max([chart.months, *(task.start + task.months - 1 for task in chart.tasks)], default=1)
    language = leaf.book.page.language
    names = [month_name(chart.first, at, language).strip() for at in range(months)]
    _headers(leaf, ["", leaf.book.page.words["who"], *names])
    leaf.sheet.set_column(0, 0, 44)
    leaf.sheet.set_column(1, 1, 22)
    leaf.sheet.set_column(2, months + 1, 7)
    leaf.columns = months + 2
    for task in chart.tasks:
        label, owner = _say(leaf, task.label), _say(leaf, task.owner)
        leaf.book.words(leaf.sheet, leaf.at, 0, label, BODY)
        leaf.book.words(leaf.sheet, leaf.at, 1, owner, BODY)
        colour = look.LOSS if task.kind == "downtime" else look.ACCENT
        span = 1 if task.kind == "milestone" else task.months
        for month in range(1, months + 1):
            here = task.start <= month < task.start + span
            sign = {"milestone": "◆", "downtime": "■", "work": "■"}[task.kind] if here else ""
            filled = here and task.kind != "milestone"
            more = {"bg_color": colour} if filled else {}
            ink = colour if filled else look.INK
            leaf.book.words(
                leaf.sheet, leaf.at, month + 1, sign, BODY, align="center", font_color=ink, **more
            )
        leaf.row(row_height([label, owner], [44, 22]))
