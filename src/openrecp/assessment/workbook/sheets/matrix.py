"""Criteria matrices: weights and ratings, with R×W, sums and ranks calculated beside them."""

from __future__ import annotations

from typing import Final

from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from openrecp.assessment.spec import Kind, RecordField, record_fields
from openrecp.assessment.workbook.layout import (
    CALCULATED_MARK,
    CALCULATED_SIGN,
    DERIVED_MARK,
    REQUIRED_SIGN,
    STANDARD_CRITERIA,
    SUBJECTS_MARK,
    value_label,
)
from openrecp.assessment.workbook.sheets import live
from openrecp.assessment.workbook.sheets.cells import number_content, write_content
from openrecp.assessment.workbook.sheets.page import Page, write_block_head
from openrecp.assessment.workbook.sheets.plan import FIRST_PAIR, Placed
from openrecp.assessment.worksheets.registry import blocks_by_collection
from openrecp.assessment.worksheets.streams import Criterion, Rating
from openrecp.texts import text

_NUMBER, _NAME, _WEIGHT = 1, 2, 3
RATED_TIMES_WEIGHT: Final = text("R×W")
_RATED: Final = text("R")
_SUM: Final = text("Σ R×W")
_RANK: Final = text("Rank")
_FIELDS = {field.name: field for field in record_fields(Criterion)}
_RATING = next(field for field in record_fields(Rating) if field.name == "rating")


def write_matrix(page: Page, placed: Placed) -> None:
    """The matrix: what is rated above, criteria down, sums and ranks below."""
    write_block_head(page, placed)
    for column, width in ((_NUMBER, 22), (_NAME, 30), (_WEIGHT, 11)):
        page.widen(column, width)
    for pair in range(len(placed.subjects)):
        page.widen(FIRST_PAIR + 2 * pair, 9)
        page.widen(FIRST_PAIR + 2 * pair + 1, 9)
    _write_subjects(page, placed)
    _write_headings(page, placed)
    _write_criteria(page, placed)
    _write_ratings(page, placed)
    _write_sums(page, placed)


def _subject_field(placed: Placed) -> RecordField:
    record = blocks_by_collection()[str(placed.block.subjects)].record
    return next(field for field in record_fields(record) if field.name == "number")


def _write_subjects(page: Page, placed: Placed) -> None:
    sheet, styles, subjects = page.sheet, page.styles, str(placed.block.subjects)
    page.mark(placed.head, SUBJECTS_MARK)
    field = _subject_field(placed)
    sheet.merge_range(placed.head, 1, placed.head, _WEIGHT, page.words(field.spec.label), styles["label"])
    name = page.lists.numbers(subjects)
    for pair, subject in enumerate(placed.subjects):
        column = FIRST_PAIR + 2 * pair
        sheet.merge_range(placed.head, column, placed.head, column + 1, "", styles["input-key"])
        write_content(sheet, placed.head, column, subject or None, styles["input-key"])
        if name is not None:
            rule = {**page.lists.unknown_number(), "validate": "list", "source": f"={name}"}
            sheet.data_validation(placed.head, column, placed.head, column, rule)
    for row, fact in enumerate(placed.facts, start=placed.head + 1):
        _write_fact(page, placed, row, fact)


def _write_fact(page: Page, placed: Placed, row: int, fact: RecordField) -> None:
    sheet, styles = page.sheet, page.styles
    page.mark(row, CALCULATED_MARK)
    label = page.words(fact.spec.label)
    if fact.kind is Kind.MONEY:
        label += f" [{page.plan.assessment.currency.value}]"
    sheet.merge_range(row, 1, row, _WEIGHT, f"{CALCULATED_SIGN} {label}", styles["calculated-label"])
    style = styles["calculated-money" if fact.kind is Kind.MONEY else "calculated-centre"]
    for pair, subject in enumerate(placed.subjects):
        column = FIRST_PAIR + 2 * pair
        header = xl_rowcol_to_cell(placed.head, column, row_abs=True)
        result = live.subject_fact(
            page.plan, str(placed.block.subjects), fact, header, subject, page.language
        )
        sheet.merge_range(row, column, row, column + 1, "", style)
        sheet.write_formula(row, column, result.formula, style, result.value)
        page.fit(row, column, result.value, 2)
    sheet.data_validation(row, 1, row, placed.right, page.lists.guard())


def _write_headings(page: Page, placed: Placed) -> None:
    row, styles = placed.first - 1, page.styles
    for column, name in ((_NUMBER, "number"), (_NAME, "name"), (_WEIGHT, "weight")):
        field = _FIELDS[name]
        sign = f" {REQUIRED_SIGN}" if field.spec.required else ""
        page.sheet.write_string(row, column, value_label(field, page.language) + sign, styles["heading"])
        page.fit(row, column, value_label(field, page.language) + sign)
    for pair in range(len(placed.subjects)):
        column = FIRST_PAIR + 2 * pair
        page.sheet.write_string(row, column, page.words(_RATED), styles["heading-rating"])
        product = f"{CALCULATED_SIGN} {page.words(RATED_TIMES_WEIGHT)}"
        page.sheet.write_string(row, column + 1, product, styles["heading-product"])
    page.sheet.data_validation(row, 1, row, placed.right, page.lists.guard())


