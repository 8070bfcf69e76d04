"""What goes into a workbook or a JSON document comes out again, whole."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from assessment_strategies import assessments
from hypothesis import given, settings
from hypothesis import strategies as st
from workbook_sample import SAMPLE

from openrecp.assessment.document import (
    COLLECTIONS,
    Assessment,
    assessment_from_data,
    assessment_from_json,
    assessment_to_json,
)
from openrecp.assessment.files import read_assessment
from openrecp.assessment.workbook.reader import WorkbookReading, read_workbook
from openrecp.assessment.workbook.writer import write_template, write_workbook
from openrecp.texts import LANGUAGES, Language

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
