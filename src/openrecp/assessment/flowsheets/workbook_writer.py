"""Writes a flowsheet as a workbook: a sheet for each list, to be filled in or with all that is known."""

from __future__ import annotations

import math
from io import BytesIO
from pathlib import Path
from typing import Final

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet as Sheet

from openrecp.assessment.flowsheets.document import FlowsheetDocument, Row
from openrecp.assessment.flowsheets.schema import (
    SECTIONS,
    SETTINGS,
    VERSION,
    Column,
    FieldKind,
    Section,
)
from openrecp.assessment.flowsheets.schema import section as section_named
from openrecp.assessment.flowsheets.workbook_reader import EXAMPLE_SIGN, PROPERTY_FORMAT
from openrecp.assessment.workbook.sheets.styles import Styles
from openrecp.balances.flowsheet import Quantity, Role
from openrecp.figures import Basis
from openrecp.texts import Choice, Language, Text, render, text

GUIDE: Final = text("Read me")
_LISTS: Final = "openrecp-lists"
_LINE: Final = 16.0
"""Height of a line of words [points]."""
_LINE_WIDTH: Final = 95
_WIDE_FROM: Final = 0x2E80
_SPARE_ROWS: Final = 200
_HEAD: Final = 3
_STEPS: Final = (
    text("Name the flowsheet, its unit of mass and its period on the sheet “Flowsheet”."),
    text(
        "Enter every process, then every stream with where it comes from and goes to; leave the end outside the plant empty."
    ),
    text(
        "Enter what was measured with its unit, such as 1,200 kg/month; leave empty what nobody knows: the balance finds it."
    ),
    text(
        "State how far each number may be off: ± 2 % is the half-width of a 95 % interval; write sd 3 kg for a standard "
        "deviation, limit 1 % for a tolerance, class 1.0, 0-200 kg/h for an instrument class."
    ),
    text("Count what lies in store at the beginning and at the end: what was bought is not what was used."),
    text("Rows that begin with → are examples and are not read."),
)
_EXAMPLES: Final[dict[str, dict[str, Text | str | Choice]]] = {
    "processes": {
        "key": "P1",
        "name": text("Nickel plating"),
        "energy_cost": "120,000",
        "system_cost": "300,000",
    },
    "streams": {
        "key": "F1",
        "name": text("Fresh water"),
        "to": "P1",
        "role": Role.INPUT,
        "flow": "12,000 kg/month",
        "uncertainty": "± 2 %",
        "basis": Basis.MEASURED,
        "price": "0.02",
    },
    "compositions": {"of": "F1", "component": "Ni", "share": "350 mg/kg", "uncertainty": "lab 5 %"},
    "stocks": {
        "key": "S1",
        "name": text("Chemical store"),
        "process": "P1",
        "opening": "250 kg",
        "opening_uncertainty": "sd 5 kg",
        "closing": "180 kg",
    },
    "components": {"key": "Ni", "name": text("Nickel"), "elements": "Ni 100 %", "price": "600"},
    "relations": {
        "key": "E1",
        "name": text("Two lines in the ratio 1 to 2"),
        "coefficient": "2",
        "quantity": Quantity.FLOW,
        "of": "F1",
    },
    "transfers": {"key": "T1", "process": "P1", "stream": "F1", "share": "5 %", "uncertainty": "± 1 points"},
    "reactions": {"key": "R1", "name": text("Deposition"), "process": "P1", "component": "Ni", "mass": "-1"},
    "media": {"key": "W", "name": text("Water"), "heat_capacity": "4.186 kJ/(kg·K)"},
    "correlations": {
        "quantity": Quantity.FLOW,
        "of": "F1",
        "with_quantity": Quantity.FLOW,
        "with": "F2",
        "coefficient": "0.5",
    },
    "readings": {
        "period": "2026-01",
        "quantity": Quantity.FLOW,
        "of": "F1",
        "value": "980 kg",
        "uncertainty": "± 2 %",
    },
}
_WIDTHS: Final = {
    FieldKind.KEY: 10.0,
    FieldKind.REFERENCE: 14.0,
    FieldKind.UNCERTAINTY: 20.0,
    FieldKind.YES_NO: 12.0,
    FieldKind.WORDS: 24.0,
}


def write_flowsheet_workbook(document: FlowsheetDocument, path: Path, language: Language) -> None:
    """Write a flowsheet as a workbook; reading it back gives the same document.

    Raises
    ------
    ValueError
        If the language is not known.
    """
    path.write_bytes(flowsheet_workbook(document, language))


def flowsheet_template(language: Language) -> bytes:
    """An empty workbook to fill in, with an example row on each sheet."""
    return flowsheet_workbook(FlowsheetDocument({}, {}), language)


def flowsheet_workbook(document: FlowsheetDocument, language: Language) -> bytes:
    """The bytes of :func:`write_flowsheet_workbook`.

    Raises
    ------
    ValueError
        If the language is not known.
    """
    render(GUIDE, language)
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False})
    styles = Styles(book, language)
    _write_guide(book.add_worksheet(render(GUIDE, language)), styles, language)
    _write_settings(book.add_worksheet(render(SETTINGS.title, language)), document, styles, language)
    pages = [(section, book.add_worksheet(render(section.title, language))) for section in SECTIONS]
    lists = _Lists(book, language)
    for section, sheet in pages:
        _write_section(sheet, section, document, styles, lists)
    lists.write()
    book.set_properties({"title": document.settings.get("name", ""), "comments": "OpenRECP"})
    book.set_custom_property(PROPERTY_FORMAT, str(VERSION))
    book.get_worksheet_by_name(render(SETTINGS.title, language)).activate()
    book.close()
    return target.getvalue()


