"""Writes a report as a workbook: a summary, a sheet a section, and every figure with its inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time
from io import BytesIO
from typing import Final

import xlsxwriter

from openrecp.figures import Figure, show, show_unit
from openrecp.reports.blocks import Report
from openrecp.reports.charts.specs import MonthPlan
from openrecp.reports.logo import read_logo
from openrecp.reports.pages import (
    SetBlock,
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
from openrecp.reports.wording import printable, settled, speak
from openrecp.reports.xlsx_charts import columns_of, write_chart
from openrecp.reports.xlsx_leaf import ABREAST, FIRST, Leaf, address, first_width
from openrecp.reports.xlsx_sheets import (
    BODY,
    CALLOUT,
    CALLOUT_HEADING,
    HEADER,
    LABEL,
    LEAD,
    LINK,
    PLAIN,
    SMALL,
    STRONG,
    Book,
    is_number,
    number_format,
    row_height,
)
from openrecp.texts import format_number, format_significant, render, text

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FIGURE_WIDTHS: Final = (34.0, 14.0, 12.0, 14.0, 36.0, 44.0, 34.0)


@dataclass(frozen=True, slots=True)
class _Chapter:
    """What stands on one sheet: a section with all below it, or a part of an appendix."""

    title: str
    sections: tuple[SetSection, ...]


def write_xlsx(report: Report) -> bytes:
    """The report as XLSX: the words of the other formats, native charts, numbers with full precision.

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
    chapters = list(_chapters(page))
    # What opens the report without a number is its summary.
    opening = chapters.pop(0) if chapters and not chapters[0].sections[0].number else _Chapter("", ())
    summary = Leaf(book, render(text("Summary"), page.language), page.title)
    _cover(summary, page)
    _blocks(summary, opening, summary.name)
    places = [place for each in chapters for place in _sheet(book, each, summary.name)]
    places.append(_figures(book, report, summary.name))
    _contents(summary, places)
    summary.finish()
    workbook.close()
    return stream.getvalue()


def _chapters(page: SetReport) -> Iterator[_Chapter]:
    """Sections of the first level with all below them; parts of an appendix each by itself."""
    pending: list[SetSection] = []
    for section in page.sections:
        # What opens an appendix goes with its first part.
        opens = section.level == 1 or (section.appendix and section.level == 2 and _says_more(pending))
        if opens and pending:
            yield _chapter(pending)
            pending = []
        pending.append(section)
    if pending:
        yield _chapter(pending)


def _says_more(pending: list[SetSection]) -> bool:
    return any(section.level > 1 for section in pending)


def _chapter(sections: list[SetSection]) -> _Chapter:
    first, *below = sections
    if first.appendix and first.level == 1 and below:
        opening = tuple(replace(each, blocks=first.blocks + each.blocks) for each in below[:1])
        return _Chapter(below[0].full_heading, (*opening, *below[1:]))
    return _Chapter(first.full_heading, tuple(sections))


def _sheet(book: Book, chapter: _Chapter, summary: str) -> Iterator[tuple[str, str]]:
    """Write a chapter, and the plan in it on a sheet of its own; yield each sheet's name and what is there."""
    leaf = Leaf(book, _sheet_name(chapter.title), chapter.title, first=_first(chapter))
    leaf.columns = max([ABREAST, *(columns_of(each.chart) for each in _pictures(chapter))])
    leaf.link(f"← {book.page.words['back']}", summary)
    plans = _blocks(leaf, chapter, summary)
    leaf.finish()
    yield leaf.name, _held(chapter)
    for plan, name in plans:
        yield name, plan.label


def _sheet_name(title: str) -> str:
    """What stands before the colon of a heading."""
    return re.split(r"[:：]", title)[0]


def _first(chapter: _Chapter) -> float:
    """A narrow first column where only tables with short first cells share the sheet."""
    blocks = [block for section in chapter.sections for block in section.blocks]
    tables = [block for block in blocks if isinstance(block, SetTable) and block.columns]
    others = any(isinstance(block, (SetPicture, SetCards, SetSteps)) for block in blocks)
    return FIRST if others or not tables else first_width(tables)


def _pictures(chapter: _Chapter) -> Iterator[SetPicture]:
    for section in chapter.sections:
        yield from (block for block in section.blocks if isinstance(block, SetPicture))


