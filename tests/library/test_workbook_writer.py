from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from workbook_sample import sample

from openrecp.assessment.document import Assessment, assessment_from_data
from openrecp.assessment.spec import Currency, Layout, Record, RecordField, record_fields
from openrecp.assessment.workbook.layout import (
    BLOCK_MARK,
    CALCULATED_MARK,
    DATA_SHEET,
    DERIVED_MARK,
    ID_MARK,
    LISTS_SHEET,
    PROPERTY_ASSESSMENT,
    SUBJECTS_MARK,
    label_key,
    sheet_name,
)
from openrecp.assessment.workbook.sheets.cells import cell_content, number_content
from openrecp.assessment.workbook.sheets.lists import YEARLY_FACTORS
from openrecp.assessment.workbook.sheets.plan import plan_workbook
from openrecp.assessment.workbook.writer import write_template, write_workbook
from openrecp.assessment.worksheets.costs import CapitalItem
from openrecp.assessment.worksheets.registry import COVER, FULL, SIMPLIFIED
from openrecp.assessment.worksheets.streams import WasteStream
from openrecp.texts import LANGUAGES, Language, render

BOTH = pytest.mark.parametrize("language", LANGUAGES)


def opened(data: bytes, *, values: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(data), data_only=values)


def sheet_of(book: Workbook, number: str) -> Worksheet:
    sheet = next(book[name] for name in book.sheetnames if name.split(" ")[0] == number)
    assert isinstance(sheet, Worksheet)
    return sheet


def visible(book: Workbook) -> list[Worksheet]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


def row_marked(sheet: Worksheet, mark: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == mark)


def row_labelled(sheet: Worksheet, label: str, after: int = 1) -> int:
    wanted = label_key(label)
    return next(
        row
        for row in range(after, sheet.max_row + 1)
        if label_key(str(sheet.cell(row, 2).value or "")) == wanted
    )


def rules_on(sheet: Worksheet, address: str) -> list[Any]:
    return [rule for rule in sheet.data_validations.dataValidation if address in rule.sqref]


def list_behind(book: Workbook, rule: Any) -> list[object]:
    area = book.defined_names[str(rule.formula1)].attr_text
    sheet, cells = area.replace("$", "").split("!")
    column = book[sheet.strip("'")][cells]
    return [cell[0].value for cell in column] if isinstance(column, tuple) else [column.value]


@BOTH
@pytest.mark.parametrize("simplified", [False, True])
def test_a_template_has_one_sheet_a_worksheet_and_hides_the_machine_s_own(
    language: Language, simplified: bool
) -> None:
    book = opened(write_template(simplified=simplified, language=language))
    wanted = [sheet_name(sheet, language) for sheet in (COVER, *(SIMPLIFIED if simplified else FULL))]
    assert [sheet.title for sheet in visible(book)] == wanted
    assert {sheet.title: sheet.sheet_state for sheet in book.worksheets[len(wanted) :]} == {
        LISTS_SHEET: "veryHidden",
        DATA_SHEET: "veryHidden",
    }
    assert all(sheet.column_dimensions["A"].hidden for sheet in visible(book))


def test_a_template_is_kept_in_the_currency_asked_for() -> None:
    book = opened(write_template(simplified=True, language="en", currency=Currency.HKD))
    cover, profit = sheet_of(book, "0"), sheet_of(book, "S7")
    assert cover.cell(row_labelled(cover, "Currency"), 3).value == render(Currency.HKD, "en")
    assert "Cost [HKD] *" in [cell.value for cell in profit[row_labelled(profit, "Option No.")]]


@BOTH
def test_every_offered_record_has_its_own_permanent_id(language: Language) -> None:
    data = write_template(simplified=False, language=language)
    book = opened(data)
    streams = sheet_of(book, "8")
    offered = [cell.value for cell in streams[row_marked(streams, ID_MARK)][2:8]]
    costs = sheet_of(book, "14")
    first = row_marked(costs, ID_MARK) + 1
    offered += [costs.cell(row, 1).value for row in range(first, first + 40)]
    assert None not in offered
    assert len(set(offered)) == 46
    again = opened(write_template(simplified=False, language=language))
    assert again["openrecp"]["C1"].value != book["openrecp"]["C1"].value


def test_a_filled_workbook_keeps_the_ids_beside_the_records() -> None:
    assessment = sample()
    sheet = sheet_of(opened(write_workbook(assessment, "en")), "10")
    row = row_labelled(sheet, "Option No.")
    kept = [sheet.cell(row + 1 + index, 1).value for index in range(5)]
    assert kept == [option.id for option in assessment.options]


