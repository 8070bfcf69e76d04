"""Tables of records: a record a row, or a record a column.

These sheets stay unprotected. Excel's protection would let rows be inserted, but then tables no longer grow
when something is typed below them, rows with a locked cell can neither be deleted nor sorted, and columns are
pasted locked. Labels and calculated cells refuse typing by data validation instead.
"""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from openrecp.assessment.spec import Kind, Layout, Record
from openrecp.assessment.workbook.layout import CALCULATED_MARK, ID_MARK, SECTION_MARK
from openrecp.assessment.workbook.sheets import live
from openrecp.assessment.workbook.sheets.cells import (
    Content,
    cell_content,
    input_style,
    unit_content,
    write_content,
)
from openrecp.assessment.workbook.sheets.page import (
    Page,
    field_label,
    show_cents,
    show_missing,
    show_thousands,
    write_block_head,
    write_label,
)
from openrecp.assessment.workbook.sheets.plan import FIRST_PAIR, TOTALLED, Cells, Line, Placed
from openrecp.assessment.worksheets.implementation import MOST_MONTHS, PlanTask
from openrecp.assessment.worksheets.streams import WasteCost
from openrecp.texts import text

_LABEL_WIDTH: Final = 34
_RECORD_WIDTH: Final = 24
_MONTHS: Final = 24
_BESIDE_MATRIX: Final = 15
_WIDTHS: Final = {
    Kind.WORDS: 22,
    Kind.NUMBER: 11,
    Kind.INTEGER: 11,
    Kind.YES_NO: 11,
    Kind.DATE: 13,
    Kind.CHOICE: 24,
    Kind.CHOICES: 26,
    Kind.CODE: 11,
    Kind.CODES: 14,
    Kind.QUANTITY: 13,
    Kind.PRICE: 13,
    Kind.MONEY: 15,
}


def write_rows(page: Page, placed: Placed) -> None:
    """A table with a record a row, as an Excel table: it sorts, filters and grows with its ids."""
    write_block_head(page, placed)
    sheet, styles = page.sheet, page.styles
    collection = placed.block.collection
    if collection in TOTALLED:
        _write_totals(page, placed)
    headings = [{"header": ID_MARK, "header_format": styles["mark"]}]
    for line in placed.lines:
        style = "heading-calculated" if line.role == "calculated" else "heading"
        headings.append({"header": field_label(page, line, collection), "header_format": styles[style]})
        page.widen(line.at, _width(page, line))
        page.fit(placed.head, line.at, headings[-1]["header"])
    sheet.add_table(
        placed.head,
        0,
        placed.end - 1,
        placed.right,
        {"name": f"records_{collection}", "columns": headings, "style": None},
    )
    sheet.data_validation(placed.head, 1, placed.head, placed.right, page.lists.guard())
    for index, record in enumerate(placed.records):
        page.mark(placed.first + index, record.id)
    for line in placed.lines:
        _write_column(page, placed, line)
    if collection == "plan_tasks":
        _write_months(page, placed)


def _width(page: Page, line: Line) -> float:
    if line.role == "unit":
        return 11
    width = _WIDTHS[line.field.kind] + (12 if line.field.spec.long else 0)
    narrow = any(other.layout is Layout.MATRIX for other in page.here.blocks)
    return min(width, _BESIDE_MATRIX) if narrow and line.at >= FIRST_PAIR else width


def _write_column(page: Page, placed: Placed, line: Line) -> None:
    sheet = page.sheet
    if line.role == "calculated":
        style = page.styles["calculated-money"]
        elements = [record for record in placed.records if isinstance(record, WasteCost)]
        for index, record in enumerate(elements):
            result = live.waste_cost(page.plan, placed, index, record)
            sheet.write_formula(placed.first + index, line.at, result.formula, style, result.value)
        show_cents(page, Cells(placed.sheet, placed.first, line.at, placed.end - 1, line.at))
        sheet.data_validation(placed.first, line.at, placed.end - 1, line.at, page.lists.guard())
        return
    style = page.styles["input-unit" if line.role == "unit" else input_style(line.field)]
    for index, each in enumerate(placed.records):
        content = _content(page, each, line)
        write_content(sheet, placed.first + index, line.at, content, style)
        page.fit(placed.first + index, line.at, content)
    rule = page.lists.unit_rule(line.field) if line.role == "unit" else page.lists.rule(line.field)
    sheet.data_validation(placed.first, line.at, placed.end - 1, line.at, rule)
    if line.role == "value":
        cells = Cells(placed.sheet, placed.first, line.at, placed.end - 1, line.at)
        show_thousands(page, line.field, cells)
        last = max(each.at for each in placed.lines if each.role != "calculated")
        begun = [xl_rowcol_to_cell(placed.first, column, col_abs=True) for column in (1, last)]
        show_missing(page, line.field, cells, ":".join(begun))


def _content(page: Page, record: Record, line: Line) -> Content:
    value: Any = getattr(record, line.field.name)
    return unit_content(value) if line.role == "unit" else cell_content(line.field, value, page.language)


