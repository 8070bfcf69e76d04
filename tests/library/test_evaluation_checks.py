"""Checks of an assessment: each kind of mistake is found, at its place, in both languages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from evaluation_sample import codes, finding, plant, plating
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openrecp.assessment.document import COLLECTIONS, Assessment, assessment_from_data, assessment_to_json
from openrecp.assessment.evaluation import check_assessment, evaluate, evaluation_json, located
from openrecp.assessment.evaluation.places import keyed
from openrecp.assessment.examples import example_assessment
from openrecp.errors import Issue, Severity, UnusableInput, Where
from openrecp.texts import LANGUAGES, render

STREAM: dict[str, Any] = {"number": "W1", "name": "Rinse", "generation": "1 t/yr"}
OPTION: dict[str, Any] = {"number": "O1", "name": "Tray", "streams": ["W1"]}


def found(code: str, **collections: Any) -> list[Issue]:
    """Findings of a kind in a small assessment."""
    return [issue for issue in check_assessment(plant(**collections)) if issue.code == code]


@pytest.mark.parametrize(
    ("code", "path", "collections"),
    [
        (
            "required-missing",
            "waste_streams[W1].name",
            {"waste_streams": [{"number": "W1", "generation": "1 t/yr"}]},
        ),
        (
            "number-missing",
            "waste_streams[#1].number",
            {"waste_streams": [{"name": "Rinse", "generation": "1 t/yr"}]},
        ),
        (
            "number-missing",
            "capital_costs[#1].option",
            {"capital_costs": [{"item": "training", "amount": "1 USD"}]},
        ),
        ("reference-unknown", "options[O1].streams", {"options": [{**OPTION, "streams": ["W9"]}]}),
        (
            "reference-unknown",
            "input_materials[M1].process",
            {"input_materials": [{"number": "M1", "process": "P9"}]},
        ),
        (
            "reference-unknown",
            "stream_ratings[#1].criterion",
            {
                "waste_streams": [STREAM],
                "stream_ratings": [{"criterion": "cost", "subject": "W1", "rating": 5}],
            },
        ),
        (
            "out-of-limits",
            "stream_criteria[cost].weight",
            {"stream_criteria": [{"number": "cost", "weight": 11}]},
        ),
        ("out-of-limits", "waste_streams[W1].ph", {"waste_streams": [{**STREAM, "ph": 17}]}),
        (
            "out-of-limits",
            "operating_changes[#1].gain",
            {"operating_changes": [{"option": "O1", "gain": "-1 USD"}]},
        ),
        ("out-of-limits", "financial_terms.tax_rate", {"financial_terms": {"tax_rate": 101}}),
        ("out-of-limits", "plan_tasks[#1].first_month", {"plan_tasks": [{"task": "x", "first_month": 0}]}),
        (
            "unit-unknown",
            "waste_streams[W1].generation",
            {"waste_streams": [{**STREAM, "generation": "1 blob/yr"}]},
        ),
        (
            "unit-ambiguous",
            "waste_streams[W1].generation",
            {"waste_streams": [{**STREAM, "generation": "1 ton/yr"}]},
        ),
        ("unit-dimension", "waste_streams[W1].density", {"waste_streams": [{**STREAM, "density": "1 kg"}]}),
        (
            "unit-dimension",
            "waste_streams[W1].generation",
            {"waste_streams": [{**STREAM, "generation": "1 t"}]},
        ),
        (
            "unit-dimension",
            "waste_costs[#1].price",
            {"waste_streams": [STREAM], "waste_costs": [{"stream": "W1", "price": "1 USD/h"}]},
        ),
        (
            "period-reversed",
            "cover.period_end",
            {"cover": {"period_start": "2026-01-01", "period_end": "2025-12-31"}},
        ),
        (
            "period-reversed",
            "performance[#1].actual_to",
            {"performance": [{"option": "O1", "actual_from": "2026-02-01", "actual_to": "2026-01-01"}]},
        ),
        (
            "cost-differs",
            "input_materials[M1].annual_cost",
            {
                "input_materials": [
                    {
                        "number": "M1",
                        "consumption": "1 t/month",
                        "price": "2 USD/kg",
                        "annual_cost": "23000 USD",
                    }
                ]
            },
        ),
        (
            "generation-order",
            "waste_streams[W1].generation",
            {"waste_streams": [{**STREAM, "generation_maximum": "80 kg/month"}]},
        ),
        (
            "generation-order",
            "waste_streams[W1].generation_minimum",
            {"waste_streams": [{**STREAM, "generation_minimum": "90 kg/month"}]},
        ),
        ("stream-mixed", "waste_streams[W1].mixed", {"waste_streams": [{**STREAM, "mixed": True}]}),
        ("option-without-stream", "options[O1].streams", {"options": [{"number": "O1", "name": "Tray"}]}),
        (
            "stream-without-option",
            "waste_streams[W1]",
            {"waste_streams": [STREAM], "options": [{"number": "O1"}]},
        ),
        (
            "treatment-before-reduction",
            "option_descriptions[#2].hierarchy",
            {
                "option_descriptions": [
                    {"option": "O1", "hierarchy": "practice"},
                    {"option": "O2", "hierarchy": "treatment"},
                ]
            },
        ),
        (
            "moves-medium",
            "option_descriptions[#1].moves_medium",
            {"option_descriptions": [{"option": "O1", "moves_medium": True}]},
        ),
        (
            "task-reversed",
            "plan_tasks[#1].last_month",
            {"plan_tasks": [{"option": "O1", "task": "x", "first_month": 3, "last_month": 2}]},
        ),
        ("approval-missing", "projects[#1].approved", {"projects": [{"option": "O1", "goal": "less"}]}),
        (
            "plan-without-start",
            "projects[#1].start",
            {
                "projects": [{"option": "O1"}],
                "plan_tasks": [{"option": "O1", "first_month": 1, "last_month": 1}],
            },
        ),
        (
            "amount-negative",
            "waste_streams[W1].generation",
            {"waste_streams": [{**STREAM, "generation": "-1 t/yr"}]},
        ),
        (
            "amount-negative",
            "waste_streams[W1].density",
            {"waste_streams": [{**STREAM, "density": "0 kg/L"}]},
        ),
        ("years-not-whole", "financial_terms.life", {"financial_terms": {"life": "7.5"}}),
        (
            "loan-incomplete",
            "financial_terms.loan_years",
            {"financial_terms": {"loan_share": 50, "loan_interest": 2}},
        ),
        (
            "record-twice",
            "projects[#2].option",
            {"projects": [{"option": "O1", "goal": "a"}, {"option": "O1", "goal": "b"}]},
        ),
        (
            "rating-twice",
            "stream_ratings[#2].rating",
            {
                "waste_streams": [STREAM],
                "stream_criteria": [{"number": "cost", "weight": 5}],
                "stream_ratings": [
                    {"criterion": "cost", "subject": "W1", "rating": 5},
                    {"criterion": "cost", "subject": "W1", "rating": 6},
                ],
            },
        ),
        (
            "contains-itself",
            "option_descriptions[#1].contains",
            {"option_descriptions": [{"option": "O1", "contains": ["O1"]}]},
        ),
        ("worksheet-empty", "goals", {}),
    ],
)
def test_each_mistake_is_found_at_its_place(code: str, path: str, collections: dict[str, Any]) -> None:
    issue = next((each for each in found(code, **collections) if each.where.path == path), None)
    assert issue is not None, [
        (each.code, each.where.path) for each in check_assessment(plant(**collections))
    ]
    for language in LANGUAGES:
        words = render(issue, language)
        assert words
        assert "{" not in words
    assert located(plant(**collections), issue.where) is not None


def test_a_number_that_stands_twice_is_named_by_its_places() -> None:
    issues = found("number-twice", waste_streams=[STREAM, {**STREAM, "name": "Other"}])
    assert [issue.where.path for issue in issues] == ["waste_streams[#1].number", "waste_streams[#2].number"]


def test_options_that_contain_each_other_are_all_named() -> None:
    descriptions = [{"option": "O1", "contains": ["O2"]}, {"option": "O2", "contains": ["O1"]}]
    assert [
        issue.values["option"] for issue in found("contains-itself", option_descriptions=descriptions)
    ] == ["O1", "O2"]


def test_amounts_in_other_units_of_the_same_dimension_agree() -> None:
    material = {"number": "M1", "consumption": "１.5 公噸/月".replace("１", "1"), "price": "2 USD/kg"}
    assert not found("cost-differs", input_materials=[{**material, "annual_cost": "36000 USD"}])
    assert not found("cost-differs", input_materials=[{**material, "annual_cost": "36700 USD"}])
    assert found("cost-differs", input_materials=[{**material, "annual_cost": "36800 USD"}])


def test_a_stock_drawn_down_is_no_mistake() -> None:
    flow = {"process": "P1", "direction": "accumulated", "amount": "-3 t/yr"}
    assert not found("amount-negative", flows=[flow])
    assert found("amount-negative", flows=[{**flow, "direction": "in"}])


def test_the_simplified_set_asks_only_for_what_it_shows() -> None:
    stream = {"number": "W1", "name": "Rinse"}
    full = {issue.values["field"].message for issue in found("required-missing", projects=[{"option": "O1"}])}
    simple = found(
        "required-missing", simplified=True, option_screenings=[{"timely": True}], waste_streams=[stream]
    )
    assert "Goal" in full
    assert [issue.where.path for issue in simple] == ["waste_streams[W1].generation"]


def test_a_worksheet_that_was_not_begun_is_only_a_note() -> None:
    issues = check_assessment(Assessment())
    assert issues
    assert {issue.severity for issue in issues} <= {Severity.NOTE, Severity.WARNING}
    assert {issue.code for issue in issues} == {"worksheet-empty", "nothing-entered"}
    assert [issue.code for issue in issues if issue.severity is Severity.WARNING] == ["nothing-entered"]


def test_findings_come_in_the_order_of_their_weight() -> None:
    ranks = [list(Severity).index(issue.severity) for issue in plating().issues]
    assert ranks == sorted(ranks)


def test_the_examples_have_no_errors() -> None:
    for name in ("metal-finishing", "small-plant"):
        for language in LANGUAGES:
            evaluation = evaluate(example_assessment(name, language))
            assert Severity.ERROR not in {issue.severity for issue in evaluation.issues}


def test_a_place_leads_back_to_the_record() -> None:
    assessment = plant(waste_streams=[STREAM, {"name": "Unnumbered"}], financial_terms={"life": 5})
    stream = located(assessment, Where(path="waste_streams[W1].density"))
    assert stream == ("waste_streams", assessment.waste_streams[0], "density")
    unnumbered = located(assessment, Where(path="waste_streams[#2]"))
    assert unnumbered == ("waste_streams", assessment.waste_streams[1], None)
    assert located(assessment, Where(path="financial_terms.life")) == (
        "financial_terms",
        assessment.financial_terms,
        "life",
    )
    assert located(assessment, Where(path="nowhere[1]")) is None
    assert located(assessment, Where()) is None


@pytest.mark.parametrize("number", ["#1", "a]b", "x].y", "#"])
def test_odd_numbers_are_never_mistaken_for_positions(number: str) -> None:
    assessment = plant(waste_streams=[{"name": "First"}, {**STREAM, "number": number}])
    for key, record in keyed(assessment.waste_streams):
        place = located(assessment, Where(path=f"waste_streams[{key}].name"))
        assert place == ("waste_streams", record, "name")
    assert number in {stream.number for stream in evaluate(assessment).streams}


_CHANGES = st.sampled_from(
    [
        None,
        0,
        -1,
        "0.5",
        10**14,
        "0 t/yr",
        "-5 kg",
        "1e9 m³/yr",
        "3 piece/yr",
        "2 blob",
        "0 USD",
        "-7 USD",
        "9999999999999 USD",
        "3 USD/kg",
        True,
        False,
        "1900-01-01",
        "2200-12-31",
        "X9",
        "O6",
        "W1",
        ["O6"],
        ["W1", "X9"],
        "practice",
        "equipment",
        [],
    ]
)


PLANT = assessment_to_json(example_assessment("metal-finishing", "en"))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_real_assessment_with_anything_changed_is_still_evaluated(data: st.DataObject) -> None:
    changed = json.loads(PLANT)
    for _ in range(data.draw(st.integers(1, 8))):
        collection = data.draw(st.sampled_from(sorted(set(changed) & set(COLLECTIONS))))
        held = changed[collection]
        record = held if isinstance(held, dict) else data.draw(st.sampled_from(held))
        field = data.draw(st.sampled_from([name for name in record if name not in {"id", "currency"}]))
        before, record[field] = record[field], data.draw(_CHANGES)
        try:
            assessment_from_data(changed)
        except UnusableInput:  # a value that the document refuses is taken back
            record[field] = before
    evaluation = evaluate(assessment_from_data(changed))
    for language in LANGUAGES:
        evaluation_json(evaluation, language)


def test_codes_are_the_same_in_both_languages() -> None:
    one, other = (codes(evaluate(example_assessment("small-plant", language))) for language in LANGUAGES)
    assert one == other


def test_one_finding_for_one_stream_without_any_cost() -> None:
    evaluation = evaluate(plant(waste_streams=[STREAM]))
    assert finding(evaluation, "stream-without-cost").where.path == "waste_streams[W1].management_cost"
