"""The evaluation's balances: a loss told from the error of the meters, a meter that lies, and what stops at nothing."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from evaluation_sample import codes, finding, plant
from plant_with_balances import LEAKING, line

from openrecp.assessment.evaluation import Evaluation, evaluate
from openrecp.assessment.evaluation.balance_results import PlantBalance
from openrecp.assessment.evaluation.json import evaluation_json
from openrecp.assessment.evaluation.plant_balance import balance_in
from openrecp.assessment.examples import example_assessment
from openrecp.balances.closure import ClosureState
from openrecp.errors import Severity
from openrecp.texts import LANGUAGES, Language, render


def evaluated(**collections: Any) -> Evaluation:
    return evaluate(plant(**collections))


def amount(balance: PlantBalance, key: str) -> float:
    """The reconciled flow of a stream."""
    assert balance.analysis is not None
    stream = next(each for each in balance.analysis.flowsheet.streams if each.key == key)
    return balance.analysis.amounts.flow(stream).value


def test_a_loss_beyond_the_meters_has_its_interval_and_worth() -> None:
    evaluation = evaluated(**LEAKING)
    (loss,) = evaluation.balance.certain_losses
    half = math.hypot(10.0, 18.0)
    assert loss.amount == pytest.approx(100.0)
    assert (loss.low, loss.high) == pytest.approx((100 - half, 100 + half))
    assert loss.money == pytest.approx(500.0)
    assert loss.money_interval == pytest.approx((500 - 5 * half, 500 + 5 * half))
    issue = finding(evaluation, "loss-beyond-meters")
    assert (issue.where.path, issue.severity) == ("processes[P1]", Severity.WARNING)
    assert "worth 500 USD a year, between 397 and 603" in render(issue, "en")
    assert "balance-gap" not in codes(evaluation), "said once"


def test_a_gap_within_the_error_of_the_meters_is_no_loss_however_large_its_share() -> None:
    # A tenth of the input, and thrice the meters' error of 3 %.
    rough = [{**LEAKING["waste_streams"][0], "generation_uncertainty": "±20 %"}]
    evaluation = evaluated(**{**LEAKING, "waste_streams": rough})
    (closure,) = evaluation.closures
    assert closure.state is ClosureState.WITHIN
    assert closure.error is not None
    assert closure.error.unit == "t/yr"
    assert float(closure.error.value or 0) == pytest.approx(math.hypot(0.010, 0.180))
    assert not evaluation.balance.certain_losses
    assert not {"balance-gap", "loss-beyond-meters"} & set(codes(evaluation))


def test_without_any_uncertainty_the_share_decides_and_no_loss_is_told() -> None:
    evaluation = evaluated(**line(1000, 960, uncertainty=None))
    (closure,) = evaluation.closures
    assert (closure.state, closure.error) == (ClosureState.WITHIN, None)
    assert not evaluation.balance.stated
    assert not evaluation.balance.losses
    gap = evaluated(**line(1000, 900, uncertainty=None))
    assert gap.closures[0].state is ClosureState.GAP
    assert "balance-gap" in codes(gap)
    assert not gap.balance.losses
    assert amount(gap.balance, "P1:loss") == pytest.approx(100.0), "the picture shows what is missing"


def test_one_wrong_meter_is_named_and_its_gaps_are_no_losses() -> None:
    evaluation = evaluated(**line(1000, 1002, 1300, 998, 1000))
    balance = evaluation.balance
    assert [each.state for each in evaluation.closures[1:3]] == [ClosureState.EXCESS, ClosureState.GAP]
    issue = finding(evaluation, "meter-suspected")
    assert issue.where.path == "flows[F2]"
    assert "flow of Flow 2 is measured" in render(issue, "en")
    assert not {"balance-gap", "balance-excess"} & set(codes(evaluation))
    said = render(evaluation.closures[2].notes[-1], "en")
    assert said == "Step 3: this gap comes from what is taken to be read wrong: flow of Flow 2."
    assert not balance.certain_losses
    assert amount(balance, "F2") == pytest.approx(1000, abs=3), "what the other meters say"


def test_a_leak_between_good_meters_is_a_loss_and_no_suspect() -> None:
    evaluation = evaluated(**line(1000, 1002, 800, 799, 801))
    balance = evaluation.balance
    (loss,) = balance.certain_losses
    assert loss.process == "P2"
    assert loss.amount == pytest.approx(200, abs=8)
    assert not balance.suspects
    assert "meter-suspected" not in codes(evaluation)


def test_readings_that_would_explain_the_same_gap_are_named() -> None:
    balance = evaluate(example_assessment("metal-finishing", "en")).balance
    named = {render(balance.candidate_name(each), "en") for each in balance.rivals("P9")}
    assert len(named) == 3
    assert "flow of Sludge of the collection sump" in named
    assert balance.rivals("P7") == ()


def test_the_metal_finishing_example_loses_beyond_its_meters_in_one_place() -> None:
    # Sump: 304.5 t in ± 2 %, 274.25 t ± 2 % and 2.75 t ± 20 % out.
    evaluation = evaluate(example_assessment("metal-finishing", "en"))
    states = {each.process.number: each for each in evaluation.closures if each.process is not None}
    error = math.hypot(0.02 * 304.5, 0.02 * 274.25, 0.2 * 2.75)
    assert states["P9"].error is not None
    assert float(states["P9"].error.value or 0) == pytest.approx(error, rel=1e-6)
    assert [each for each, found in states.items() if found.state is ClosureState.GAP] == ["P9"]
    assert [loss.process for loss in evaluation.balance.certain_losses] == ["P9"]
    assert finding(evaluation, "loss-beyond-meters").where.path == "processes[P9]"


def test_less_than_the_share_can_be_a_loss_where_the_meters_are_good() -> None:
    # 4.8 % of the input: within the share of 5 %, beyond the error of the water meters.
    evaluation = evaluate(example_assessment("small-plant", "en"))
    (closure,) = evaluation.closures
    assert float(closure.share.value or 0) < 5
    assert closure.state is ClosureState.GAP
    (loss,) = evaluation.balance.certain_losses
    assert loss.amount == pytest.approx(3_967_500)
    assert loss.money is None, "nothing tells which of the materials it is"
    assert evaluation.balance.costs is None


def test_true_costs_follow_the_material_through_the_process() -> None:
    # 5,000 USD of solvent and 1,000 USD of system cost, nine tenths in the waste, a tenth lost; disposal 450 USD.
    costs = evaluated(**LEAKING).balance.costs
    assert costs is not None
    found = {each.stream: (float(each.true.value or 0), each.apparent.value) for each in costs.true_costs()}
    assert found["W1"] == pytest.approx((5_850, 450))
    assert found["P1:loss"] == pytest.approx((600, 0))
    assert costs.total_cost == pytest.approx(6_450)


def test_what_nothing_gives_is_named_with_the_least_to_measure() -> None:
    collections = line(1000, 990)
    collections["waste_streams"] += [
        {"number": number, "name": f"Waste {number}", "process": "P1"} for number in ("W2", "W3")
    ]
    issue = finding(evaluated(**collections), "amounts-unknown-measure")
    said = render(issue, "en")
    assert "gives: flow of Waste W2, flow of Waste W3." in said
    assert said.count("flow of Waste") == 3, "one of the two is enough"


def test_exact_amounts_that_contradict_each_other_are_a_finding_and_no_crash() -> None:
    evaluation = evaluated(**line(1000, 500, uncertainty="±0"))
    balance = evaluation.balance
    assert balance.analysis is None
    assert balance.reason is not None
    error = next(each for each in evaluation.issues if each.severity is Severity.ERROR)
    assert "Step 1" in render(error, "en")
    assert evaluation_json(evaluation, "en")["balance"]["reason"] is not None


@pytest.mark.parametrize(
    "collections",
    [
        {},
        {"processes": [{"number": "P1", "name": "Step"}]},
        {"waste_streams": [{"number": "W1", "name": "Sludge", "generation": "3 t/yr"}]},
    ],
)
def test_where_nothing_can_be_balanced_the_reason_is_said(collections: dict[str, Any]) -> None:
    evaluation = evaluated(**collections)
    assert evaluation.balance.analysis is None
    assert "enter amounts" in render(evaluation.balance.reason, "en")
    assert evaluation.balance.losses == ()
    assert evaluation_json(evaluation, "en")["balance"].keys() == {"stated", "reason", "issues"}


def test_purchases_taken_for_consumption_are_one_finding() -> None:
    issue = finding(evaluate(example_assessment("small-plant", "en")), "purchases-without-stock")
    assert "Grey knitted fabric, Dyes" in render(issue, "en")


@pytest.mark.parametrize("name", ["metal-finishing", "small-plant"])
def test_plain_data_has_the_balance_in_both_languages(name: str) -> None:
    one, other = (
        evaluation_json(evaluate(example_assessment(name, each)), each)["balance"] for each in LANGUAGES
    )
    assert json.loads(json.dumps(one, allow_nan=False)) == one
    for key in ("losses", "closures", "streams"):
        assert len(one[key]) == len(other[key])
    assert [each["amount"] for each in one["losses"]] == pytest.approx(
        [each["amount"] for each in other["losses"]]
    )
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    used = {*one, *one["losses"][0], *one["closures"][0], *one["streams"][0], *one["next_meters"][0]}
    assert sorted(key for key in used if f"`{key}`" not in page) == []


def test_plain_data_has_the_cost_matrix() -> None:
    data = evaluation_json(evaluated(**LEAKING), "en")["balance"]
    assert data["costs"]["matrix"]["loss"]["total"] == pytest.approx(6_450)
    assert data["costs"]["waste_streams"][0]["true_cost"] == pytest.approx(5_850)
    assert data["streams"][0]["known"] == "measured"
    assert data["losses"][0]["worth"] == pytest.approx(500)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_what_was_added_follow_the_language(language: Language) -> None:
    evaluation = evaluate(example_assessment("metal-finishing", language))
    balance = balance_in(evaluation, language)
    (loss,) = balance.certain_losses
    assert balance.analysis is not None
    stream = next(each for each in balance.analysis.flowsheet.streams if each.key == loss.key)
    assert stream.name == render(loss.name, language)
    assert balance.certain_losses[0].amount == evaluation.balance.certain_losses[0].amount
