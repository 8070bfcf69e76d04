"""Charts of the workbook: Excel's own where it has them, coloured cells where it has not."""

from __future__ import annotations

from typing import Any

from openrecp.figures import show_unit
from openrecp.reports import look
from openrecp.reports.charts.plan import month_name
from openrecp.reports.charts.specs import (
    CashFlowBars,
    Chart,
    MonthPlan,
    RankedBars,
    ScreeningMatrix,
    Tornado,
    Words,
)
from openrecp.reports.pages import SetPicture
from openrecp.reports.wording import speak
from openrecp.reports.xlsx_sheets import BODY, HEADER, SMALL, Book, row_height
from openrecp.texts import format_number


def write_chart(book: Book, sheet: Any, picture: SetPicture, top: int) -> int:
    """Write a chart's numbers from row ``top`` and its picture beside or below; return the row after."""
    chart: Chart = picture.chart
    match chart:
        case RankedBars():
            return _ranked(book, sheet, chart, picture, top)
        case ScreeningMatrix():
            return _matrix(book, sheet, chart, top)
        case CashFlowBars():
            return _cash_flow(book, sheet, chart, picture, top)
        case Tornado():
            return _tornado(book, sheet, chart, picture, top)
        case MonthPlan():
            return _plan(book, sheet, chart, top)


def _say(book: Book, words: Words) -> str:
    return speak(words, book.page.language)


def _headers(book: Book, sheet: Any, top: int, headers: list[str], first: float = 36) -> None:
    for index, words in enumerate(headers):
        book.words(sheet, top, index, words, HEADER, align="left" if index == 0 else "right")
    sheet.set_row(top, row_height(headers, [first, *([15] * len(headers))]))
    sheet.set_column(0, 0, first)
    sheet.set_column(1, max(len(headers) - 1, 1), 15)


def _value(book: Book, sheet: Any, row: int, column: int, value: float | None) -> None:
    if value is None:
        missing = book.page.words["missing"]
        book.words(sheet, row, column, missing, BODY, font_color=look.CAUTION, align="right")
    else:
        book.number(sheet, (row, column), value, format_number(round(value, 2)), BODY)


def _with_unit(book: Book, words: Words, unit: str) -> str:
    shown = show_unit(unit, book.page.language)
    return f"{_say(book, words)}\n({shown})" if shown else _say(book, words)


def _place(sheet: Any, chart: Any, picture: SetPicture, at: tuple[int, int], rows: int) -> None:
    """Put a chart with its upper left corner in a cell, as tall as its rows need."""
    chart.set_title(
        {"name": picture.title[:250], "name_font": {"size": 12, "color": look.INK}, "overlay": False}
    )
    chart.set_size({"width": 720, "height": max(300, 60 + 26 * rows)})
    chart.set_chartarea({"border": {"none": True}})
    description = f"{picture.title}\n{picture.description}"
    sheet.insert_chart(*at, chart, {"description": description[:2000], "object_position": 2})


def _ranked(book: Book, sheet: Any, chart: RankedBars, picture: SetPicture, top: int) -> int:
    headers = ["", _with_unit(book, chart.value_label, chart.value_unit)]
    with_score = any(bar.score is not None for bar in chart.bars)
    _headers(book, sheet, top, [*headers, _say(book, chart.score_label)] if with_score else headers)
    for index, bar in enumerate(chart.bars, 1):
        book.words(sheet, top + index, 0, _say(book, bar.label), BODY)
        _value(book, sheet, top + index, 1, bar.value)
        if with_score:
            _value(book, sheet, top + index, 2, bar.score)
    last = top + len(chart.bars)
    if chart.bars:
        drawn = book.workbook.add_chart({"type": "bar"})
        points = [
            {"fill": {"color": look.ACCENT if bar.emphasis else look.NEUTRAL_BAR}} for bar in chart.bars
        ]
        drawn.add_series(
            {
                "categories": [sheet.name, top + 1, 0, last, 0],
                "values": [sheet.name, top + 1, 1, last, 1],
                "points": points,
                "gap": 60,
                "data_labels": {"value": True, "num_format": "#,##0"},
            }
        )
        drawn.set_y_axis({"reverse": True, "line": {"color": look.LINE}})
        drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        drawn.set_legend({"none": True})
        _place(sheet, drawn, picture, (top, 4), len(chart.bars))
    return last + 1


