"""The cover sheet: how to fill in the workbook, what the cells mean, and where everything is."""

from __future__ import annotations

from typing import Final

from openrecp.assessment.workbook.layout import DERIVED_MARK, REQUIRED_SIGN
from openrecp.assessment.workbook.sheets.page import Page
from openrecp.assessment.worksheets.registry import COVER
from openrecp.texts import text

_STEPS: Final = (
    text("Fill in this page first: firm, plant and date then stand at the head of every sheet."),
    text(
        "Go from tab to tab; the colours of the tabs show the phases. Leave empty what is not known yet: "
        "nothing is guessed, and the check lists what is missing."
    ),
    text(
        "Give each process, material, waste stream and option a short number once, such as P1, M1, W1, O1. "
        "Other sheets offer these numbers in drop-down lists."
    ),
    text(
        "Choose the unit beside or below each amount. If yours is not in the list, type it, "
        "or type number and unit together, such as 1.5 t/month."
    ),
    text(
        "Add a record by typing right below a table or by inserting a row or column. Rows, columns and sheets "
        "may be moved; keep the labels as they are, since the workbook is read by them."
    ),
    text("Save the workbook and check it with: openrecp check FILE.xlsx"),
)
_TITLE: Final = text("Waste reduction assessment")
_FULL: Final = text("Workbook with the full set of worksheets")
_SIMPLIFIED: Final = text("Workbook with the simplified set of worksheets")


def write_guide(page: Page) -> None:
    """Title, instructions and legend, above the form."""
    sheet, styles = page.sheet, page.styles
    page.mark(0, f"{DERIVED_MARK}guide")
    sheet.set_row(0, 36)
    sheet.set_row(1, 22)
    sheet.merge_range(0, 1, 0, 3, page.words(_TITLE), styles["band"])
    subtitle = _SIMPLIFIED if page.plan.assessment.simplified else _FULL
    sheet.merge_range(1, 1, 1, 3, page.words(subtitle), styles["band-note"])
    sheet.write_string(3, 1, page.words(text("How to fill it in")), styles["block"])
    for column in (2, 3):
        sheet.write_blank(3, column, None, styles["block"])
    for number, step in enumerate(_STEPS, start=1):
        words = f"{number}.  {page.words(step)}"
        sheet.merge_range(3 + number, 1, 3 + number, 3, words, styles["step"])
        page.fit(3 + number, 1, words, 3)
    legend = 5 + len(_STEPS)
    sheet.write_string(legend, 1, page.words(text("Cells")), styles["block"])
    for column in (2, 3):
        sheet.write_blank(legend, column, None, styles["block"])
    required = text("Label {sign}: required; turns amber while empty", sign=REQUIRED_SIGN)
    sheet.write_string(legend + 1, 1, page.words(text("To fill in")), styles["input-text"])
    sheet.write_string(legend + 1, 2, page.words(required), styles["label"])
    calculated = page.words(text("Grey, ƒ: calculated, leave as it is"))
    sheet.write_string(legend + 1, 3, calculated, styles["calculated-text"])


def write_contents(page: Page) -> None:
    """The list of sheets with links and purposes, below the form."""
    sheet, styles = page.sheet, page.styles
    row = page.here.end
    page.mark(row, f"{DERIVED_MARK}contents")
    for column, words in ((1, text("Sheets")), (2, text("What it is for")), (3, text("Phase"))):
        sheet.write_string(row, column, page.words(words), styles["block"])
    for other in page.plan.sheets:
        if other.worksheet is COVER:
            continue
        row += 1
        quoted = other.name.replace("'", "''")
        sheet.write_url(row, 1, f"internal:'{quoted}'!B1", styles["link"], other.name)
        sheet.write_string(row, 2, page.words(other.worksheet.purpose), styles["step"])
        page.fit(row, 2, page.words(other.worksheet.purpose))
        sheet.write_string(row, 3, page.words(other.worksheet.phase), styles["step"])