def _last(placed: Placed) -> int:
    return placed.first + len(placed.records) - 1


def _criteria(placed: Placed) -> list[Criterion]:
    return [record for record in placed.records if isinstance(record, Criterion)]


def _write_criteria(page: Page, placed: Placed) -> None:
    sheet, styles, known = page.sheet, page.styles, STANDARD_CRITERIA[placed.block.collection]
    for row, record in enumerate(_criteria(placed), start=placed.first):
        page.mark(row, record.id)
        name = record.name
        if name is None and record.number is not None and record.number in known:
            name = page.words(known[record.number])
        write_content(sheet, row, _NUMBER, record.number, styles["input-text"])
        write_content(sheet, row, _NAME, name, styles["input-text"])
        page.fit(row, _NAME, name)
        weight = None if record.weight is None else number_content(record.weight)
        write_content(sheet, row, _WEIGHT, weight, styles["input-number"])
    for column, field in ((_NUMBER, "number"), (_NAME, "name"), (_WEIGHT, "weight")):
        sheet.data_validation(placed.first, column, _last(placed), column, page.lists.rule(_FIELDS[field]))


def _ratings_of(page: Page, placed: Placed, subject: str) -> list[Rating | None]:
    """The ratings of one subject, a criterion each; of two criteria with one number the first has them."""
    found = {
        rating.criterion: rating
        for rating in page.plan.assessment.records(str(placed.block.ratings))
        if isinstance(rating, Rating) and rating.subject == subject and rating.id not in page.plan.misfits
    }
    return [found.pop(criterion.number, None) for criterion in _criteria(placed)]


def _write_ratings(page: Page, placed: Placed) -> None:
    sheet, styles = page.sheet, page.styles
    for pair, subject in enumerate(placed.subjects):
        column = FIRST_PAIR + 2 * pair
        ratings = _ratings_of(page, placed, subject)
        for row, (record, rating) in enumerate(
            zip(_criteria(placed), ratings, strict=True), start=placed.first
        ):
            content = None if rating is None or rating.rating is None else number_content(rating.rating)
            write_content(sheet, row, column, content, styles["input-number"])
            weight = xl_rowcol_to_cell(row, _WEIGHT, col_abs=True)
            rated = xl_rowcol_to_cell(row, column)
            formula = f'=IF(COUNT({weight},{rated})<2,"",{weight}*{rated})'
            sheet.write_formula(
                row, column + 1, formula, styles["calculated-number"], _product(record, rating)
            )
        sheet.data_validation(placed.first, column, _last(placed), column, page.lists.rule(_RATING))
        guarded = (placed.first, column + 1, _last(placed), column + 1)
        sheet.data_validation(*guarded, page.lists.guard())


def _product(record: Criterion, rating: Rating | None) -> live.Value:
    weight = live.as_number(record.weight)
    rated = live.as_number(rating.rating) if rating else None
    return "" if weight is None or rated is None else weight * rated


def _write_sums(page: Page, placed: Placed) -> None:
    """Sum and rank of each subject; the sum needs no R×W cell, so inserted rows count too."""
    sheet, styles = page.sheet, page.styles
    row, last = placed.end - 2, _last(placed)
    page.mark(row, f"{DERIVED_MARK}totals")
    for at, words in ((row, _SUM), (row + 1, _RANK)):
        sheet.merge_range(at, 1, at, _WEIGHT, page.words(words), styles["total-label"])
    sums = [_sum(page, placed, subject) for subject in placed.subjects]
    numbers = [value for value in sums if isinstance(value, float)]
    weights = xl_range_abs(placed.first, _WEIGHT, last, _WEIGHT)
    totals = xl_range_abs(row, FIRST_PAIR, row, placed.right)
    for pair, value in enumerate(sums):
        column = FIRST_PAIR + 2 * pair
        rated = xl_range(placed.first, column, last, column)
        total = xl_rowcol_to_cell(row, column)
        rank: live.Value = 1 + sum(each > value for each in numbers) if isinstance(value, float) else ""
        for at, formula, result in (
            (row, f'=IF(COUNT({rated})=0,"",SUMPRODUCT({weights},{rated}))', value),
            (row + 1, f'=IF({total}="","",RANK({total},{totals}))', rank),
        ):
            sheet.merge_range(at, column, at, column + 1, "", styles["total"])
            sheet.write_formula(at, column, formula, styles["total"], result)
    sheet.data_validation(row, 1, row + 1, placed.right, page.lists.guard())
    if placed.subjects:
        first = xl_rowcol_to_cell(row + 1, FIRST_PAIR)
        sheet.conditional_format(
            row + 1,
            FIRST_PAIR,
            row + 1,
            placed.right,
            {"type": "formula", "criteria": f"={first}=1", "format": styles.rule("best")},
        )


def _sum(page: Page, placed: Placed, subject: str) -> live.Value:
    rated = [
        (live.as_number(record.weight) or 0, number)
        for record, rating in zip(_criteria(placed), _ratings_of(page, placed, subject), strict=True)
        if rating is not None and (number := live.as_number(rating.rating)) is not None
    ]
    return float(sum(weight * number for weight, number in rated)) if rated else ""
