"""Writes a report as a workbook: a summary, a sheet a table and picture, and every figure with its inputs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from openrecp.figures import show_unit
from openrecp.reports.blocks import Report
from openrecp.reports.charts.specs import MonthPlan
from openrecp.reports.logo import read_logo
from openrecp.reports.pages import (
    SetBullets,
    SetCallout,
    SetCards,
    SetParagraph,
    SetPicture,
    SetReport,
    SetSection,
    SetSteps,
    SetTable,
)
from openrecp.reports.provenance import each_once, figures_of, source_words
from openrecp.reports.typesetting import set_report
from openrecp.reports.wording import speak
from openrecp.reports.xlsx_charts import write_chart
from openrecp.reports.xlsx_sheets import (
    BODY,
    HEADER,
    HEADING,
    LABEL,
    PLAIN,
    SMALL,
    STRONG,
    TITLE,
    Book,
    column_widths,
    is_number,
    row_height,
    write_table,
)
from openrecp.texts import format_number, format_significant, render, text

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_SUMMARY_WIDTHS: Final = (34, 18, 14, 16, 44)


def write_xlsx(report: Report) -> bytes:
    """The report as XLSX; running text stays in the other formats, numbers come with full precision.

    Raises
    ------
    UnusableInput
        If the logo is no picture.
    """
    page = set_report(report)
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream, _OPTIONS)
    made = datetime.combine(report.day, time()) if report.day else None
    properties = {"title": page.title, "subject": page.plant, "author": page.firm, "company": page.firm}
    workbook.set_properties({**properties, **({"created": made} if made else {})})
    book = Book(workbook, page)
    summary = book.sheet(render(text("Summary"), page.language))
    places = [place for section in page.sections for place in _section(book, section)]
    places.append(_figures(book, report))
    _summary(book, summary, places)
    workbook.close()
    return stream.getvalue()


def _section(book: Book, section: SetSection) -> Iterator[tuple[str, str]]:
    """Write the tables and pictures of a section; yield what each is and the name of its sheet."""
    for block in section.blocks:
        if isinstance(block, SetTable):
            sheet = book.sheet(f"{block.label} {block.title}", wide=len(block.columns) > 6)
            _title(book, sheet, f"{block.label}  {block.title}", section.full_heading)
            for index, width in enumerate(column_widths(block.columns)):
                sheet.set_column(index, index, width)
            write_table(book, sheet, block, 3)
            sheet.freeze_panes(4, 1)
            sheet.repeat_rows(3)
            yield f"{block.label}  {block.title}", sheet.name
        elif isinstance(block, SetPicture):
            sheet = book.sheet(f"{block.label} {block.title}", wide=True)
            _title(book, sheet, f"{block.label}  {block.title}", section.full_heading)
            _picture(book, sheet, block)
            sheet.freeze_panes(4, 0)
            yield f"{block.label}  {block.title}", sheet.name
            if block.data is not None and isinstance(block.chart, MonthPlan):
                yield _data_sheet(book, block, block.data)


def _title(book: Book, sheet: Any, title: str, section: str) -> None:
    book.words(sheet, 0, 0, title, {**TITLE, "font_size": 14})
    book.words(sheet, 1, 0, section, {**SMALL, "text_wrap": False})
    sheet.set_row(0, 24)


def _picture(book: Book, sheet: Any, block: SetPicture) -> None:
    if block.data is not None:
        sheet.set_column(1, max(len(block.data.columns) - 1, 1), 15)
    at = write_chart(book, sheet, block, 3)
    for words in (block.description, *block.notes):
        if words:
            book.note(sheet, at, words, (36, 15, 15))
            at += 1
    if block.data is not None and not isinstance(block.chart, MonthPlan):
        # Below the chart, which stands beside the numbers and may reach further down.
        at = max(at + 2, 26)
        book.words(sheet, at, 0, book.page.words["data"], {**HEADING, "text_wrap": False})
        write_table(book, sheet, block.data, at + 1)


def _data_sheet(book: Book, block: SetPicture, data: SetTable) -> tuple[str, str]:
    """The data behind a plan on a sheet of its own: the columns of months are too narrow for it."""
    title = f"{block.label}  {book.page.words['data']}"
    sheet = book.sheet(title, wide=len(data.columns) > 6)
    _title(book, sheet, title, block.title)
    for index, width in enumerate(column_widths(data.columns)):
        sheet.set_column(index, index, width)
    write_table(book, sheet, data, 3)
    sheet.freeze_panes(4, 1)
    return title, sheet.name


def _summary(book: Book, sheet: Any, places: list[tuple[str, str]]) -> None:
    page = book.page
    for column, width in enumerate(_SUMMARY_WIDTHS):
        sheet.set_column(column, column, width)
    logo = read_logo(page.logo)
    if logo is not None:
        picture = logo.raster()
        options = {"image_data": BytesIO(picture.data), "description": page.firm or page.title}
        sheet.insert_image(
            0, 4, f"logo.{picture.kind}", {**options, "object_position": 2} | _fitting(picture.data)
        )
    book.words(sheet, 0, 0, page.title, {**TITLE, "text_wrap": False})
    sheet.set_row(0, 30)
    at = 1
    for words in (page.subtitle, page.mark):
        if words:
            book.words(sheet, at, 0, words, {**SMALL, "text_wrap": False})
            at += 1
    for label, value in (
        (page.words["prepared_for"], page.plant),
        (page.words["prepared_by"], page.firm),
        (page.words["date"], page.day),
        *page.details,
    ):
        if value:
            book.words(sheet, at, 0, label, LABEL)
            book.words(sheet, at, 1, value, {**STRONG, "text_wrap": False})
            at += 1
    at = _findings(book, sheet, page, at + 1)
    book.words(sheet, at + 1, 0, page.words["contents"], HEADING)
    for number, (words, name) in enumerate(places, at + 2):
        link = f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1"
        style = book.style({"font_color": "#0B5A60", "underline": 1})
        sheet.write_url(number, 0, link, style, words[:250])


def _fitting(data: bytes) -> dict[str, float]:
    """Scale of a logo for a place about 60 px high, as far as its size can be read."""
    if data[:4] == b"\x89PNG":
        height = int.from_bytes(data[20:24], "big")
        return {"x_scale": 60 / height, "y_scale": 60 / height} if height else {}
    return {"x_scale": 0.25, "y_scale": 0.25}


def _findings(book: Book, sheet: Any, page: SetReport, at: int) -> int:
    """Key figures, remarks and steps of the whole report, in reading order."""
    for section in page.sections:
        for block in section.blocks:
            match block:
                case SetCards():
                    at = _cards(book, sheet, block, at)
                case SetCallout():
                    book.words(sheet, at, 0, block.heading, STRONG)
                    words = "\n".join(_lines(block))
                    sheet.merge_range(at, 1, at, 4, "", book.style(PLAIN))
                    book.words(sheet, at, 1, words)
                    sheet.set_row(at, row_height((words,), (sum(_SUMMARY_WIDTHS[1:]),)))
                    at += 1
                case SetSteps():
                    at = _steps(book, sheet, block, at)
                case _:
                    continue
    return at


def _lines(block: SetCallout) -> Iterator[str]:
    for each in block.blocks:
        match each:
            case SetParagraph():
                yield each.words
            case SetBullets():
                yield from (f"• {item.words}" for item in each.items)


def _cards(book: Book, sheet: Any, block: SetCards, at: int) -> int:
    for card in block.cards:
        book.words(sheet, at, 0, card.label, BODY)
        figure = card.figure
        if figure is not None and is_number(figure.value):
            value = float(figure.value if figure.value is not None else 0)
            book.number(sheet, (at, 1), value, card.words, BODY, bold=True)
        else:
            book.words(sheet, at, 1, card.words, BODY, bold=True, align="right")
        book.words(sheet, at, 2, card.unit, BODY)
        book.words(sheet, at, 3, card.basis, BODY)
        book.words(sheet, at, 4, card.note, BODY)
        sheet.set_row(at, row_height((card.label, "", card.unit, card.basis, card.note), _SUMMARY_WIDTHS))
        at += 1
    return at + 1


def _steps(book: Book, sheet: Any, block: SetSteps, at: int) -> int:
    for number, step in enumerate(block.steps, 1):
        book.words(sheet, at, 0, f"{number}. {step.action}", {**BODY, "bold": True})
        book.words(sheet, at, 1, step.who, BODY)
        book.words(sheet, at, 2, step.when, BODY)
        book.words(sheet, at, 3, "", BODY)
        book.words(sheet, at, 4, step.detail, BODY)
        sheet.set_row(
            at,
            row_height((f"{number}. {step.action}", step.who, step.when, "", step.detail), _SUMMARY_WIDTHS),
        )
        at += 1
    return at + 1


def _figures(book: Book, report: Report) -> tuple[str, str]:
    """The sheet of all figures and what they were made from."""
    page = book.page
    language = page.language
    title = render(text("All figures and their inputs"), language)
    sheet = book.sheet(title, wide=True)
    _title(book, sheet, title, "")
    headers = (text("Figure"), text("Value"), text("Unit"), text("Basis"), text("Formula"), text("Source"))
    widths = (38, 16, 14, 20, 52, 40)
    for index, (header, width) in enumerate(zip(headers, widths, strict=True)):
        book.words(sheet, 3, index, render(header, language), HEADER, align="right" if index == 1 else "left")
        sheet.set_column(index, index, width)
    at = 4
    for figure in each_once(figures_of(report)):
        book.words(sheet, at, 0, speak(figure.name, language), BODY)
        if is_number(figure.value):
            value = figure.value if figure.value is not None else 0
            shown = format_number(value) if isinstance(value, int) else format_significant(value, 4)
            book.number(sheet, (at, 1), float(value), shown, BODY)
        else:
            book.words(sheet, at, 1, speak(figure.reason, language) or page.words["missing"], BODY)
        rest = (
            show_unit(figure.unit, language),
            render(figure.basis, language),
            speak(figure.formula, language),
            speak(source_words(figure, language), language),
        )
        for column, words in enumerate(rest, 2):
            book.words(sheet, at, column, words, BODY)
        sheet.set_row(at, row_height((speak(figure.name, language), "", *rest), widths))
        at += 1
    sheet.freeze_panes(4, 1)
    sheet.repeat_rows(3)
    sheet.autofilter(3, 0, max(at - 1, 4), len(headers) - 1)
    return title, sheet.name
