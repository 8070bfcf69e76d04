"""Write an assessment as an Excel workbook, empty to be filled in or with all that is known.

The workbook is planned first (:mod:`.sheets.plan`), then written sheet by sheet; :mod:`.layout` says what is where.
"""

from __future__ import annotations

from io import BytesIO
from typing import Final

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet as Sheet

from openrecp.assessment.document import COLLECTIONS, FORMAT, VERSION, Assessment
from openrecp.assessment.spec import Currency, Layout, Phase, record_fields
from openrecp.assessment.workbook.layout import (
    DATA_SHEET,
    LISTS_SHEET,
    PROPERTY_ASSESSMENT,
    PROPERTY_FORMAT,
    PROPERTY_SIMPLIFIED,
    PROPERTY_VERSION,
)
from openrecp.assessment.workbook.sheets import live
from openrecp.assessment.workbook.sheets.cover import write_contents, write_guide
from openrecp.assessment.workbook.sheets.forms import write_form
from openrecp.assessment.workbook.sheets.lists import Lists
from openrecp.assessment.workbook.sheets.matrix import write_matrix
from openrecp.assessment.workbook.sheets.page import Page
from openrecp.assessment.workbook.sheets.payback import write_payback
from openrecp.assessment.workbook.sheets.plan import FIRST_BLOCK, Plan, SheetPlan, plan_workbook
from openrecp.assessment.workbook.sheets.styles import PHASE_COLOURS, Styles
from openrecp.assessment.workbook.sheets.tables import write_columns, write_rows
from openrecp.assessment.worksheets.planning import Cover
from openrecp.assessment.worksheets.registry import COVER
from openrecp.assessment.worksheets.streams import Criterion, Rating
from openrecp.texts import Language, render, text

_A4: Final = 9
_ROW_HEIGHT: Final = 16.5
_ZOOM: Final = 110
_HEADER_LIMIT: Final = 60
_BLOCK_WRITERS: Final = {
    Layout.FORM: write_form,
    Layout.ROWS: write_rows,
    Layout.COLUMNS: write_columns,
    Layout.MATRIX: write_matrix,
}
_HEAD_FIELDS: Final = (("firm", "plant", "project_number"), ("prepared_on", "prepared_by", "reviewed_by"))


def write_template(*, simplified: bool, language: Language, currency: Currency = Currency.TWD) -> bytes:
    """An empty workbook to fill in; its records already carry their permanent ids.

    Parameters
    ----------
    simplified : bool
        Whether to write the 8 simplified worksheets instead of the 18 full ones.
    language : {'en', 'zh-hant'}
        Language of labels, instructions and drop-downs.
    currency : Currency
        The currency all amounts of money will be in.

    Returns
    -------
    bytes
        The ``.xlsx`` file.

    Raises
    ------
    ValueError
        If the language is not known.
    """
    return write_workbook(Assessment(simplified=simplified, cover=Cover(currency=currency)), language)


def write_workbook(assessment: Assessment, language: Language) -> bytes:
    """The assessment as a workbook; reading it back gives the same document.

    A simplified assessment is shown on the simplified worksheets; fields and worksheets beyond them follow
    where they hold data.

    Parameters
    ----------
    assessment : Assessment
        The document.
    language : {'en', 'zh-hant'}
        Language of labels, instructions, drop-downs and answers.

    Returns
    -------
    bytes
        The ``.xlsx`` file.

    Raises
    ------
    ValueError
        If the language is not known.
    """
    plan = plan_workbook(assessment, language)
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    sheets = [book.add_worksheet(sheet.name) for sheet in plan.sheets]
    lists_sheet, data_sheet = book.add_worksheet(LISTS_SHEET), book.add_worksheet(DATA_SHEET)
    styles = Styles(book, language)
    lists = Lists(book, lists_sheet, plan, language)
    for sheet, here in zip(sheets, plan.sheets, strict=True):
        _write_sheet(Page(sheet, here, plan, styles, lists, language))
    _write_data(data_sheet, plan, language)
    lists_sheet.very_hidden()
    data_sheet.very_hidden()
    _describe(book, assessment, language)
    sheets[0].activate()
    book.close()
    return target.getvalue()


def _write_sheet(page: Page) -> None:
    sheet, here = page.sheet, page.here
    sheet.set_default_row(_ROW_HEIGHT)
    if here.worksheet is COVER:
        write_guide(page)
    else:
        _write_head(page)
    for placed in here.blocks:
        _BLOCK_WRITERS[placed.layout](page, placed)
    if here.worksheet is COVER:
        write_contents(page)
    if here.derived == "payback":
        write_payback(page)
    sheet.set_column(0, 0, 3, None, {"hidden": True})
    for column, width in page.widths.items():
        sheet.set_column(column, column, width)
    for row, height in page.heights().items():
        sheet.set_row(row, height)
    _protect(sheet, here)
    _set_view(page)
    _set_print(page)