class _Lists:
    """The lists behind drop-downs on a hidden sheet: answers in the workbook's language."""

    def __init__(self, book: Workbook, language: Language) -> None:
        self.language = language
        self._sheet = book.add_worksheet(_LISTS)
        self._sheet.very_hidden()
        self._columns: dict[str, list[str]] = {}

    def reference(self, name: str, answers: list[str]) -> str:
        """The formula of a list of answers."""
        if name not in self._columns:
            self._columns[name] = answers
        column = list(self._columns).index(name)
        return f"='{_LISTS}'!{xl_range_abs(0, column, len(answers) - 1, column)}"

    def choices(self, kind: type[Choice]) -> str:
        """The formula of the answers of a closed list."""
        return self.reference(kind.__name__, [render(choice, self.language) for choice in kind])

    def write(self) -> None:
        """Fill the hidden sheet."""
        for column, answers in enumerate(self._columns.values()):
            for row, words in enumerate(answers):
                self._sheet.write_string(row, column, words)


def _write_guide(sheet: Sheet, styles: Styles, language: Language) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 1, render(text("How to enter a flowsheet"), language), styles["title"])
    for number, step in enumerate(_STEPS, start=1):
        sheet.write_number(number + 1, 0, number, styles["step-number"])
        words = render(step, language)
        sheet.write_string(number + 1, 1, words, styles["step"])
        sheet.set_row(number + 1, _LINE * _lines(words))
    row = len(_STEPS) + 3
    for section in SECTIONS:
        sheet.write_string(
            row, 1, f"{render(section.title, language)}: {render(section.help, language)}", styles["note"]
        )
        row += 1


def _lines(words: str) -> int:
    """Lines that words take in the wide column; Chinese characters are twice as wide as others."""
    width = sum(2 if ord(each) > _WIDE_FROM else 1 for each in words)
    return max(math.ceil(width / _LINE_WIDTH), 1)


def _write_settings(sheet: Sheet, document: FlowsheetDocument, styles: Styles, language: Language) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 2, 60)
    sheet.write_string(0, 0, render(SETTINGS.title, language), styles["title"])
    for row, column in enumerate(SETTINGS.columns, start=2):
        sheet.write_string(row, 0, _heading(column, language), styles["label"])
        sheet.write_string(row, 1, document.settings.get(column.name, ""), styles["input-text"])
        if column.help is not None:
            sheet.write_string(row, 2, f"← {render(column.help, language)}", styles["help"])


def _heading(column: Column, language: Language) -> str:
    return f"{render(column.label, language)}{' *' if column.required else ''}"


def _write_section(
    sheet: Sheet, section: Section, document: FlowsheetDocument, styles: Styles, lists: _Lists
) -> None:
    language = lists.language
    rows = document.rows(section.name)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, render(section.title, language), styles["title"])
    sheet.write_string(1, 0, render(section.help, language), styles["purpose"])
    sheet.set_row(_HEAD, 2 * _LINE)
    last = _HEAD + len(rows) + _SPARE_ROWS
    for place, column in enumerate(section.columns):
        sheet.set_column(place, place, _WIDTHS.get(column.kind, 16.0))
        sheet.write_string(_HEAD, place, _heading(column, language), styles["heading"])
        if column.help is not None:
            sheet.write_comment(_HEAD, place, render(column.help, language))
        _validate(sheet, place, last, column, lists)
    first = _HEAD + 1
    if not rows:
        _write_example(sheet, section, styles, language)
        first += 1
    for number, row in enumerate(rows):
        _write_row(sheet, first + number, section, row, styles, language)
    sheet.freeze_panes(_HEAD + 1, 1)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD)


def _write_example(sheet: Sheet, section: Section, styles: Styles, language: Language) -> None:
    example = _EXAMPLES[section.name]
    for place, column in enumerate(section.columns):
        value = example.get(column.name, "")
        words = value if type(value) is str else render(value, language)
        sign = f"{EXAMPLE_SIGN} " if place == 0 else ""
        sheet.write_string(_HEAD + 1, place, sign + words, styles["calculated-text"])


def _answer(column: Column, words: str, language: Language) -> str:
    """The answer of a drop-down as it stands in it; anything else as typed."""
    choices = column.choices or ()
    chosen = next((each for each in choices if words == each.value), None)
    return words if chosen is None else render(chosen, language)


def _write_row(
    sheet: Sheet, number: int, section: Section, row: Row, styles: Styles, language: Language
) -> None:
    for place, column in enumerate(section.columns):
        words = _answer(column, row.get(column.name, ""), language)
        style = styles["input-key" if column.kind is FieldKind.KEY else "input-text"]
        # Everything stays as typed: a cell that Excel turned into a number would lose "1,200.0".
        sheet.write_string(number, place, words, style)


def _validate(sheet: Sheet, place: int, last: int, column: Column, lists: _Lists) -> None:
    """A drop-down that offers answers; what is typed otherwise is read or refused later."""
    if column.choices is not None:
        source = lists.choices(column.choices)
    elif column.kind is FieldKind.YES_NO:
        source = lists.reference("yes-no", [render(answer, lists.language) for answer in (True, False)])
    elif column.refers_to in ("processes", "components"):
        # The keys on the sheet of the processes or components, as far as they go.
        sheet_of = render(section_named(column.refers_to).title, lists.language)
        source = f"='{sheet_of}'!{xl_range_abs(_HEAD + 1, 0, last + _SPARE_ROWS, 0)}"
    else:
        return
    sheet.data_validation(
        _HEAD + 1,
        place,
        last,
        place,
        {"validate": "list", "source": source, "ignore_blank": True, "error_type": "warning"},
    )