def test_ratings_keep_their_ids_and_order_on_the_hidden_sheet() -> None:
    assessment = sample()
    book = opened(write_workbook(assessment, "en"))
    rows = [[cell.value for cell in row] for row in book[DATA_SHEET].iter_rows()]
    ratings = [row for row in rows if row[0] == "rating"]
    assert [row[2] for row in ratings] == [rating.id for rating in assessment.stream_ratings]
    assert ratings[0][3:] == [assessment.stream_criteria[0].id, "W1"]
    assert not any(ratings[4][3:])
    assert ["assessment", "", assessment.id] in [row[:3] for row in rows]


def test_the_file_says_whose_assessment_it_holds() -> None:
    assessment = sample()
    with zipfile.ZipFile(io.BytesIO(write_workbook(assessment, "en"))) as package:
        properties = package.read("docProps/custom.xml").decode()
    assert f'name="{PROPERTY_ASSESSMENT}"><vt:lpwstr>{assessment.id}<' in properties


def test_a_rating_of_an_unknown_criterion_stands_in_a_table_of_its_own() -> None:
    sheet = sheet_of(opened(write_workbook(sample(), "en")), "9")
    row = row_marked(sheet, f"{BLOCK_MARK}stream_ratings")
    assert [cell.value for cell in sheet[row + 3][1:4]] == ["unknown", "W2", 1]


@given(
    st.decimals(min_value=-(10**15) + 1, max_value=10**15 - 1, places=4)
    | st.decimals(min_value=-1, max_value=1, places=15)
)
def test_a_number_is_a_number_only_where_the_file_gives_every_digit_back(value: Decimal) -> None:
    content = number_content(value)
    if isinstance(content, str):
        assert Decimal(content) == value
    else:
        assert Decimal(repr(float(f"{content:.16G}"))) == value


def test_entered_text_never_becomes_a_formula_a_link_or_a_number() -> None:
    typed = ["=1+1", "+A1", "-x", "@SUM(A1)", "{=1}", "https://example.org/", "007", "2026-01-01", "_x0041_"]
    roles = [{"function": "other", "name": words} for words in typed]
    data = write_workbook(assessment_from_data({"roles": roles}), "en")
    sheet = sheet_of(opened(data), "1")
    first = row_labelled(sheet, "Function") + 1
    cells = [sheet.cell(first + index, 3) for index in range(len(typed))]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * len(typed)
    assert [cell.value for cell in cells[:-1]] == typed[:-1]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert "_x005F_x0041_" in package.read("xl/sharedStrings.xml").decode()


def field_of(record: type[Record], name: str) -> RecordField:
    return next(field for field in record_fields(record) if field.name == name)


def test_dates_before_excel_s_calendar_agrees_are_text() -> None:
    field = RecordField("day", field_of(WasteStream, "number").kind, field_of(WasteStream, "number").spec)
    assert cell_content(field, date(1899, 12, 31), "en") == "1899-12-31"
    assert cell_content(field, date(1900, 2, 28), "en") == "1900-02-28"
    assert cell_content(field, date(1900, 3, 1), "en") == date(1900, 3, 1)


def test_a_filled_form_holds_real_dates_and_answers_in_the_language() -> None:
    sheet = sheet_of(opened(write_workbook(sample(), "zh-hant")), "0")
    day = sheet.cell(row_labelled(sheet, "日期"), 3)
    assert (day.value, day.number_format) == (datetime(2026, 3, 31), "yyyy-mm-dd")  # noqa: DTZ001 openpyxl's own
    assert sheet.cell(row_labelled(sheet, "幣別"), 3).value == render(Currency.TWD, "zh-hant")


@BOTH
def test_answers_offer_themselves_in_drop_downs(language: Language) -> None:
    book = opened(write_template(simplified=False, language=language))
    sheet = sheet_of(book, "14")
    heads = row_marked(sheet, ID_MARK)
    rule = rules_on(sheet, f"C{heads + 1}")[0]
    assert list_behind(book, rule) == [render(item, language) for item in CapitalItem]
    assert rule.errorStyle in (None, "stop")
    yes_no = sheet_of(book, "13")
    row = row_labelled(yes_no, render(field_of_13("feasible"), language))
    assert list_behind(book, rules_on(yes_no, f"C{row}")[0]) == [
        render(True, language),
        render(False, language),
    ]


def field_of_13(name: str) -> object:
    block = next(b for sheet in FULL for b in sheet.blocks if b.collection == "technical_feasibility")
    return field_of(block.record, name).spec.label


