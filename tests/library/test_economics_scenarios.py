"""Named scenarios, the losses that are avoided in them, and limits eased for less risk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from economics_sample import appendix_8, plain_project

from openrecp.economics import (
    ALL_EQUITY,
    EPA_1988,
    AcceptanceCriteria,
    Change,
    Evaluation,
    Event,
    EventKind,
    Grant,
    NamedScenario,
    OperatingClass,
    OperatingItem,
    PriceBasis,
    Prices,
    RiskAdjustment,
    Verdict,
    evaluate_project,
    evaluate_scenarios,
    judge_profit,
    judge_project,
    net_present_value,
    npv_for_risk,
    project_inputs,
    scenario_project,
)
from openrecp.errors import UnusableInput
from openrecp.texts import render

DEARER = NamedScenario(
    "dearer",
    "Disposal becomes dearer",
    (Change("disposal", factor=1.5), Change("escalation", value=0.08), Change("life", value=10)),
)
FINE = Event("Permit exceeded", EventKind.FINE, 60_000.0, 0.3)
CLOSED = Event("Order to close", EventKind.SHUTDOWN, 900_000.0, 0.05, year=3)


# Scenarios


def test_a_scenario_is_the_project_with_its_values() -> None:
    project = appendix_8(0.4)
    changed = scenario_project(project, DEARER)
    by_hand = replace(project, escalation=0.08, life=10)
    by_hand = project_inputs(project)["disposal"].put(by_hand, 1.5 * 112_000)
    assert changed == by_hand
    (found,) = evaluate_scenarios(project, (DEARER,), EPA_1988)
    assert found.evaluation.npv.value == evaluate_project(by_hand, EPA_1988).npv.value
    base = evaluate_project(project, EPA_1988).npv.value
    assert found.npv_change.value == pytest.approx(float(found.evaluation.npv.value or 0) - float(base or 0))
    assert [part.value for part in found.npv_change.inputs] == [found.evaluation.npv.value, base]


def test_factors_are_of_the_base_case_even_where_another_change_came_first() -> None:
    project = appendix_8(0.4)
    changes = (Change("savings", factor=2.0), Change("disposal", factor=1.5))
    changed = scenario_project(project, NamedScenario("both", "Both", changes))
    amounts = {line.key: line for line in changed.operating if isinstance(line, OperatingItem)}
    assert amounts["disposal"].annual_amount == pytest.approx(1.5 * 112_000)
    assert amounts["raw_material"].annual_amount == pytest.approx(2 * 15_000)


def test_avoided_losses_count_with_their_expected_value_in_the_scenario_alone() -> None:
    project = plain_project(life=4)
    scenario = NamedScenario("risk", "What may happen without it", events=(FINE, CLOSED))
    before = evaluate_project(project)
    (found,) = evaluate_scenarios(project, (scenario,))
    yearly, once = 0.3 * 60_000, 0.05 * 900_000
    factors = [1.1**-year for year in range(1, 5)]
    assert found.npv_change.value == pytest.approx(yearly * sum(factors) + once * factors[2])
    assert [figure.value for figure in found.avoided] == [yearly, once]
    assert [part.value for part in found.avoided[0].inputs] == [30.0, 60_000.0]
    assert render(found.avoided[1].name, "en") == "Shutdown avoided, expected value: Order to close"
    assert "in year 3" in render(found.avoided[1].formula, "en")
    # What comes in one year only is no part of a usual year, and the base case is untouched.
    assert found.evaluation.annual_net_saving.value == pytest.approx(300 + yearly)
    after = evaluate_project(project)
    assert (after.npv.value, after.payback.value) == (before.npv.value, before.payback.value)
    items = found.evaluation.project.operating[1:]
    assert {item.operating_class for item in items} == {OperatingClass.INSURANCE}


def test_an_event_never_takes_the_name_of_an_item() -> None:
    taken = OperatingItem("avoided:1", "Own", OperatingClass.UTILITIES, 300.0)
    project = plain_project(operating=(taken,))
    changed = scenario_project(project, NamedScenario("s", "S", events=(FINE,)))
    assert len({line.key for line in changed.operating}) == 2


def test_what_is_wrong_with_all_scenarios_is_said_at_once() -> None:
    scenarios = (
        NamedScenario("a", "A", (Change("steam", 1.0), Change("life", value=4.5), Change("disposal"))),
        NamedScenario("b", "B", (Change("tax_rate", value=1.2), Change("disposal", 1.0, 2.0))),
        NamedScenario(
            "c", "C", (Change("life", value=3),), (replace(CLOSED, year=4), replace(FINE, probability=1.5))
        ),
    )
    with pytest.raises(UnusableInput) as caught:
        evaluate_scenarios(appendix_8(0.4), scenarios)
    assert [(issue.code, issue.where.path) for issue in caught.value.issues] == [
        ("unknown-sensitivity-input", "scenarios[a].changes[0]"),
        ("life-not-whole", "scenarios[a].changes[1]"),
        ("value-or-factor", "scenarios[a].changes[2]"),
        ("out-of-range", "scenarios[b].changes[0]"),
        ("value-or-factor", "scenarios[b].changes[1]"),
        ("event-year", "scenarios[c].events[0]"),
        ("out-of-range", "scenarios[c].events[1]"),
    ]


# Limits eased for less risk (section 4.2.4)

RISK = RiskAdjustment("no more chromium in the effluent")
OWNER = AcceptanceCriteria(maximum_payback=4.0, minimum_irr=0.15)
EASED = replace(OWNER, risk=RISK)


def evaluated(saving: float, **changes: Any) -> Evaluation:
    """1,000 of equipment that saves so much a year for 8 years, at 15 %."""
    item = OperatingItem("saving", "Saving", OperatingClass.UTILITIES, saving)
    return evaluate_project(
        plain_project(**{"operating": (item,), "life": 8, "discount_rate": 0.15} | changes)
    )


def test_the_eased_limits_start_with_the_manuals() -> None:
    assert (4.0 + RISK.payback_years, round(0.15 - RISK.irr_points, 10)) == (5.0, 0.12)


def test_both_limits_are_shown_and_the_figures_stay() -> None:
    evaluation = evaluated(220.0)
    assert judge_project(evaluation, OWNER).verdict is Verdict.NOT_MET
    found = judge_project(evaluation, EASED)
    assert found.verdict is Verdict.ACCEPTED_FOR_RISK
    accepted, payback, npv, irr = (render(reason, "en") for reason in found.reasons)
    assert accepted == (
        "It is accepted by the limits eased for what lowers the firm's risk and liability (no more chromium in the "
        "effluent); the figures themselves are unchanged."
    )
    assert payback == (
        "A payback of 4.55 years exceeds the owner's 4, but is within the 5 accepted because it lowers risk and "
        "liability."
    )
    assert npv == (
        "The net present value of -13 TWD at the owner's rate is negative; at the rate lower by 3 points that is "
        "accepted because it lowers risk and liability, it is 93 TWD."
    )
    assert irr == (
        "An internal rate of return of 14.61 % is below the owner's 15 %, but reaches the 12 % accepted because it "
        "lowers risk and liability."
    )
    assert [(check.met, check.eased_met) for check in found.checks] == [(False, True)] * 3
    assert [check.limit for check in found.checks] == [4.0, 0.0, 15.0]
    assert [check.eased_limit for check in found.checks] == [5.0, 0.0, pytest.approx(12.0)]
    assert found.checks[0].figure is evaluation.payback
    assert found.checks[1].figure is evaluation.npv
    assert found.checks[1].eased_figure == npv_for_risk(evaluation, RISK)


def test_what_misses_the_eased_limits_too_is_not_accepted() -> None:
    found = judge_project(evaluated(190.0), EASED)
    assert found.verdict is Verdict.NOT_MET
    words = [render(reason, "en") for reason in found.reasons]
    assert words[0].startswith(
        "A payback of 5.26 years exceeds the owner's 4 and even the 5 accepted because"
    )
    assert "and still -56 TWD at the rate lower by 3 points" in words[1]
    assert "is below the owner's 15 % and even the 12 %" in words[2]


def test_one_limit_missed_beyond_the_eased_one_is_enough() -> None:
    """The payback is within 5 years, but the equipment does not last."""
    found = judge_project(evaluated(220.0, life=5), EASED)
    assert [check.missed for check in found.checks] == [False, True, True]
    assert found.verdict is Verdict.NOT_MET


def test_who_meets_the_owners_limits_needs_no_easing() -> None:
    with_risk, without = judge_project(evaluated(300.0), EASED), judge_project(evaluated(300.0), OWNER)
    assert with_risk == without
    assert with_risk.verdict is Verdict.ACCEPTED


def test_law_and_at_once_come_before_risk() -> None:
    required = replace(EASED, required_by_law="Permit 7")
    assert judge_project(evaluated(220.0), required).verdict is Verdict.REQUIRED
    assert judge_project(evaluated(220.0), replace(EASED, small_capital=1e4)).verdict is Verdict.AT_ONCE


def test_a_limit_that_is_not_eased_stays_the_owners() -> None:
    only_payback = replace(OWNER, risk=replace(RISK, irr_points=0.0))
    found = judge_project(evaluated(220.0), only_payback)
    assert found.verdict is Verdict.NOT_MET
    assert [check.eased_met for check in found.checks] == [True, None, None]
    only_rate = replace(OWNER, risk=replace(RISK, payback_years=0.0))
    assert [check.eased_met for check in judge_project(evaluated(220.0), only_rate).checks] == [
        None,
        True,
        True,
    ]


def test_payback_alone_can_be_eased() -> None:
    evaluation = evaluated(220.0)
    found = judge_profit(
        total_capital=evaluation.total_capital,
        annual_net_saving=evaluation.annual_net_saving,
        payback=evaluation.payback,
        criteria=EASED,
    )
    assert found.verdict is Verdict.ACCEPTED_FOR_RISK
    never = judge_project(evaluated(-1.0), EASED)
    assert never.verdict is Verdict.NOT_MET
    assert never.checks[0].eased_met is None


def test_without_the_value_at_the_lower_rate_a_negative_one_is_not_excused() -> None:
    evaluation = evaluated(220.0)
    found = judge_profit(
        total_capital=evaluation.total_capital,
        annual_net_saving=evaluation.annual_net_saving,
        payback=evaluation.payback,
        npv=evaluation.npv,
        irr=evaluation.irr,
        criteria=EASED,
    )
    assert found.verdict is Verdict.NOT_MET


def test_the_lower_rate_is_stated_as_the_owners_is() -> None:
    """Of a real rate the points are taken before inflation is put on top."""
    evaluation = evaluated(220.0, prices=Prices(PriceBasis.REAL, 0.02))
    lower = evaluated(220.0, prices=Prices(PriceBasis.REAL, 0.02), discount_rate=0.12)
    assert npv_for_risk(evaluation, RISK).value == pytest.approx(lower.npv.value)


def test_money_that_comes_first_is_not_judged_by_its_rate() -> None:
    """A grant of more than the capital, paid back by yearly costs: the rate is what that money costs."""
    given: dict[str, Any] = {"grants": (Grant(amount=3000.0),), "financing": ALL_EQUITY}
    cheap = evaluated(-300.0, **given)
    assert cheap.cash_flow.cash[0] > 0
    assert 0 < float(cheap.irr.value or 0.0) < 12.0
    assert float(cheap.npv.value or 0.0) > 0
    check = next(each for each in judge_project(cheap, OWNER).checks if each.figure is cheap.irr)
    assert check.met is None
    assert "Judge by the net present value" in str(check.reason)
    dear = evaluated(-700.0, **given)
    assert float(dear.irr.value or 0.0) > 12.0
    assert float(dear.npv.value or 0.0) < 0
    assert judge_project(dear, OWNER).checks[-1].met is None


def test_what_the_net_present_value_is_discounted_at_is_shown() -> None:
    """With real prices that is the nominal rate, and what it is made of stands below it."""
    found = evaluated(220.0, prices=Prices(PriceBasis.REAL, 0.02))
    for figure in (found.npv, npv_for_risk(found, RISK)):
        rate, *_ = figure.inputs
        stated, inflation = rate.inputs
        assert (1 + float(stated.value or 0) / 100) * (
            1 + float(inflation.value or 0) / 100
        ) == pytest.approx(1 + float(rate.value or 0) / 100)
        again = net_present_value(
            float(rate.value or 0) / 100, [float(cash) for cash in found.cash_flow.cash]
        )
        assert again == pytest.approx(float(figure.value or 0))


def test_easing_needs_a_reason_and_possible_numbers() -> None:
    with pytest.raises(UnusableInput) as caught:
        RiskAdjustment(" ", payback_years=-1.0, irr_points=3.0)
    assert [issue.code for issue in caught.value.issues] == ["out-of-range"] * 2 + ["risk-without-reason"]
