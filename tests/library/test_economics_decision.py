"""Scenarios, tornado and the owner's criteria."""

from __future__ import annotations

from dataclasses import replace

import pytest
from economics_sample import appendix_8, plain_project, published

from openrecp.economics import (
    EPA_1988,
    STARTING_SCENARIOS,
    AcceptanceCriteria,
    CapitalItem,
    CaseName,
    OperatingClass,
    OperatingItem,
    Range,
    Verdict,
    changed_totals,
    evaluate_project,
    evaluate_scenarios,
    judge_project,
    tornado,
)
from openrecp.errors import UnusableInput
from openrecp.texts import render


def test_best_is_better_and_worst_is_worse_than_base() -> None:
    best, base, worst = evaluate_scenarios(appendix_8(0.4))
    assert [each.scenario.name for each in (best, base, worst)] == list(CaseName)
    values = [float(each.evaluation.npv.value or 0) for each in (best, base, worst)]
    assert values == sorted(values, reverse=True)
    assert base.evaluation.npv.value == evaluate_project(appendix_8(0.4)).npv.value


def test_scenarios_change_what_they_say() -> None:
    changed = changed_totals(appendix_8(0.0), capital=0.1, savings=-0.5, costs=1.0)
    amounts = {line.key: line for line in changed.operating if isinstance(line, OperatingItem)}
    assert changed.fixed_capital == pytest.approx(319_000)
    assert changed.working_capital == pytest.approx(5_500)
    assert amounts["disposal"].annual_amount == pytest.approx(56_000)
    assert amounts["operating_labour"].annual_amount == pytest.approx(-28_350)
    assert changed_totals(appendix_8(0.0)) == appendix_8(0.0)


def test_tornado_is_sorted_by_swing_and_its_ends_are_the_project_with_that_input() -> None:
    project = appendix_8(0.4)
    swings = tornado(project, conventions=EPA_1988)
    assert [swing.swing for swing in swings] == sorted((swing.swing for swing in swings), reverse=True)
    assert swings[0].key == "disposal"
    tax = next(swing for swing in swings if swing.key == "tax_rate")
    lower = evaluate_project(replace(project, tax_rate=0.34 * 0.8), EPA_1988)
    assert tax.low.npv.value == pytest.approx(lower.npv.value)
    assert tax.low.irr.value == pytest.approx(lower.irr.value)
    assert tax.low.payback.value == pytest.approx(lower.payback.value)
    assert tax.low.value.value == pytest.approx(27.2)
    assert tax.low.value.unit == "%"


def test_tornado_takes_the_owners_ranges_and_whole_years() -> None:
    swings = tornado(appendix_8(0.4), ranges=[Range("discount_rate", 0.10, 0.25), Range("savings", 1e5, 2e5)])
    by_key = {swing.key: swing for swing in swings}
    assert by_key["discount_rate"].high.value.value == pytest.approx(25.0)
    assert (by_key["life"].low.value.value, by_key["life"].high.value.value) == (6, 10)
    assert "savings" in by_key
    assert "costs" not in by_key


def test_tornado_leaves_out_what_is_zero_and_keeps_shares_below_one() -> None:
    project = plain_project(tax_rate=0.9, capital=(CapitalItem("Land", 1000.0, depreciable=False),))
    by_key = {swing.key: swing for swing in tornado(project)}
    assert set(by_key) == {"capital", "saving", "discount_rate", "tax_rate", "life"}
    assert by_key["tax_rate"].high.value.value == pytest.approx(100.0)


def test_unknown_inputs_of_the_tornado_are_reported() -> None:
    with pytest.raises(UnusableInput) as caught:
        tornado(plain_project(), ranges=[Range("steam", 1, 2), Range("life", 4.5, 8)])
    assert [issue.code for issue in caught.value.issues] == ["unknown-sensitivity-input", "life-not-whole"]


