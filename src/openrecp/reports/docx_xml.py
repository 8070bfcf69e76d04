"""Pieces of WordprocessingML: runs, fields, paragraphs, tables, as text that is parsed at the end."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from openrecp.reports.pages import SetCell, SetRow, SetTable, Span

TEXT_WIDTH = 9185
"""Width between the margins [twentieths of a point]: A4 with 24 mm left and right."""

_KEEP: Final = "<w:keepNext/>"
_ALIGN: Final = {"left": "left", "right": "right", "centre": "center"}


def run(words: str, style: str = "", *, bold: bool = False, properties: str = "") -> str:
    """A run of text; line ends become line breaks."""
    if not words:
        return ""
    styled = f'<w:rStyle w:val="{style}"/>' if style else ""
    strong = "<w:b/><w:bCs/>" if bold else ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in words.split("\n"))
    return f"<w:r><w:rPr>{styled}{strong}{properties}</w:rPr>{lines}</w:r>"


def tab() -> str:
    """A tab."""
    return "<w:r><w:tab/></w:r>"


def field(instruction: str, shown: str, style: str = "", *, dirty: bool = False) -> str:
    """A field with the result it shows until the program works it out anew."""
    stale = ' w:dirty="true"' if dirty else ""
    opened = f'<w:r><w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else "<w:r>"
    return (
        f'{opened}<w:fldChar w:fldCharType="begin"{stale}/></w:r>'
        f'{opened}<w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        f'{opened}<w:fldChar w:fldCharType="separate"/></w:r>{run(shown, style)}'
        f'{opened}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def paragraph(style: str, content: str, properties: str = "") -> str:
    """A paragraph in a style; ``properties`` are further children of ``w:pPr`` in schema order."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def spans(parts: Iterable[Span]) -> str:
    """The runs of a paragraph, each figure after the letter of its basis."""
    return "".join(mark(part.mark, part.unsure) + run(part.words, bold=part.strong) for part in parts)


def mark(letter: str, unsure: bool) -> str:
    """The letter of a basis and a thin gap."""
    if not letter:
        return ""
    return run(letter, "BasisUnsure" if unsure else "BasisSure") + run(" ")


def table(data: SetTable) -> str:
    """A table in the report's table style, its header row repeated on every page."""
    style = "TableTextSmall" if len(data.columns) > 7 else "TableText"
    widths = _widths([column.share for column in data.columns])
    header = "".join(
        _cell(
            paragraph(style, run(column.header), _KEEP + _align(column.align))
            + (paragraph("TableUnit", run(column.unit), _KEEP + _align(column.align)) if column.unit else ""),
            width,
            '<w:vAlign w:val="bottom"/>',
        )
        for column, width in zip(data.columns, widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{header}</w:tr>"]
    # A short table stays whole: each row keeps to the next, but for the last.
    kept = len(data.rows) - 1 if data.short else 0
    rows += [
        _row(each, data, widths, style, _KEEP if number < kept else "")
        for number, each in enumerate(data.rows)
    ]
    if not data.rows:
        rows.append(_spanning(paragraph(style, run(data.empty)), len(widths)))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    description = escape(f"{data.label} {data.title}".strip(), quote=True)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{description}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _widths(shares: list[float]) -> list[int]:
    whole = sum(shares)
    return [round(TEXT_WIDTH * share / whole) for share in shares]


def _row(row: SetRow, data: SetTable, widths: list[int], style: str, keep: str) -> str:
    if row.kind == "group":
        return _spanning(paragraph("TableGroup", run(row.cells[0].words), _KEEP), len(widths))
    border = '<w:tcBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="1C272B"/></w:tcBorders>'
    bold = row.kind == "total"
    cells = "".join(
        _cell(
            paragraph(style, _words(cell, bold), keep + _align(column.align)),
            width,
            border if bold else "",
        )
        for cell, column, width in zip(row.cells, data.columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _words(cell: SetCell, bold: bool) -> str:
    if cell.missing:
        return run(cell.words, "MissingValue")
    return mark(cell.mark, cell.unsure) + run(cell.words, bold=bold)


def _spanning(content: str, count: int) -> str:
    return (
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{TEXT_WIDTH}" w:type="dxa"/>'
        f'<w:gridSpan w:val="{count}"/></w:tcPr>{content}</w:tc></w:tr>'
    )


def _cell(content: str, width: int, properties: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'


def _align(side: str) -> str:
    return f'<w:jc w:val="{_ALIGN[side]}"/>'


def layout_table(rows: list[list[tuple[int, str, str]]], borders: str = "", margins: str = "") -> str:
    """A table that only arranges; every cell is its width, its content and its cell properties."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width, _, _ in rows[0])
    body = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(_cell(content, width, properties) for width, content, properties in cells)
        + "</w:tr>"
        for cells in rows
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(width for width, _, _ in rows[0])}" w:type="dxa"/>'
        f'{borders}<w:tblLayout w:type="fixed"/>{margins}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>'
    )