def test_units_and_numbers_of_other_sheets_are_offered_but_others_stay_possible() -> None:
    book = opened(write_template(simplified=False, language="en"))
    sheet = sheet_of(book, "8")
    row = row_labelled(sheet, "Generation: average: unit")
    unit = rules_on(sheet, f"C{row}")[0]
    assert list_behind(book, unit)[:2] == ["t/month", "t/yr"]
    assert unit.errorStyle == "warning"
    process = rules_on(sheet, f"C{row_labelled(sheet, 'From process No.')}")[0]
    assert process.errorStyle == "warning"
    assert "'5 Process information'!$B$" in book.defined_names[process.formula1].attr_text


@BOTH
def test_forms_lock_their_labels_and_tables_stay_open(language: Language) -> None:
    book = opened(write_template(simplified=False, language=language))
    form, table = sheet_of(book, "3"), sheet_of(book, "8")
    first = row_marked(form, f"{BLOCK_MARK}site") + 1
    assert form.protection.sheet
    assert not form.protection.password
    assert form.cell(first, 2).protection.locked
    assert not form.cell(first, 3).protection.locked
    assert sheet_of(book, "15").protection.sheet
    assert not table.protection.sheet
    guard = rules_on(table, f"B{row_marked(table, ID_MARK) + 1}")[0]
    assert (guard.type, guard.formula1) == ("custom", "FALSE")


@BOTH
@pytest.mark.parametrize("simplified", [False, True])
def test_drop_downs_do_not_overlap_and_headings_of_a_table_differ(
    language: Language, simplified: bool
) -> None:
    book = opened(write_workbook(sample(simplified=simplified), language))
    for sheet in visible(book):
        covered: set[str] = set()
        for rule in sheet.data_validations.dataValidation:
            for area in rule.sqref.ranges:
                cells = {f"{get_column_letter(c)}{r}" for r, c in area.cells}
                assert not cells & covered, (sheet.title, area)
                covered |= cells
        for table in sheet.tables.values():
            names = [column.name.casefold() for column in table.tableColumns]
            assert len(set(names)) == len(names), (sheet.title, table.name)


def test_the_matrix_multiplies_sums_and_ranks_at_once() -> None:
    sheet = sheet_of(opened(write_workbook(sample(), "en"), values=True), "9")
    subjects = row_marked(sheet, SUBJECTS_MARK)
    assert [sheet.cell(subjects, column).value for column in (5, 7, 9)] == ["W1", "W2", "W3"]
    assert sheet.cell(subjects + 1, 5).value == "Rinse water with nickel"
    first = row_labelled(sheet, "Criterion No.") + 1
    assert [sheet.cell(first, column).value for column in range(2, 7)] == [
        "compliance",
        "Regulatory compliance",
        8,
        7,
        56,
    ]
    totals = row_marked(sheet, f"{DERIVED_MARK}totals")
    assert [sheet.cell(totals, column).value for column in (5, 7)] == [56 + 90, 65 + 10]
    assert [sheet.cell(totals + 1, column).value for column in (5, 7)] == [1, 2]
    assert not sheet.cell(totals, 9).value


def test_a_stream_costs_what_was_entered_or_else_the_sum_of_its_elements() -> None:
    sheet = sheet_of(opened(write_workbook(sample(), "en"), values=True), "9")
    row = row_labelled(sheet, "ƒ Management cost a year")
    # 18 t at 4.5 a kg, 18 t at 800 a t, and a bill of 3,600.50; the price per box cannot be used.
    assert [sheet.cell(row, column).value for column in (5, 7)] == [225000, 81000 + 14400 + 3600.5]
    assert not sheet.cell(row, 9).value


@pytest.mark.parametrize("simplified", [False, True])
def test_payback_is_that_of_appendix_3(simplified: bool) -> None:
    book = opened(write_workbook(sample(simplified=simplified), "en"), values=True)
    sheet = sheet_of(book, "S7" if simplified else "15")
    first = row_marked(sheet, f"{DERIVED_MARK}payback") + 3
    rows = [[sheet.cell(first + index, column).value for column in range(2, 9)] for index in range(5)]
    assert rows[1][:6] == ["O2", "Drip tray and deionised water", 11700, 22500, 11250, 11250]
    paybacks = [row[6] for row in rows]
    assert [round(float(str(years)), 2) for years in paybacks[:3]] == [0.35, 1.04, 8.07]
    assert paybacks[3:] == ["no capital", "no saving"]


def test_a_price_per_kilogram_costs_an_amount_in_tonnes() -> None:
    sheet = sheet_of(opened(write_workbook(sample(), "en"), values=True), "6")
    row = row_labelled(sheet, "ƒ Consumption × price")
    assert sheet.cell(row, 1).value == CALCULATED_MARK
    assert [sheet.cell(row, column).value for column in (3, 4)] == [18.5 * 1000 * 160, 1500 * 12 * 12]
    assert not sheet.cell(row, 5).value
    assert YEARLY_FACTORS["kg|t/month"] == 12000


