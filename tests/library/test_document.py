"""The assessment document: valid or refused with every reason, older versions opened, nothing lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openrecp.assessment.document import (
    Assessment,
    assessment_from_data,
    assessment_from_json,
    assessment_schema,
    assessment_to_json,
)
from openrecp.assessment.examples import example_assessment
from openrecp.assessment.spec import Currency, Money, Quantity, UnitPrice, money
from openrecp.errors import UnusableInput
from openrecp.texts import LANGUAGES, render


def codes(data: Any, **options: Any) -> list[str]:
    with pytest.raises(UnusableInput) as refusal:
        assessment_from_data(data, **options)
    return [issue.code for issue in refusal.value.issues]


@pytest.mark.parametrize("name", ["metal-finishing", "small-plant"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_json_loses_nothing(name: str, language: Any) -> None:
    assessment = example_assessment(name, language)
    assert assessment_from_json(assessment_to_json(assessment)) == assessment


def test_every_fault_is_named_at_once_with_its_place() -> None:
    data = {
        "cover": {"firm": "x", "currency": "XYZ"},
        "options": [{"number": "a b"}],
        "waste_streams": [{"generation": {"value": "many", "unit": "t/yr"}}],
        "surprise": 1,
    }
    with pytest.raises(UnusableInput) as refusal:
        assessment_from_data(data, file="plant.json")
    paths = {issue.where.path for issue in refusal.value.issues}
    assert paths >= {"cover.currency", "options[#1].number", "waste_streams[#1].generation", "surprise"}
    assert {issue.where.file for issue in refusal.value.issues} == {"plant.json"}


def test_an_older_version_is_brought_forward_step_by_step() -> None:
    def from_1(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "cover": {"firm": data["cover"]["company"]}}

    def from_2(data: dict[str, Any]) -> dict[str, Any]:
        renamed = {key: value for key, value in data.items() if key != "streams"}
        return {**renamed, "waste_streams": data.get("streams", []), "version": 1}

    steps: list[int] = []

    def recorded(number: int, migration: Any) -> Any:
        def run(data: dict[str, Any]) -> dict[str, Any]:
            steps.append(number)
            return dict(migration(data))

        return run

    old = {"version": 1, "cover": {"company": "Old firm"}, "streams": [{"number": "W1"}]}
    migrations = {1: recorded(1, from_1), 2: recorded(2, from_2)}
    with pytest.raises(UnusableInput) as refusal:
        assessment_from_data(old, migrations=migrations, version=3)
    assert steps == [1, 2]
    # The model itself is at version 1; what the steps changed was accepted, only the number was not.
    assert [issue.where.path for issue in refusal.value.issues] == ["version"]


def test_a_newer_version_asks_for_an_update() -> None:
    assert codes({"version": 2}) == ["document-version"]
    assert codes({"version": "one"}) == ["document-version"]
    assert codes({"format": "something-else"}) == ["not-an-assessment"]
    assert codes([1, 2]) == ["not-an-assessment"]


def test_broken_json_is_refused_with_its_line() -> None:
    with pytest.raises(UnusableInput) as refusal:
        assessment_from_json('{\n "cover": {,}}', file="a.json")
    assert refusal.value.issues[0].where.line == 2
    with pytest.raises(UnusableInput):
        assessment_from_json("[" * 100_000)


def test_one_assessment_keeps_one_currency() -> None:
    data = {"cover": {"currency": "TWD"}, "capital_costs": [{"option": "O1", "amount": "5 USD"}]}
    with pytest.raises(UnusableInput) as refusal:
        assessment_from_data(data)
    assert "USD" in str(refusal.value)


def test_two_records_never_share_an_id() -> None:
    data = {"options": [{"id": "same-id"}, {"id": "same-id"}]}
    assert codes(data) == ["document-invalid"]


@pytest.mark.parametrize(
    ("data", "path", "english", "chinese"),
    [
        ({"cover": {"bogus": 1}}, "cover.bogus", "“bogus” is not a field here", "沒有「bogus」這個欄位"),
        (
            {"options": [{}, {"streams": "W1"}]},
            "options[#2].streams",
            "A list in square brackets",
            "方括號",
        ),
        ({"financial_terms": {"life": "abc"}}, "financial_terms.life", "“abc” is not a number", "不是數值"),
        ({"cover": {"currency": "XX"}}, "cover.currency", "TWD, HKD", "TWD、HKD"),
        ({"cover": {"prepared_on": "2025-13-01"}}, "cover.prepared_on", "is not a date", "不是日期"),
        ({"site": {"employees": 2.5}}, "site.employees", "2.5 is not a whole number", "不是整數"),
        (
            {"waste_streams": [{"generation": {"value": "a", "unit": "t"}}]},
            "waste_streams[#1].generation",
            "“a” is not a number",
            "不是數值",
        ),
        (
            {"capital_costs": [{"amount": 5}]},
            "capital_costs[#1].amount",
            "A group of fields in braces",
            "大括號",
        ),
        (
            {"cover": {"currency": "TWD"}, "capital_costs": [{"amount": "5 USD"}]},
            "capital_costs[#1].amount",
            "This amount is in USD",
            "本評估採用 TWD",
        ),
        ({"cover": {"firm": "x" * 9000}}, "cover.firm", "more than 8,000 characters", "8,000 個字"),
        ({"waste_streams": [{"mixed": "perhaps"}]}, "waste_streams[#1].mixed", "neither true nor", "true"),
        ({"cover": {"firm": "a\x00b"}}, "cover.firm", "control characters", "控制字元"),
    ],
)
def test_faults_of_a_document_are_named_in_our_words(
    data: dict[str, Any], path: str, english: str, chinese: str
) -> None:
    with pytest.raises(UnusableInput) as refusal:
        assessment_from_data(data)
    (issue,) = refusal.value.issues
    assert issue.where.path == path
    assert english in render(issue, "en")
    assert chinese in render(issue, "zh-hant")


def test_all_faults_come_at_once_and_no_key_is_dropped_silently() -> None:
    faulty = {"options": [{"id": "same-id"}, {"id": "same-id"}], "waste_streams": [{"nome": 1}], "cover": 3}
    assert len(codes(faulty)) == 2  # what belongs together is looked at once the fields are right
    with pytest.raises(UnusableInput, match="“version” stands twice"):
        assessment_from_json('{"version": 1, "version": 1}')


def test_values_stay_as_entered_and_short_forms_are_read() -> None:
    assert Quantity.model_validate("1.50 公噸/月") == Quantity.model_validate(
        {"value": "1.5", "unit": "公噸/月"}
    )
    assert UnitPrice.model_validate("450 TWD/kg").per == "kg"
    assert Money.model_validate("5000.50 USD").minor == 500_050
    assert money(1200, Currency.JPY).minor == 1200
    with pytest.raises(ValueError, match="more decimals"):
        Money.model_validate("1.5 JPY")
    with pytest.raises(ValueError, match="finite"):
        Quantity.model_validate({"value": "NaN", "unit": "t/yr"})


def test_promotion_keeps_everything() -> None:
    simple = example_assessment("small-plant", "zh-hant")
    promoted = simple.promoted()
    assert simple.simplified
    assert promoted == simple.model_copy(update={"simplified": False})


def test_schema_carries_labels_helps_and_units() -> None:
    schema = json.loads(json.dumps(assessment_schema()))
    stream = schema["$defs"]["WasteStream"]["properties"]
    assert stream["generation"]["title"] == "Generation: average"
    assert "twelfth of a year" in stream["generation"]["description"]
    assert "t/month" in stream["generation"]["x-units"]
    assert schema["properties"]["waste_streams"]
    assert Assessment.model_json_schema()["additionalProperties"] is False
