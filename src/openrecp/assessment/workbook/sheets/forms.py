"""Forms: one record, a field a row, with what to put there beside it."""

from __future__ import annotations

from typing import Final

from openrecp.assessment.spec import Layout
from openrecp.assessment.workbook.layout import HELP_SIGN, SECTION_MARK
from openrecp.assessment.workbook.sheets.cells import cell_content, input_style, unit_content, write_content
from openrecp.assessment.workbook.sheets.page import (
    Page,
    field_label,
    show_thousands,
    write_block_head,
    write_label,
)
from openrecp.assessment.workbook.sheets.plan import Cells, Line, Placed

_LABEL_WIDTH: Final = 30
VALUE_WIDTH: Final = 56
_HELP_WIDTH: Final = 44
_HELP_BESIDE_TABLES: Final = 28
_THREE_LINES: Final = "\n\n"


def value_span(page: Page) -> int:
    """How many columns a form's value covers: one on a sheet of forms, more where tables share the sheet."""
    return 1 if all(placed.layout is Layout.FORM for placed in page.here.blocks) else 4


def write_form(page: Page, placed: Placed) -> None:
    """A form; its id stands beside its first field."""
    span = value_span(page)
    write_block_head(page, placed, 1 + span)
    record = placed.records[0]
    page.widen(1, _LABEL_WIDTH)
    if span == 1:
        page.widen(2, VALUE_WIDTH)
    page.widen(2 + span, _HELP_WIDTH if span == 1 else _HELP_BESIDE_TABLES)
    marked = False
    for line in placed.lines:
        if line.role == "section":
            page.mark(line.at, SECTION_MARK)
            page.sheet.write_string(line.at, 1, field_label(page, line, ""), page.styles["section"])
            continue
        if not marked:
            page.mark(line.at, record.id)
            marked = True
        write_label(page, line.at, line, placed.block.collection)
        _write_value(page, placed, line, span)
    page.sheet.data_validation(placed.first, 1, placed.end - 1, 1, page.lists.guard())


def _write_value(page: Page, placed: Placed, line: Line, span: int) -> None:
    sheet, field = page.sheet, line.field
    value = getattr(placed.records[0], field.name)
    content = unit_content(value) if line.role == "unit" else cell_content(field, value, page.language)
    style = page.styles["input-unit" if line.role == "unit" else input_style(field)]
    if span > 1:
        sheet.merge_range(line.at, 2, line.at, 1 + span, "", style)
    write_content(sheet, line.at, 2, content, style)
    rule = page.lists.unit_rule(field) if line.role == "unit" else page.lists.rule(field)
    sheet.data_validation(line.at, 2, line.at, 2, rule)
    if line.role == "value":
        show_thousands(page, field, Cells(placed.sheet, line.at, 2, line.at, 2))
        if field.spec.help is not None:
            words = f"{HELP_SIGN} {page.words(field.spec.help)}"
            sheet.write_string(line.at, 2 + span, words, page.styles["help"])
            page.fit(line.at, 2 + span, words)
    page.fit(line.at, 2, content, span)
    if field.spec.long:
        page.fit(line.at, 2, _THREE_LINES, span)