def _cash_flow(book: Book, sheet: Any, chart: CashFlowBars, picture: SetPicture, top: int) -> int:
    labels = [_with_unit(book, words, chart.unit) for words in (chart.flow_label, chart.cumulative_label)]
    _headers(book, sheet, top, [_say(book, chart.period_label), *labels], first=12)
    for index, period in enumerate(chart.periods, 1):
        book.number(sheet, (top + index, 0), period, "0", BODY, align="left")
        _value(book, sheet, top + index, 1, chart.flows[index - 1])
        _value(book, sheet, top + index, 2, chart.cumulative[index - 1])
    last = top + len(chart.periods)
    if chart.periods:
        years = [sheet.name, top + 1, 0, last, 0]
        drawn = book.workbook.add_chart({"type": "column"})
        drawn.add_series(
            {
                "name": _say(book, chart.flow_label),
                "categories": years,
                "values": [sheet.name, top + 1, 1, last, 1],
                "fill": {"color": look.GAIN},
                "invert_if_negative": True,
                "invert_if_negative_color": look.LOSS,
                "gap": 60,
            }
        )
        line = book.workbook.add_chart({"type": "line"})
        line.add_series(
            {
                "name": _say(book, chart.cumulative_label),
                "categories": years,
                "values": [sheet.name, top + 1, 2, last, 2],
                "line": {"color": look.ACCENT, "width": 2},
                "marker": {"type": "circle", "size": 5, "fill": {"color": look.ACCENT}},
            }
        )
        drawn.combine(line)
        drawn.set_x_axis({"label_position": "low", "name": _say(book, chart.period_label)})
        drawn.set_y_axis(
            {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": look.HAIR}}}
        )
        drawn.set_legend({"position": "bottom"})
        _place(sheet, drawn, picture, (top, 4), 12)
    return last + 1


def _tornado(book: Book, sheet: Any, chart: Tornado, picture: SetPicture, top: int) -> int:
    unit = _with_unit(book, chart.outcome_label, chart.unit)
    _headers(book, sheet, top, ["", f"– {unit}", f"+ {unit}", "–", "+"])
    for index, bar in enumerate(chart.bars, 1):
        book.words(sheet, top + index, 0, _say(book, bar.label), BODY)
        _value(book, sheet, top + index, 1, bar.low)
        _value(book, sheet, top + index, 2, bar.high)
        book.words(sheet, top + index, 3, _say(book, bar.low_input), BODY, align="right")
        book.words(sheet, top + index, 4, _say(book, bar.high_input), BODY, align="right")
    last = top + len(chart.bars)
    if chart.bars:
        drawn = book.workbook.add_chart({"type": "bar"})
        for column, colour in ((1, look.ACCENT_MID), (2, look.ACCENT)):
            drawn.add_series(
                {
                    "name": [sheet.name, top, column + 2],
                    "categories": [sheet.name, top + 1, 0, last, 0],
                    "values": [sheet.name, top + 1, column, last, column],
                    "fill": {"color": colour},
                    "gap": 60,
                    "overlap": 100,
                }
            )
        # Bars start where the other axis crosses: at the result with nothing changed.
        drawn.set_y_axis({"reverse": True, "label_position": "low"})
        drawn.set_x_axis(
            {"crossing": chart.base, "num_format": "#,##0", "major_gridlines": {"visible": False}}
        )
        drawn.set_legend({"position": "bottom"})
        _place(sheet, drawn, picture, (top, 6), len(chart.bars))
    return last + 1


def _matrix(book: Book, sheet: Any, chart: ScreeningMatrix, top: int) -> int:
    names = [
        _say(book, each.label) + ("" if each.weight is None else f"\n× {format_number(each.weight)}")
        for each in chart.criteria
    ]
    _headers(book, sheet, top, ["", *names, _say(book, chart.total_label)])
    count = len(chart.criteria)
    for index, each in enumerate(chart.rows, 1):
        book.words(sheet, top + index, 0, _say(book, each.label), BODY)
        for column in range(count):
            rating = each.ratings[column] if column < len(each.ratings) else None
            _value(book, sheet, top + index, column + 1, rating)
        if each.total is not None:
            book.number(
                sheet, (top + index, count + 1), each.total, format_number(each.total), BODY, bold=True
            )
        book.words(sheet, top + index, count + 2, "✓" if each.kept else "", {})
    last = top + len(chart.rows)
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
        sheet.conditional_format(top + 1, 1, last, count, scale)
    return last + 1


def _plan(book: Book, sheet: Any, chart: MonthPlan, top: int) -> int:
    months = max([chart.months, *(task.start + task.months - 1 for task in chart.tasks)], default=1)
    _headers(
        book,
        sheet,
        top,
        ["", "", *(month_name(chart.first, at, book.page.language).strip() for at in range(months))],
    )
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, months + 1, 6)
    for index, task in enumerate(chart.tasks, 1):
        book.words(sheet, top + index, 0, _say(book, task.label), BODY)
        book.words(sheet, top + index, 1, _say(book, task.owner), {**BODY, **SMALL})
        colour = look.LOSS if task.kind == "downtime" else look.ACCENT
        span = 1 if task.kind == "milestone" else task.months
        for month in range(task.start, task.start + span):
            sign = {"milestone": "◆", "downtime": "■", "work": "■"}[task.kind]
            ground = {} if task.kind == "milestone" else {"bg_color": colour}
            ink = look.INK if task.kind == "milestone" else colour
            book.words(sheet, top + index, month + 1, sign, BODY, align="center", font_color=ink, **ground)
    return top + len(chart.tasks) + 1