@pytest.mark.parametrize("change", [0.0, 1.0, -0.2])
def test_a_change_that_is_none_is_refused(change: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        tornado(plain_project(), change)


def test_the_starting_values_are_the_manuals() -> None:
    start = AcceptanceCriteria()
    assert start.maximum_payback is not None
    assert 3 <= start.maximum_payback <= 4
    assert start.minimum_irr is not None
    assert 0.12 <= start.minimum_irr <= 0.15
    assert [scenario.name for scenario in STARTING_SCENARIOS] == list(CaseName)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("Drain board", Verdict.ACCEPTED),
        ("Drain board and deionised water", Verdict.ACCEPTED),
        ("Spray rinse", Verdict.NOT_MET),
        ("Segregation of hazardous waste", Verdict.AT_ONCE),
    ],
)
def test_options_of_appendix_3_are_judged_as_the_plant_did(name: str, verdict: Verdict) -> None:
    option = next(each for each in published("payback_appendix_3")["options"] if each["name"] == name)
    project = plain_project(
        capital=(CapitalItem("Capital", option["capital"]),),
        operating=(
            OperatingItem("s", "Savings", OperatingClass.WASTE_MANAGEMENT, option["savings"]),
            OperatingItem("c", "Costs", OperatingClass.UTILITIES, -option["costs"]),
        ),
        discount_rate=0.12,
    )
    assert judge_project(evaluate_project(project), AcceptanceCriteria()).verdict is verdict


def test_the_law_overrides_profit_and_says_so() -> None:
    poor = evaluate_project(plain_project(operating=()))
    assert judge_project(poor, AcceptanceCriteria()).verdict is Verdict.NOT_MET
    found = judge_project(poor, AcceptanceCriteria(required_by_law="Water Pollution Control Act"))
    assert found.verdict is Verdict.REQUIRED
    assert "whatever it earns" in str(found.reasons[0])
    assert "never paid back" in str(found.reasons[1])


def test_reasons_name_figure_and_limit_in_both_languages() -> None:
    found = judge_project(evaluate_project(appendix_8(0.4), EPA_1988), AcceptanceCriteria())
    assert [check.met for check in found.checks] == [True, True, True]
    assert [render(reason, "en") for reason in found.reasons] == [
        "A payback of 3.59 years is within the owner's 4.",
        "The net present value of 84,844 USD is not negative.",
        "An internal rate of return of 26.47 % reaches the owner's 12 %.",
    ]
    assert "回收期 3.59 年" in render(found.reasons[0], "zh-hant")


def test_small_capital_counts_as_none_where_the_owner_says_so() -> None:
    found = evaluate_project(
        plain_project(operating=(OperatingItem("s", "S", OperatingClass.QUALITY, 50.0),))
    )
    assert judge_project(found, AcceptanceCriteria()).verdict is Verdict.NOT_MET
    assert judge_project(found, AcceptanceCriteria(small_capital=1000)).verdict is Verdict.AT_ONCE


def test_criteria_that_are_left_out_are_not_checked() -> None:
    none = AcceptanceCriteria(maximum_payback=None, minimum_irr=None, positive_npv=False)
    found = judge_project(evaluate_project(plain_project()), none)
    assert (found.checks, found.verdict) == ((), Verdict.ACCEPTED)
    poor = judge_project(evaluate_project(plain_project(operating=())), none)
    assert poor.verdict is Verdict.NOT_MET


def test_what_needs_no_capital_but_loses_money_is_never_paid_back() -> None:
    losing = plain_project(
        capital=(), operating=(OperatingItem("cost", "Cost", OperatingClass.UTILITIES, -100.0),)
    )
    evaluation = evaluate_project(losing)
    judgement = judge_project(evaluation, AcceptanceCriteria())
    assert evaluation.payback.value is None
    assert judgement.verdict is Verdict.NOT_MET
    words = " ".join(render(reason, "en") for reason in judgement.reasons)
    assert words.startswith("It needs no capital, but costs more every year than it saves.")
    assert "within the owner's" not in words