def _write_totals(page: Page, placed: Placed) -> None:
    """Totals above the headings: of the rows the filter shows, so that filtering by option gives its total."""
    row, styles = placed.head - 1, page.styles
    page.mark(row, CALCULATED_MARK)
    for column in range(1, placed.right + 1):
        page.sheet.write_blank(row, column, None, styles["total-label"])
    page.sheet.write_string(row, 1, page.words(text("Total of the rows shown")), styles["total-label"])
    for name in TOTALLED[placed.block.collection]:
        role = "calculated" if placed.block.collection == "waste_costs" else "value"
        cells = placed.cells(name, role)
        if cells is None:
            continue
        area = xl_range(cells.top, cells.left, cells.bottom, cells.right)
        total = sum(_total_part(page, record, name) for record in placed.records)
        page.sheet.write_formula(row, cells.left, f"=SUBTOTAL(109,{area})", styles["total-money"], total)
        show_cents(page, Cells(placed.sheet, row, cells.left, row, cells.left))
    page.sheet.data_validation(row, 1, row, placed.right, page.lists.guard())


def _total_part(page: Page, record: Record, name: str) -> float:
    if isinstance(record, WasteCost):
        return live.waste_cost_value(page.plan, record) or 0
    return live.as_number(getattr(record, name)) or 0


def _write_months(page: Page, placed: Placed) -> None:
    """The month plan to the right of the tasks: a shaded cell for every month from first to last."""
    first, last = placed.cells("first_month"), placed.cells("last_month")
    if first is None or last is None:
        return
    sheet, styles = page.sheet, page.styles
    left = max(page.here.right, placed.right) + 1
    tasks = [record for record in placed.records if isinstance(record, PlanTask)]
    # A month beyond what the field allows is a finding, and no reason for a grid of thousands of columns.
    count = max([_MONTHS, *(min(task.last_month or 0, MOST_MONTHS) for task in tasks)])
    sheet.write_string(placed.top, left, page.words(text("Months of the plan")), styles["block"])
    for month in range(1, count + 1):
        column = left + month - 1
        page.widen(column, 2.6)
        sheet.write_number(placed.head, column, month, styles["month"])
        for row in range(placed.first, placed.end):
            sheet.write_blank(row, column, None, styles["month-cell"])
    start = xl_rowcol_to_cell(placed.first, first.left, col_abs=True)
    stop = xl_rowcol_to_cell(placed.first, last.left, col_abs=True)
    month_cell = xl_rowcol_to_cell(placed.head, left, row_abs=True)
    sheet.conditional_format(
        placed.first,
        left,
        placed.end - 1,
        left + count - 1,
        {
            "type": "formula",
            "criteria": f"=AND(COUNT({start},{stop})=2,{month_cell}>={start},{month_cell}<={stop})",
            "format": styles.rule("planned"),
        },
    )


def write_columns(page: Page, placed: Placed) -> None:
    """A table with a record a column, for records of many fields; the ids stand in a hidden row above."""
    write_block_head(page, placed)
    sheet, collection = page.sheet, placed.block.collection
    page.mark(placed.head, ID_MARK)
    sheet.set_row(placed.head, None, None, {"hidden": True})
    page.widen(1, _LABEL_WIDTH)
    for index, record in enumerate(placed.records):
        sheet.write_string(placed.head, 2 + index, record.id, page.styles["mark"])
        page.widen(2 + index, _RECORD_WIDTH)
    for line in placed.lines:
        if line.role == "section":
            _write_section(page, placed, line)
        else:
            write_label(page, line.at, line, collection)
            _write_line(page, placed, line)
    sheet.data_validation(placed.first, 1, placed.end - 1, 1, page.lists.guard())


def _write_section(page: Page, placed: Placed, line: Line) -> None:
    page.mark(line.at, SECTION_MARK)
    page.sheet.set_row(line.at, 20)
    for column in range(2, placed.right + 1):
        page.sheet.write_blank(line.at, column, None, page.styles["section"])
    words = field_label(page, line, placed.block.collection)
    page.sheet.write_string(line.at, 1, words, page.styles["section"])


def _write_line(page: Page, placed: Placed, line: Line) -> None:
    sheet, right = page.sheet, placed.right
    if line.role == "calculated":
        page.mark(line.at, CALCULATED_MARK)
        for index in range(len(placed.records)):
            result = live.material_cost(placed, index)
            if result is not None:
                style = page.styles["calculated-money"]
                sheet.write_formula(line.at, 2 + index, result.formula, style, result.value)
        show_cents(page, Cells(placed.sheet, line.at, 2, line.at, right))
        sheet.data_validation(line.at, 2, line.at, right, page.lists.guard())
        return
    style = page.styles["input-unit-below" if line.role == "unit" else input_style(line.field)]
    for index, record in enumerate(placed.records):
        content = _content(page, record, line)
        write_content(sheet, line.at, 2 + index, content, style)
        page.fit(line.at, 2 + index, content)
    rule = page.lists.unit_rule(line.field) if line.role == "unit" else page.lists.rule(line.field)
    sheet.data_validation(line.at, 2, line.at, right, rule)
    if line.role == "value":
        cells = Cells(placed.sheet, line.at, 2, line.at, right)
        show_thousands(page, line.field, cells)
        begun = [xl_rowcol_to_cell(row, 2, row_abs=True) for row in (placed.first, placed.end - 1)]
        show_missing(page, line.field, cells, ":".join(begun))