def test_totals_of_the_rows_shown_stand_above_the_cost_tables() -> None:
    sheet = sheet_of(opened(write_workbook(sample(), "en"), values=True), "14")
    assert sheet.cell(row_labelled(sheet, "Total of the rows shown"), 4).value == 987325


def test_the_month_plan_shades_every_month_of_a_task() -> None:
    sheet = sheet_of(opened(write_workbook(sample(), "en")), "17")
    heads = row_labelled(sheet, "Option No.", after=row_marked(sheet, f"{BLOCK_MARK}plan_tasks"))
    months = [cell.value for cell in sheet[heads] if isinstance(cell.value, int)]
    assert months == list(range(1, 25))
    formulas = [
        rule.formula[0]
        for area in sheet.conditional_formatting
        for rule in area.rules
        if rule.formula and "COUNT(" in rule.formula[0]
    ]
    assert formulas == [
        f"AND(COUNT($E{heads + 1},$F{heads + 1})=2,G${heads}>=$E{heads + 1},G${heads}<=$F{heads + 1})"
    ]


def test_a_simplified_workbook_shows_what_its_worksheets_have_no_place_for() -> None:
    book = opened(write_workbook(sample(simplified=True), "en"))
    extra = [sheet.title.split(" ")[0] for sheet in visible(book)[1 + len(SIMPLIFIED) :]]
    assert extra == ["1", "5", "8", "12", "13"]
    streams = sheet_of(book, "S5")
    assert streams.cell(row_labelled(streams, "pH"), 4).value == 8.5
    flows = sheet_of(book, "5")
    marks = [flows.cell(row, 1).value for row in range(1, flows.max_row + 1)]
    assert [mark for mark in marks if str(mark).startswith(BLOCK_MARK)] == [f"{BLOCK_MARK}flows"]


def test_no_field_with_data_is_left_out_of_a_simplified_workbook() -> None:
    assessment = sample(simplified=True)
    plan = plan_workbook(assessment, "en")
    for sheet in (COVER, *FULL):
        for block in sheet.blocks:
            for record in assessment.records(block.collection):
                for field in record_fields(type(record)):
                    if block.layout is Layout.MATRIX or getattr(record, field.name) in (None, ()):
                        continue
                    assert plan.cells(block.collection, field.name), (block.collection, field.name)


def test_checklists_of_a_new_workbook_name_what_to_look_for() -> None:
    book = opened(write_template(simplified=False, language="en"))
    documents, matrix = sheet_of(book, "5"), sheet_of(book, "12")
    row = row_marked(documents, f"{BLOCK_MARK}documents") + 3
    assert documents.cell(row, 2).value == "Process flow diagram"
    criteria = row_labelled(matrix, "Criterion No.") + 1
    assert [matrix.cell(criteria, column).value for column in (2, 3, 4)] == [
        "reduce-waste",
        "Reduction of the waste quantity",
        None,
    ]
    prefilled = [row[2].value for row in book[DATA_SHEET].iter_rows() if row[0].value == "prefilled"]
    assert documents.cell(row, 1).value in prefilled
    assert matrix.cell(criteria, 1).value in prefilled


def formulas_of(book: Workbook) -> Iterator[tuple[str, str]]:
    for sheet in visible(book):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate


@pytest.mark.parametrize(("language", "simplified"), [("en", False), ("zh-hant", True)])
def test_another_program_calculates_what_was_written_beside_each_formula(
    language: Language, simplified: bool, tmp_path: Path
) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    data = write_workbook(sample(simplified=simplified), language)
    written, kept = opened(data), opened(data, values=True)
    (tmp_path / "in").mkdir()
    # Saved by openpyxl the formulas have no values any more, so that they must be calculated.
    written.save(tmp_path / "in" / "book.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path)]
    command.append(str(tmp_path / "in" / "book.xlsx"))
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    calculated = load_workbook(tmp_path / "book.xlsx", data_only=True)
    places = list(formulas_of(written))
    assert len(places) > 250
    for sheet, cell in places:
        here, there = kept[sheet][cell].value or "", calculated[sheet][cell].value or ""
        if isinstance(here, (int, float)) and isinstance(there, (int, float)):
            assert there == pytest.approx(here), (sheet, cell)
        else:
            assert there == here, (sheet, cell)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown language"):
        write_workbook(Assessment(), "fr")  # type: ignore[arg-type]
