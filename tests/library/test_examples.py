"""The built-in examples: one document in two languages, with the numbers of their sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from openrecp.assessment.document import (
    COLLECTIONS,
    Assessment,
    assessment_from_json,
    assessment_to_json,
)
from openrecp.assessment.evaluation import evaluate
from openrecp.assessment.evaluation.option_results import Fate
from openrecp.assessment.examples import EXAMPLES, example_assessment, example_files, example_names
from openrecp.assessment.spec import Kind, Record, RecordField, UnitPrice, record_fields
from openrecp.assessment.workbook.reader import read_workbook
from openrecp.assessment.worksheets.options import Hierarchy
from openrecp.errors import Severity
from openrecp.texts import LANGUAGES, Language, render
from openrecp.units import parse_unit

ASSESSMENTS = ("metal-finishing", "small-plant")
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
BROKEN_CHINESE = re.compile(
    r"[\u3000-\u9fff\uff00-\uffef] +[\u3000-\u9fff\uff00-\uffef]|[\u4e00-\u9fff][,;:?!]"
)

every_assessment = pytest.mark.parametrize("name", ASSESSMENTS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def cells(assessment: Assessment) -> Iterator[tuple[str, Record, RecordField, object]]:
    for collection in COLLECTIONS:
        for record in assessment.records(collection):
            for field in record_fields(type(record)):
                yield collection, record, field, getattr(record, field.name)


def test_eight_examples_are_built_in() -> None:
    assert example_names() == (
        "metal-finishing",
        "small-plant",
        "process-unit",
        "measures",
        "ways-of-paying",
        "balance",
        "recycle",
        "screening",
    )
    assert set(example_files("process-unit")) == {"economics-60-40.yaml", "economics-all-equity.yaml"}
    assert set(example_files("screening")) == {"screening.csv", "screening-zh-hant.csv"}
    with pytest.raises(KeyError):
        example_files("no-such-example")
    with pytest.raises(KeyError):
        example_assessment("screening", "en")


@every_assessment
def test_an_assessment_comes_as_workbook_and_json_in_both_languages(name: str, tmp_path: Path) -> None:
    files = example_files(name)
    assert set(files) == {f"{name}-{language}.{kind}" for language in LANGUAGES for kind in ("xlsx", "json")}
    for language in LANGUAGES:
        read = assessment_from_json(files[f"{name}-{language}.json"])
        assert read == example_assessment(name, language)
        workbook = tmp_path / f"{name}-{language}.xlsx"
        workbook.write_bytes(files[workbook.name])
        reading = read_workbook(workbook)
        assert reading.issues == ()
        assert reading.assessment == read


@every_assessment
def test_both_languages_are_the_same_document(name: str) -> None:
    english, chinese = (example_assessment(name, language) for language in LANGUAGES)
    assert english.id == chinese.id
    for one, other in zip(cells(english), cells(chinese), strict=True):
        assert one[0] == other[0]
        assert one[1].id == other[1].id
        if one[2].kind is not Kind.WORDS:
            assert one[3] == other[3], (one[0], one[2].name)
        else:
            assert (one[3] is None) == (other[3] is None)


def test_ids_stay_what_they_are() -> None:
    metal, small = (example_assessment(name, "en") for name in ASSESSMENTS)
    assert metal.id == "239e222138b35b168aeb8905d746e0e6"
    assert metal.waste_streams[0].id == "3be37b81c0065369bd1d3a34f0a0e979"
    assert small.capital_costs[0].id == "af5d97ef44f45ca7b37969665ce4606d"


@every_assessment
def test_every_word_is_in_its_own_language(name: str) -> None:
    for collection, _, field, value in cells(example_assessment(name, "en")):
        assert not (isinstance(value, str) and CHINESE.search(value)), (collection, field.name, value)
    codes = {"project_number", "file_number"}
    codes |= {
        field.name for _, _, field, _ in cells(example_assessment(name, "en")) if "uncertainty" in field.name
    }
    for collection, _, field, value in cells(example_assessment(name, "zh-hant")):
        if field.kind is Kind.WORDS and isinstance(value, str) and field.name not in codes:
            assert CHINESE.search(value), (collection, field.name, value)
            assert not BROKEN_CHINESE.search(value), (collection, field.name, value)


@every_assessment
def test_every_reference_names_a_record(name: str) -> None:
    assessment = example_assessment(name, "en")
    numbers = {
        collection: {getattr(record, "number", None) for record in assessment.records(collection)}
        for collection in COLLECTIONS
    }
    for collection, _, field, value in cells(assessment):
        if field.spec.refers_to is not None and value is not None:
            named = value if isinstance(value, tuple) else (value,)
            assert set(named) <= numbers[field.spec.refers_to], (collection, field.name, value)
    for ratings, criteria, subjects in (
        ("stream_ratings", "stream_criteria", "waste_streams"),
        ("option_ratings", "option_criteria", "options"),
    ):
        pairs = {(each.criterion, each.subject) for each in getattr(assessment, ratings)}
        if pairs:
            assert pairs == {(one, other) for one in numbers[criteria] for other in numbers[subjects]}


@every_assessment
def test_every_unit_is_known_and_every_amount_within_its_limits(name: str) -> None:
    for collection, _, field, value in cells(example_assessment(name, "en")):
        if field.kind is Kind.QUANTITY and value is not None:
            unit = parse_unit(value.unit)  # type: ignore[attr-defined]
            assert unit.dimension in {parse_unit(each).dimension for each in field.spec.units}, collection
        if isinstance(value, UnitPrice):
            assert parse_unit(value.per).symbol
        if isinstance(value, (Decimal, int)):
            assert field.spec.minimum is None or value >= field.spec.minimum
            assert field.spec.maximum is None or value <= field.spec.maximum


@every_assessment
def test_nothing_that_is_required_is_left_empty(name: str) -> None:
    assessment = example_assessment(name, "en")
    empty = {
        (collection, getattr(record, "number", None), field.name)
        for collection, record, field, value in cells(assessment)
        if field.spec.required
        and (value is None or value == ())
        and (field.spec.simplified or not assessment.simplified)
    }
    assert empty == set()


def sums(assessment: Assessment, option: str) -> tuple[Decimal, ...]:
    capital = [cost.amount for cost in assessment.capital_costs if cost.option == option and cost.amount]
    changes = [change for change in assessment.operating_changes if change.option == option]
    return (
        sum((amount.amount for amount in capital), Decimal(0)),
        sum((change.gain.amount for change in changes if change.gain), Decimal(0)),
        sum((change.expense.amount for change in changes if change.expense), Decimal(0)),
    )


@pytest.mark.parametrize(
    ("option", "capital", "gains", "expenses"),
    [("O4", 5000, 14300, 0), ("O6", 11700, 22500, 11250), ("O11", 70625, 8750, 0), ("O13", 0, 0, 0)],
)
def test_costs_are_those_of_appendix_3(option: str, capital: int, gains: int, expenses: int) -> None:
    assert sums(example_assessment("metal-finishing", "en"), option) == (
        Decimal(capital),
        Decimal(gains),
        Decimal(expenses),
    )


@every_language
def test_the_evaluation_gives_the_paybacks_of_appendix_3(language: Language) -> None:
    evaluation = evaluate(example_assessment("metal-finishing", language))
    published = {
        "O4": (0.35, Fate.RECOMMENDED),
        "O6": (1.04, Fate.RECOMMENDED),
        "O11": (8.07, Fate.NOT_RECOMMENDED),
    }
    for number, (years, fate) in published.items():
        option = evaluation.option(number)
        assert option is not None
        assert option.economics is not None
        assert option.economics.payback.value == pytest.approx(years, abs=0.005)
        assert option.fate is fate
    assert [option.number for option in evaluation.immediate] == ["O13"]
    assert [option.number for option in evaluation.options if option.contained_in] == ["O4"]
    assert evaluation.selected is not None
    assert evaluation.selected.payback.value == pytest.approx(1.04)


def test_the_four_options_studied_lead_the_screening() -> None:
    ranking = evaluate(example_assessment("metal-finishing", "en")).option_ranking
    assert {standing.number for standing in ranking.standings[:4]} == {"O4", "O6", "O11", "O13"}


def test_the_findings_about_the_examples_are_those_they_mean_to_show() -> None:
    found = {
        name: {
            issue.code
            for issue in evaluate(example_assessment(name, "en")).issues
            if issue.severity is not Severity.NOTE
        }
        for name in ASSESSMENTS
    }
    # A sump that mixes wastes and loses more water than its meters explain, trays that alone are worth more than with the
    # deioniser; a sludge dryer where less sludge could arise, and water that nobody listed: 4.8 %, from good water meters.
    assert found["metal-finishing"] == {"stream-mixed", "loss-beyond-meters", "part-worth-more"}
    assert found["small-plant"] == {"treatment-before-reduction", "loss-beyond-meters"}


def test_every_example_says_what_it_shows() -> None:
    assert tuple(EXAMPLES) == example_names()
    assert all(render(summary, "zh-hant") != render(summary, "en") for summary in EXAMPLES.values())


def test_the_small_plant_shows_every_class_of_the_hierarchy_and_balances_roughly() -> None:
    assessment = example_assessment("small-plant", "en")
    assert assessment.simplified
    assert {each.hierarchy for each in assessment.option_descriptions} == set(Hierarchy)
    assert len(assessment.options) == len(assessment.option_descriptions) == 8
    tonnes = [each.consumption for each in assessment.input_materials] + [
        each.generation for each in assessment.waste_streams
    ]
    entering = sum(q.value for q in tonnes[: len(assessment.input_materials)] if q and q.unit == "t/yr")
    made = assessment.products[0].production
    assert made is not None
    leaving = made.value + sum(
        q.value for q in tonnes[len(assessment.input_materials) :] if q and q.unit == "t/yr"
    )
    assert Decimal(0) < (entering - leaving) / entering < Decimal("0.06")


@every_assessment
@every_language
def test_promoting_and_writing_lose_nothing(name: str, language: Language) -> None:
    assessment = example_assessment(name, language)
    promoted = assessment.promoted()
    assert not promoted.simplified
    assert assessment_from_json(assessment_to_json(promoted)) == promoted
    assert promoted.model_copy(update={"simplified": assessment.simplified}) == assessment