def _held(chapter: _Chapter) -> str:
    """Labels of the tables and pictures of a chapter."""
    blocks = [block for section in chapter.sections for block in section.blocks]
    labels = [block.label for block in blocks if isinstance(block, (SetTable, SetPicture)) and block.label]
    return f"{labels[0]} … {labels[-1]}" if len(labels) > 2 else "   ".join(labels)


def _blocks(leaf: Leaf, chapter: _Chapter, summary: str) -> list[tuple[SetPicture, str]]:
    """Write everything of a chapter in reading order; return the plans, which have got their own sheets."""
    plans = []
    for place, section in enumerate(chapter.sections):
        if place:
            leaf.heading(section.full_heading)
        for block in _joined(section.blocks):
            if isinstance(block, SetPicture) and isinstance(block.chart, MonthPlan):
                name = _plan_sheet(leaf.book, section, block, summary)
                leaf.caption(block.label, block.title, 0)
                leaf.link(f"→ {name}", name)
                plans.append((block, name))
            else:
                _block(leaf, block)
    return plans


def _plan_sheet(book: Book, section: SetSection, block: SetPicture, summary: str) -> str:
    title = f"{section.number} {book.page.words['plan']}".strip()
    leaf = Leaf(book, title, title)
    leaf.link(f"← {book.page.words['back']}", summary)
    write_chart(leaf, block)
    leaf.finish()
    return leaf.name


def _joined(blocks: tuple[SetBlock, ...]) -> Iterator[SetBlock]:
    """The blocks, tables that were cut for paper put together again."""
    before: SetBlock | None = None
    for block in blocks:
        if isinstance(block, SetTable) and isinstance(before, SetTable) and _carries_on(before, block):
            lead = block.continues
            rows = tuple(
                replace(row, cells=row.cells + more.cells[lead:])
                for row, more in zip(before.rows, block.rows, strict=True)
            )
            before = replace(before, columns=before.columns + block.columns[lead:], rows=rows)
            continue
        if before is not None:
            yield before
        before = block
    if before is not None:
        yield before


def _carries_on(before: SetTable, block: SetTable) -> bool:
    return 0 < block.continues <= len(block.columns) and len(before.rows) == len(block.rows)


def _block(leaf: Leaf, block: SetBlock) -> None:
    match block:
        case SetParagraph():
            leaf.line(block.words, {"lead": LEAD, "note": SMALL, "body": PLAIN}[block.style])
        case SetBullets():
            for words in _items(block):
                leaf.line(words)
        case SetTable():
            leaf.caption(block.label, block.title, leaf.room(block))
            leaf.table(block)
        case SetPicture():
            write_chart(leaf, block)
        case SetCards():
            _cards(leaf, block)
        case SetCallout():
            leaf.row(8)
            leaf.line(block.heading, CALLOUT_HEADING)
            for each in block.blocks:
                for words in [each.words] if isinstance(each, SetParagraph) else _items(each):
                    leaf.line(words, CALLOUT)
        case SetSteps():
            _steps(leaf, block)
        case _:
            # Page breaks and the table of contents belong to paper.
            return


def _items(block: SetBullets) -> Iterator[str]:
    for number, item in enumerate(block.items, 1):
        yield f"{number}. {item.words}" if block.ordered else f"• {item.words}"


def _cards(leaf: Leaf, block: SetCards) -> None:
    leaf.row(8)
    for card in block.cards:
        figure = card.figure
        leaf.cells(
            [(card.label, 1), ("", 1), (card.unit, 1), (card.basis, 1), (card.note, ABREAST - 4)],
            [BODY] * 5,
        )
        at = (leaf.at - 1, 1)
        if figure is not None and is_number(figure.value):
            value = float(figure.value if figure.value is not None else 0)
            leaf.book.number(leaf.sheet, at, value, number_format(card.words), BODY, bold=True)
        else:
            leaf.book.words(leaf.sheet, *at, card.words, BODY, bold=True, align="right")


