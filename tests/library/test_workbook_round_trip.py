"""What goes into a workbook or a JSON document comes out again, whole."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from assessment_strategies import assessments
from filling import Filling
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import MergedCell
from workbook_sample import SAMPLE

from openrecp.assessment.document import (
    COLLECTIONS,
    Assessment,
    assessment_from_data,
    assessment_from_json,
    assessment_to_json,
)
from openrecp.assessment.evaluation import evaluate
from openrecp.assessment.files import read_assessment
from openrecp.assessment.workbook.layout import BLOCK_MARK
from openrecp.assessment.workbook.reader import WorkbookReading, read_workbook
from openrecp.assessment.workbook.writer import write_template, write_workbook
from openrecp.assessment.worksheets.funding import FundingKind
from openrecp.assessment.worksheets.risk import UncertainSubject
from openrecp.texts import LANGUAGES, Language, render

# Writing a whole workbook takes a fifth of a second: fewer examples than where nothing is written.
_FEWER = settings(max_examples=max(25, settings().max_examples // 3))
_CALLED_NOTHING = {
    "unit-unknown",
    "unit-malformed",
    "unit-ambiguous",
    "unit-no-fixed-size",
    "unit-of-other-kind",
}
"""Findings about values that are kept all the same: units nobody knows, numbers nobody would mean."""
_KEPT = _CALLED_NOTHING | {"number-outside-limits"}


def _read_back(assessment: Assessment, language: Language) -> WorkbookReading:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plant.xlsx"
        path.write_bytes(write_workbook(assessment, language))
        return read_workbook(path)


def _same(one: Assessment, other: Assessment) -> None:
    for name in COLLECTIONS:
        assert getattr(one, name) == getattr(other, name), name
    assert one == other


@_FEWER
@given(assessments(), st.sampled_from(LANGUAGES))
def test_document_to_workbook_to_document_loses_nothing(assessment: Assessment, language: Language) -> None:
    reading = _read_back(assessment, language)
    _same(assessment, reading.assessment)
    assert reading.language == language
    assert {issue.code for issue in reading.issues} <= _KEPT
    assert not reading.sheets_passed_over
    for path, where in reading.places.items():
        assert where.path == path
        assert where.sheet in reading.sheets_read
        assert where.cell


@given(assessments())
def test_document_to_json_to_document_loses_nothing(assessment: Assessment) -> None:
    _same(assessment, assessment_from_json(assessment_to_json(assessment)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("simplified", [False, True])
def test_the_sample_comes_back_whole_and_without_a_finding(language: Language, simplified: bool) -> None:
    assessment = assessment_from_data(SAMPLE).model_copy(update={"simplified": simplified})
    reading = _read_back(assessment, language)
    _same(assessment, reading.assessment)
    assert {issue.code for issue in reading.issues} <= _KEPT


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("simplified", [False, True])
def test_an_empty_template_reads_as_an_empty_assessment(
    tmp_path: Path, language: Language, simplified: bool
) -> None:
    path = tmp_path / "empty.xlsx"
    path.write_bytes(write_template(simplified=simplified, language=language))
    reading = read_workbook(path)
    assert reading.issues == ()
    assert reading.assessment.simplified is simplified
    assert not any(reading.assessment.records(name) for name in COLLECTIONS if name not in _FORMS)


_FORMS = {"cover", "goals", "site", "financial_terms"}


def test_json_and_workbook_give_the_same_kind_of_reading(tmp_path: Path) -> None:
    assessment = assessment_from_data(SAMPLE)
    as_json, as_workbook = tmp_path / "plant.json", tmp_path / "plant.xlsx"
    as_json.write_text(assessment_to_json(assessment), encoding="utf-8")
    as_workbook.write_bytes(write_workbook(assessment, "zh-hant"))
    one, other = read_assessment(as_json), read_assessment(as_workbook)
    assert one.assessment == other.assessment == assessment
    assert (one.language, other.language) == (None, "zh-hant")
    assert "waste_streams[W1].generation" in other.places


_LATER = ("option_funding", "uncertain_inputs", "avoided_events", "replacements", "avoided_quantities")
"""Tables that worksheets 11, 14 and 16 did not have at first."""


def _without_later_tables(filling: Filling) -> None:
    """Take out of a workbook what earlier ones did not have."""
    for collection in _LATER:
        sheet, top = filling.block(collection)
        below = next(
            (
                row
                for row in range(top + 1, sheet.max_row + 1)
                if str(sheet.cell(row, 1).value or "").startswith(BLOCK_MARK)
            ),
            sheet.max_row + 1,
        )
        for table in list(sheet.tables):
            if table == f"records_{collection}":
                del sheet.tables[table]
        for row in range(top, below):
            for column in range(1, sheet.max_column + 1):
                cell = sheet.cell(row, column)
                if not isinstance(cell, MergedCell):
                    cell.value = None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_from_before_ways_of_paying_still_opens(tmp_path: Path, language: Language) -> None:
    filling = Filling(language)
    filling.put("options", number="O1", name="Tray")
    filling.put("capital_costs", option="O1", amount=5000)
    filling.put("financial_terms", discount_rate=12, loan_share=40)
    _without_later_tables(filling)
    for field in ("capital_budget", "inflation", "losses", "loan_repayment"):
        filling.heading("financial_terms", field).value = None
    reading = filling.read(tmp_path)
    assert {issue.code for issue in reading.issues} == set()
    assert reading.assessment.capital_costs[0].option == "O1"
    assert reading.assessment.financial_terms.discount_rate == 12
    assert not any(reading.assessment.records(collection) for collection in _LATER)


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_about_the_terms_lead_to_their_cells(tmp_path: Path, language: Language) -> None:
    filling = Filling(language)
    filling.put("options", number="O1", name="Tray")
    filling.put("capital_costs", option="O1", amount=5000)
    filling.put("operating_changes", option="O1", gain=2500)
    filling.put("option_funding", option="O1", kind=render(FundingKind.LEASE, language), payment=900)
    filling.put(
        "uncertain_inputs",
        option="O1",
        subject=render(UncertainSubject.CAPITAL, language),
        low=6000,
        high=4000,
    )
    filling.put("financial_terms", construction_shares="a third, then the rest")
    filling.read(tmp_path)
    reading = read_assessment(tmp_path / "plant.xlsx")
    found = {issue.code: issue.where for issue in reading.placed(evaluate(reading.assessment).issues)}
    for code, collection, field in (
        # Nothing stands in the cell of the term: the first one of its record is as near as it gets.
        ("funding-incomplete", "option_funding", "option"),
        ("uncertain-limits-reversed", "uncertain_inputs", "low"),
        ("shares-unreadable", "financial_terms", "construction_shares"),
    ):
        assert found[code].sheet == filling.sheet(collection).title
        assert found[code].cell == filling.cell(collection, field).coordinate