def _write_head(page: Page) -> None:
    """Title and purpose, and the head of the manual's forms: firm, plant, project, date, names."""
    sheet, styles, worksheet = page.sheet, page.styles, page.here.worksheet
    sheet.set_row(0, 26)
    sheet.write_string(0, 1, f"{worksheet.number}  {page.words(worksheet.title)}", styles["title"])
    sheet.write_string(1, 1, page.words(worksheet.purpose), styles["purpose"])
    fields = {field.name: field for field in record_fields(Cover)}
    for row, names in enumerate(_HEAD_FIELDS, start=1):
        line = live.head_line(page.plan, tuple(fields[name] for name in names), page.language)
        sheet.write_formula(1 + row, 1, line.formula, styles["head"], line.value)


def _protect(sheet: Sheet, here: SheetPlan) -> None:
    """Lock labels and formulas where people only fill in; tables stay open, see :mod:`.sheets.tables`."""
    if all(placed.layout is Layout.FORM for placed in here.blocks):
        sheet.protect("", {"format_columns": True, "format_rows": True})


def _set_view(page: Page) -> None:
    sheet, here = page.sheet, page.here
    phases = list(Phase)
    sheet.set_tab_color(PHASE_COLOURS[phases.index(here.worksheet.phase)])
    sheet.hide_gridlines(2)
    sheet.set_zoom(_ZOOM)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    if not here.blocks:
        sheet.freeze_panes(here.end + 3, 3)
        return
    first = here.blocks[0]
    entry = 1 if first.layout is Layout.ROWS else 2
    sheet.set_selection(first.first, entry, first.first, entry)
    if here.worksheet is COVER:
        return
    only = len(here.blocks) == 1
    if first.layout is Layout.ROWS and only:
        sheet.freeze_panes(first.first, 3)
    elif first.layout is Layout.COLUMNS:
        sheet.freeze_panes(first.first + 2 if only else 1, 2)
    elif first.layout is Layout.MATRIX:
        sheet.freeze_panes(first.head + 2, 4)
    else:
        sheet.freeze_panes(1, 0)


def _set_print(page: Page) -> None:
    sheet, here, cover = page.sheet, page.here, page.plan.assessment.cover
    wide = any(placed.layout is not Layout.FORM for placed in here.blocks) or not here.blocks
    sheet.set_paper(_A4)
    sheet.set_landscape() if wide else sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    owner = " · ".join(part[:_HEADER_LIMIT].split("\n")[0] for part in (cover.firm, cover.plant) if part)
    sheet.set_header(f"&L&9{_escaped(owner)}&R&9{_escaped(here.name)}")
    page_of = page.words(text("Page {page} of {pages}", page="&P", pages="&N"))
    sheet.set_footer(f"&L&9{_escaped(page.words(here.worksheet.title))}&R&9{page_of}")
    if here.worksheet is not COVER:
        single = len(here.blocks) == 1 and here.blocks[0].layout is Layout.ROWS
        sheet.repeat_rows(0, here.blocks[0].head if single else FIRST_BLOCK - 1)


def _escaped(words: str) -> str:
    # A digit after the font size would be read as part of it.
    return " " + words.replace("&", "&&") if words[:1].isdigit() else words.replace("&", "&&")


def _write_data(sheet: Sheet, plan: Plan, language: Language) -> None:
    """What needs no eyes: see :mod:`.layout`."""
    assessment = plan.assessment
    entries: list[tuple[str, ...]] = [
        ("assessment", "", assessment.id),
        ("version", "", str(VERSION)),
        ("language", "", language),
        ("simplified", "", "true" if assessment.simplified else "false"),
    ]
    forms = {name: getattr(assessment, name) for name in COLLECTIONS}
    entries += [("form", name, form.id) for name, form in forms.items() if not isinstance(form, tuple)]
    for collection, ratings in (
        ("stream_criteria", "stream_ratings"),
        ("option_criteria", "option_ratings"),
    ):
        rows: dict[str | None, str] = {}
        for record in assessment.records(collection):
            if isinstance(record, Criterion):
                rows.setdefault(record.number, record.id)
        for rating in assessment.records(ratings):
            if isinstance(rating, Rating):
                fits = rating.id not in plan.misfits
                place = (rows[rating.criterion], rating.subject or "") if fits else ("", "")
                entries.append(("rating", ratings, rating.id, *place))
    entries += [("prefilled", *each) for each in plan.prefilled]
    for row, entry in enumerate(entries):
        for column, words in enumerate(entry):
            sheet.write_string(row, column, words)


def _describe(book: Workbook, assessment: Assessment, language: Language) -> None:
    book.set_properties(
        {"title": render(text("Waste reduction assessment"), language), "comments": "OpenRECP"}
    )
    book.set_custom_property(PROPERTY_FORMAT, FORMAT)
    book.set_custom_property(PROPERTY_VERSION, VERSION)
    book.set_custom_property(PROPERTY_ASSESSMENT, assessment.id)
    book.set_custom_property(PROPERTY_SIMPLIFIED, assessment.simplified)