def _steps(leaf: Leaf, block: SetSteps) -> None:
    words = leaf.book.page.words
    spans = (2, 2, 2, ABREAST - 6)
    heads = ("", words["who"], words["when"], "")
    leaf.cells(list(zip(heads, spans, strict=True)), [HEADER] * 4)
    for number, step in enumerate(block.steps, 1):
        parts = (f"{number}. {step.action}", step.who, step.when, step.detail)
        leaf.cells(list(zip(parts, spans, strict=True)), [{**BODY, "bold": True}, BODY, BODY, BODY])


def _cover(leaf: Leaf, page: SetReport) -> None:
    logo = read_logo(page.logo)
    if logo is not None:
        picture = logo.raster()
        options = {"image_data": BytesIO(picture.data), "description": page.firm or page.title}
        scale = _fitting(picture.data)
        leaf.sheet.insert_image(1, 8, f"logo.{picture.kind}", {**options, "object_position": 2, **scale})
    for words in (page.subtitle, page.mark):
        if words:
            leaf.line(words, {**SMALL, "text_wrap": False})
    facts = (
        (page.words["prepared_for"], page.plant),
        (page.words["prepared_by"], page.firm),
        (page.words["date"], page.day),
        *page.details,
    )
    for label, value in facts:
        if value:
            leaf.cells([(label, 1), (value, 6)], [LABEL, STRONG])


def _contents(leaf: Leaf, places: list[tuple[str, str]]) -> None:
    leaf.heading(leaf.book.page.words["contents"])
    for name, held in places:
        leaf.book.words(leaf.sheet, leaf.at, 4, held, {**SMALL, "text_wrap": False})
        leaf.sheet.write_url(leaf.at, 0, address(name), leaf.book.style(LINK), name)
        leaf.row()


def _fitting(data: bytes) -> dict[str, float]:
    """Scale of a logo for a place about 60 px high, as far as its size can be read."""
    if data[:4] == b"\x89PNG":
        height = int.from_bytes(data[20:24], "big")
        return {"x_scale": 60 / height, "y_scale": 60 / height} if height else {}
    return {"x_scale": 0.25, "y_scale": 0.25}


def _figures(book: Book, report: Report, summary: str) -> tuple[str, str]:
    """The sheet of all figures: formula, what each was made from, and where that was entered."""
    page = book.page
    title = render(text("All figures and their inputs"), page.language)
    leaf = Leaf(book, title, title, first=_FIGURE_WIDTHS[0])
    for index, width in enumerate(_FIGURE_WIDTHS):
        leaf.sheet.set_column(index, index, width)
    leaf.columns = len(_FIGURE_WIDTHS)
    leaf.link(f"← {page.words['back']}", summary)
    top = leaf.at
    headers = (text("Figure"), text("Value"), text("Unit"), text("Basis"), text("Formula"), text("Made from"))
    for index, header in enumerate((*headers, text("Source"))):
        align = "right" if index == 1 else "left"
        book.words(leaf.sheet, top, index, render(header, page.language), HEADER, align=align)
    leaf.row()
    for figure in each_once(figures_of(report)):
        _figure(leaf, figure)
    leaf.sheet.freeze_panes(top + 1, 1)
    leaf.sheet.repeat_rows(0, top)
    leaf.sheet.autofilter(top, 0, max(leaf.at - 1, top + 1), len(_FIGURE_WIDTHS) - 1)
    leaf.finish()
    return leaf.name, ""


def _figure(leaf: Leaf, figure: Figure) -> None:
    book, language = leaf.book, leaf.book.page.language
    if is_number(figure.value):
        value = float(figure.value if figure.value is not None else 0)
        shown = format_number(int(value)) if value.is_integer() else format_significant(value, 4)
        book.number(leaf.sheet, (leaf.at, 1), value, number_format(shown), BODY)
    else:
        why = speak(figure.reason, language) or book.page.words["missing"]
        book.words(leaf.sheet, leaf.at, 1, why, BODY)
    made_from = [f"{speak(each.name, language)}: {show(settled(each), language)}" for each in figure.inputs]
    parts = {
        0: speak(figure.name, language),
        2: show_unit(figure.unit, language),
        3: render(figure.basis, language),
        4: speak(figure.formula, language),
        5: printable("\n".join(made_from)),
        6: source_words(figure, language),
    }
    for column, words in parts.items():
        book.words(leaf.sheet, leaf.at, column, words, BODY)
    leaf.row(row_height(list(parts.values()), [_FIGURE_WIDTHS[column] for column in parts]))
