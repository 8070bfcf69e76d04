"""Writes a report as a tagged PDF (PDF/UA-1) with the vendored fonts, through typst.

Everything the user wrote travels as JSON and is placed as text by the template; none of it is ever
read as markup.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import lru_cache, partial
from importlib.resources import files
from typing import Any, Final

import typst

from openrecp.reports import look
from openrecp.reports.blocks import Report
from openrecp.reports.charts.drawing import chart_svg, printed_width
from openrecp.reports.fonts import drawable
from openrecp.reports.logo import Logo, read_logo
from openrecp.reports.pages import (
    SetBlock,
    SetBreak,
    SetBullets,
    SetCallout,
    SetCards,
    SetCell,
    SetContents,
    SetParagraph,
    SetPicture,
    SetReport,
    SetSteps,
    SetTable,
)
from openrecp.reports.typesetting import COUNT_HERE, NUMBER_HERE, set_report

_LONG_WORD: Final = 22
# One compiler keeps the fonts in memory; it is not meant for two threads at once.
_one_at_a_time = threading.Lock()


def write_pdf(report: Report) -> bytes:
    """The report as PDF; the same report gives the same bytes.

    Raises
    ------
    UnusableInput
        If the logo is no picture.
    """
    return pdf_job(report)()


def pdf_job(report: Report) -> Callable[[], bytes]:
    """What is left to do for the PDF once its data are gathered; may run in another thread meanwhile.

    Raises
    ------
    UnusableInput
        If the logo is no picture.
    """
    page = set_report(report)
    data = json.dumps(_drawable(_report(page, read_logo(page.logo))), ensure_ascii=False)
    stamp = (
        datetime(2000, 1, 1, tzinfo=UTC) if report.day is None else datetime.combine(report.day, time(), UTC)
    )
    return partial(_compiled, data, stamp)


def _compiled(data: str, stamp: datetime) -> bytes:
    with _one_at_a_time:
        pdf = _compiler().compile(
            input=_template(),
            format="pdf",
            sys_inputs={"report": data},
            pdf_standards=["ua-1"],
            timestamp=stamp,
        )
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one piece of bytes")
    return pdf


@lru_cache(maxsize=1)
def _template() -> bytes:
    return (files("openrecp.reports") / "report.typ").read_bytes()


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[look.vendor_folder() / "fonts"]
    )
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


def _report(page: SetReport, logo: Logo | None) -> dict[str, Any]:
    return {
        "language": page.language,
        "title": page.title or page.plant or "–",
        "subtitle": page.subtitle,
        "plant": page.plant,
        "firm": page.firm,
        "mark": page.mark,
        "cover": [
            [label, value]
            for label, value in (
                (page.words["prepared_for"], page.plant),
                (page.words["prepared_by"], page.firm),
                (page.words["date"], page.day),
                *page.details,
            )
            if value
        ],
        "logo": None if logo is None else {"kind": logo.kind, "bytes": list(logo.data)},
        "page_words": _page_words(page),
        "words": page.words,
        "colours": {
            name.lower(): value
            for name, value in vars(look).items()
            if isinstance(value, str) and value[:1] == "#"
        },
        "sections": [
            {
                "id": section.id,
                "heading": section.full_heading,
                "level": section.level,
                "new_page": section.new_page or (section.appendix and section.level == 1),
                "blocks": [_block(block, page) for block in section.blocks],
            }
            for section in page.sections
        ],
    }


def _page_words(page: SetReport) -> list[str]:
    """“Page {here} of {all}” in pieces, with the two numbers by name."""
    words = page.words["page"].replace(NUMBER_HERE, "\x00here\x00").replace(COUNT_HERE, "\x00all\x00")
    return [piece for piece in words.split("\x00") if piece]


def _block(block: SetBlock, page: SetReport) -> dict[str, Any]:
    match block:
        case SetParagraph():
            return {"kind": "paragraph", "style": block.style, "spans": _spans(block)}
        case SetBullets():
            return {
                "kind": "bullets",
                "ordered": block.ordered,
                "items": [_spans(item) for item in block.items],
            }
        case SetTable():
            return {"kind": "table", **_table(block)}
        case SetPicture():
            return {
                "kind": "picture",
                "label": block.label,
                "title": block.title,
                "width": printed_width(block.chart, page.language),
                "alt": f"{block.title}\n{block.description}",
                "svg": chart_svg(block.chart, page.language, block.title, block.description, block.id),
                "notes": list(block.notes),
                "data": _table(block.data) if block.data is not None and block.print_data else None,
            }
        case SetCards():
            return {
                "kind": "cards",
                "cards": [
                    {
                        "label": card.label,
                        "words": card.words,
                        "unit": card.unit,
                        "note": card.note,
                        "mark": card.mark,
                        "basis": card.basis,
                        "unsure": card.unsure,
                    }
                    for card in block.cards
                ],
            }
        case SetCallout():
            return {
                "kind": "callout",
                "tone": block.kind,
                "heading": block.heading,
                "blocks": [_block(each, page) for each in block.blocks],
            }
        case SetSteps():
            return {
                "kind": "steps",
                "steps": [
                    {"action": each.action, "who": each.who, "when": each.when, "detail": each.detail}
                    for each in block.steps
                ],
            }
        case SetBreak():
            return {"kind": "break"}
        case SetContents():
            return {"kind": "contents", "depth": block.depth}


def _spans(paragraph: SetParagraph) -> list[dict[str, Any]]:
    return [
        {"words": span.words, "strong": span.strong, "mark": span.mark, "unsure": span.unsure}
        for span in paragraph.spans
    ]


def _table(table: SetTable) -> dict[str, Any]:
    return {
        "label": table.label,
        "title": table.title,
        "columns": [
            {"header": column.header, "unit": column.unit, "align": column.align, "share": column.share}
            for column in table.columns
        ],
        "rows": [{"kind": row.kind, "cells": [_cell(cell) for cell in row.cells]} for row in table.rows],
        "notes": list(table.notes),
        "legend": [list(entry) for entry in table.legend],
        "empty": table.empty,
        "short": table.short,
    }


def _cell(cell: SetCell) -> dict[str, Any]:
    return {"words": cell.words, "mark": cell.mark, "unsure": cell.unsure, "missing": cell.missing}


def _drawable(node: Any) -> Any:
    """The whole tree with printable characters only, and long words made breakable."""
    if isinstance(node, str):
        return drawable(node) if node.startswith("<svg") else _breakable(drawable(node))
    if isinstance(node, dict):
        return {key: _drawable(value) for key, value in node.items()}
    if isinstance(node, list):
        return node if node and isinstance(node[0], int) else [_drawable(each) for each in node]
    return node


def _breakable(words: str) -> str:
    """Zero-width spaces inside words that no line could hold."""
    if len(words) <= _LONG_WORD:
        return words
    return " ".join(
        "\u200b".join(word[at : at + 12] for at in range(0, len(word), 12))
        if len(word) > _LONG_WORD and word.isascii()
        else word
        for word in words.split(" ")
    )
