"""Measures of merit: by hand, against NIST, for one project and for many, and the reasons where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from economics_sample import appendix_8, plain_project, published
from hypothesis import given
from hypothesis import strategies as st
from test_economics_many import PROJECTS

from openrecp.economics import (
    EPA_1988,
    MERITS,
    TEXTBOOK,
    Avoided,
    CapitalItem,
    Conventions,
    Depreciation,
    DepreciationMethod,
    Evaluation,
    Financing,
    Grant,
    Loan,
    Merits,
    Milestone,
    OperatingClass,
    OperatingItem,
    PriceBasis,
    Prices,
    Project,
    Replacement,
    TaxCredit,
    after_tax_cash_flow,
    break_even,
    evaluate_project,
    merits_of_many,
    net_present_value,
    project_inputs,
)
from openrecp.figures import Figure, show
from openrecp.texts import render

WASTE = Avoided("Waste", "t", 20.0)


def value(figure: Figure | None) -> float:
    assert figure is not None
    assert figure.value is not None, figure.reason
    return float(figure.value)


def reason(figure: Figure) -> str:
    assert figure.value is None
    return render(figure.reason, "en")


def item(key: str, amount: float, **more: Any) -> OperatingItem:
    return OperatingItem(key, key, OperatingClass.UTILITIES, amount, **more)


# By hand: 1,000 that bring 400 and cost 100 a year for 5 years, before tax and at 10 %

FACTOR = (1 - 1.1**-5) / 0.1


def by_hand() -> Evaluation:
    operating = (item("saving", 400.0), item("cost", -100.0))
    return evaluate_project(plain_project(operating=operating, avoided=(WASTE,)))


def test_measures_by_their_textbook_definitions() -> None:
    found = by_hand().merits
    npv = 300 * FACTOR - 1000
    assert value(found.annual_worth) == pytest.approx(300 - 1000 / FACTOR)
    assert value(found.benefit_cost_ratio) == pytest.approx(400 * FACTOR / (1000 + 100 * FACTOR))
    assert value(found.savings_to_investment) == pytest.approx(300 * FACTOR / 1000)
    assert value(found.adjusted_irr) == pytest.approx(100 * (1.1 * (300 * FACTOR / 1000) ** 0.2 - 1))
    # One sum spent at once: what is saved and grows at 10 % is what both rates are about.
    assert value(found.modified_irr) == pytest.approx(value(found.adjusted_irr))
    to_date = -1000 + 300 * (1 - 1.1**-4) / 0.1
    assert value(found.discounted_payback) == pytest.approx(4 - to_date / (300 * 1.1**-5))
    assert value(found.cost_of_delay) == pytest.approx(npv - npv / 1.1)
    assert value(found.month_of_waiting) == pytest.approx(25)
    (levelised,) = found.levelised
    assert value(levelised.gross) == pytest.approx((1000 + 100 * FACTOR) / (20 * FACTOR))
    assert value(levelised.net) == pytest.approx(-npv / (20 * FACTOR))
    assert levelised.gross.unit == "TWD/t"


def test_replacements_salvage_and_working_capital_belong_to_the_investment() -> None:
    found = evaluate_project(
        plain_project(
            working_capital=100.0,
            salvage=50.0,
            replacements=(Replacement(200.0, 3),),
            grants=(Grant(amount=150.0, milestones=(Milestone(0, 0.5), Milestone(2, 0.5))),),
        )
    )
    investment = 1100 + 200 / 1.1**3 - 150 / 1.1**5 - 75 - 75 / 1.1**2
    assert value(found.merits.savings_to_investment) == pytest.approx(300 * FACTOR / investment)
    assert value(found.merits.grants_value) == pytest.approx(75 + 75 / 1.1**2)


def test_years_of_construction_come_before_the_years_that_count() -> None:
    """Two years of building: the capital is spent at their beginnings, and values are those of the first."""
    operating = (item("saving", 400.0),)
    found = evaluate_project(plain_project(operating=operating, construction_years=2, avoided=(WASTE,)))
    npv = 400 * FACTOR / 1.1**2 - 500 - 500 / 1.1
    assert value(found.npv) == pytest.approx(npv)
    assert value(found.merits.annual_worth) == pytest.approx(npv * 1.1**2 / FACTOR)
    ratio = (npv + 500 + 500 / 1.1) / (500 + 500 / 1.1)
    assert value(found.merits.savings_to_investment) == pytest.approx(ratio)
    assert value(found.merits.adjusted_irr) == pytest.approx(100 * (1.1 * ratio ** (1 / 7) - 1))
    assert value(found.merits.levelised[0].net) == pytest.approx(-npv * 1.1**2 / (20 * FACTOR))
    assert "years from start-up" in render(found.merits.discounted_payback.formula, "en")
    three, four = (400 * (1 - 1.1**-years) / 0.1 / 1.1**2 for years in (3, 4))
    paid = 3 + (500 + 500 / 1.1 - three) / (four - three)
    assert value(found.merits.discounted_payback) == pytest.approx(paid)


def test_ratios_of_nist() -> None:
    """Split air conditioner of BLCC's ECIP report; its present values are taken as printed."""
    case = published("economics_nist_life_cycle_cost")["air_conditioner"]
    factor = -net_present_value(case["rate"], [0.0] + [-1.0] * case["life"])
    found = evaluate_project(
        plain_project(
            capital=(CapitalItem("System", float(case["investment"])),),
            operating=(item("saving", case["operational_present_value"] / factor),),
            life=case["life"],
            discount_rate=case["rate"],
        )
    )
    ratio = value(found.merits.savings_to_investment)
    assert round(ratio, 2) == case["savings_to_investment"]
    assert round(value(found.merits.adjusted_irr), 2) == case["adjusted_internal_rate_percent"]


# Support


def test_the_value_of_a_lower_interest_is_what_the_net_present_value_gains_by_it() -> None:
    """At the market rate as the owner's and before tax; for every way of repaying."""
    for years, grace in ((4, 0), (5, 2)):
        cheap = Loan(0.6, 0.03, years, grace_years=grace, market_rate=0.08)
        dear = replace(cheap, interest_rate=0.08)
        at_market = plain_project(discount_rate=0.08, financing=Financing((dear,)))
        subsidised = evaluate_project(replace(at_market, financing=Financing((cheap,))))
        (figure,) = subsidised.merits.loan_subsidies
        gained = value(subsidised.npv) - value(evaluate_project(at_market).npv)
        assert value(figure) == pytest.approx(gained)
        (nothing,) = evaluate_project(at_market).merits.loan_subsidies
        assert value(nothing) == pytest.approx(0.0, abs=1e-9)


def test_a_subsidised_loan_is_worth_its_draws_less_its_service_from_the_first_year_on() -> None:
    """Half drawn at each beginning of two years; 3 % instead of 8 %."""
    loan = Loan(amount=1000.0, interest_rate=0.03, years=2, market_rate=0.08)
    (figure,) = evaluate_project(
        plain_project(construction_years=2, financing=Financing((loan,)))
    ).merits.loan_subsidies
    drawn = 1000 / (1.03**2 + 1.03)
    service = [500 + 30, 500 + 15]
    by_hand = drawn * (1 + 1 / 1.08) - service[0] / 1.08**3 - service[1] / 1.08**4
    assert value(figure) == pytest.approx(by_hand)


def test_a_loan_without_interest_before_start_up_is_worth_that_too() -> None:
    loan = Loan(amount=1000.0, interest_rate=0.08, years=1, market_rate=0.08, interest_from_startup=True)
    (figure,) = evaluate_project(
        plain_project(construction_years=2, financing=Financing((loan,)))
    ).merits.loan_subsidies
    assert value(figure) == pytest.approx(500 + 500 / 1.08 - 1080 / 1.08**3)


def test_support_is_shown_only_where_there_is_some() -> None:
    plain = evaluate_project(plain_project())
    merits = plain.merits
    assert (merits.real_irr, merits.loan_subsidies, merits.grants_value, merits.credits_value) == (
        None,
        (),
        None,
        None,
    )
    assert [figure.name.message for figure in plain.figures] == [
        "Simple payback",
        "Net present value",
        "Internal rate of return",
        "Total capital investment",
        "Annual net saving",
        "Discounted payback",
        "Modified internal rate of return",
        "Annual worth",
        "Benefit-cost ratio",
        "Savings-to-investment ratio",
        "Adjusted internal rate of return",
        "Cost of a year's delay",
        "Saving lost with every month of waiting",
    ]


def test_credits_are_worth_what_is_used_of_them_and_what_lapses_is_shown() -> None:
    found = evaluate_project(
        plain_project(
            tax_rate=0.2,
            depreciation=Depreciation(DepreciationMethod.STRAIGHT_LINE, 5),
            tax_credits=(TaxCredit(0.1, carry_forward_years=1),),
        )
    )
    # 20 of tax a year: of the credit of 100, 40 are used in two years.
    assert value(found.merits.credits_value) == pytest.approx(20 / 1.1 + 20 / 1.1**2)
    assert found.merits.credits_value is not None
    lapsed = found.merits.credits_value.inputs[-1]
    assert lapsed.name.message == "Tax credits that lapse unused"
    assert lapsed.value == pytest.approx(60)


# Prices


def test_credits_that_the_project_ends_before_are_shown() -> None:
    found = evaluate_project(
        plain_project(
            tax_rate=0.2,
            depreciation=Depreciation(DepreciationMethod.STRAIGHT_LINE, 3),
            tax_credits=(TaxCredit(1.0),),
            life=3,
        )
    )
    flow, shown = found.cash_flow, found.merits.credits_value
    assert shown is not None
    open_still = next(part for part in shown.inputs if "still open" in str(part.name))
    assert value(open_still) == pytest.approx(float(flow.credit_open[-1]))
    assert value(open_still) > 0
    assert not any("lapse" in str(part.name) for part in shown.inputs)


def test_a_real_rate_takes_inflation_out_of_the_internal_rate() -> None:
    found = evaluate_project(plain_project(prices=Prices(inflation=0.02)))
    assert (1 + value(found.merits.real_irr) / 100) * 1.02 == pytest.approx(1 + value(found.irr) / 100)


def test_levelised_costs_are_at_the_prices_entered_where_prices_are_real() -> None:
    """Everything rises with inflation, so that a unit costs what it costs without any."""
    without = evaluate_project(plain_project(avoided=(WASTE,)))
    real = evaluate_project(plain_project(avoided=(WASTE,), prices=Prices(PriceBasis.REAL, 0.03)))
    for one, other in zip(without.merits.levelised, real.merits.levelised, strict=True):
        assert value(one.gross) == pytest.approx(value(other.gross))
        assert value(one.net) == pytest.approx(value(other.net))
    assert value(without.merits.cost_of_delay) == pytest.approx(value(real.merits.cost_of_delay))


# Reasons


def test_what_needs_no_investment_has_no_ratio() -> None:
    found = evaluate_project(plain_project(capital=())).merits
    assert "no added investment" in reason(found.savings_to_investment)
    assert "no added investment" in reason(found.adjusted_irr)
    assert "no costs" in reason(found.benefit_cost_ratio)
    assert "money paid and money received" in reason(found.modified_irr)
    assert value(found.discounted_payback) == 0


def test_what_never_pays_says_so() -> None:
    found = evaluate_project(plain_project(operating=(item("cost", -10.0),), avoided=(WASTE,))).merits
    assert "never" in reason(found.discounted_payback)
    assert "the savings are below zero" in reason(found.adjusted_irr)
    assert value(found.savings_to_investment) < 0
    assert value(found.benefit_cost_ratio) == 0
    assert "below zero" in reason(found.cost_of_delay)
    assert "no yearly net saving" in reason(found.month_of_waiting)
    assert value(found.levelised[0].gross) == value(found.levelised[0].net) > 0


def test_nothing_avoided_has_no_cost_per_unit() -> None:
    (levelised,) = evaluate_project(plain_project(avoided=(replace(WASTE, yearly=0.0),))).merits.levelised
    assert "nothing is avoided" in reason(levelised.gross)
    assert "nothing is avoided" in reason(levelised.net)


def test_several_internal_rates_are_listed_and_the_real_one_says_the_same() -> None:
    operating = (item("gain", 2300.0, last_year=1), item("clean-up", -1320.0, first_year=2))
    found = evaluate_project(plain_project(operating=operating, life=2, prices=Prices(inflation=0.01)))
    assert found.irr.value is None
    assert "10.00%, 20.00%" in reason(found.irr)
    assert found.merits.real_irr is not None
    assert reason(found.merits.real_irr) == reason(found.irr)


# Figures show what they are made of


def parts(figure: Figure) -> Iterator[Figure]:
    return (part for _, part in figure.walk())


def full_project() -> Project:
    return replace(
        appendix_8(0.4),
        avoided=(WASTE,),
        prices=Prices(PriceBasis.REAL, 0.02),
        grants=(Grant(amount=20_000.0),),
        tax_credits=(TaxCredit(0.1),),
        financing=Financing((Loan(0.4, 0.05, 5, market_rate=0.08),)),
    )


@pytest.mark.parametrize("conventions", [TEXTBOOK, EPA_1988])
def test_every_measure_has_a_formula_and_inputs_with_values_in_both_languages(
    conventions: Conventions,
) -> None:
    found = evaluate_project(full_project(), conventions)
    assert len(found.merits.figures) == 14
    for figure in found.merits.figures:
        assert figure.formula is not None
        assert figure.inputs
        for part in parts(figure):
            assert part.value is not None
            assert show(part, "zh-hant")


def test_figures_can_be_counted_again_from_their_inputs() -> None:
    merits = evaluate_project(full_project()).merits
    npv, factor = merits.annual_worth.inputs
    assert value(merits.annual_worth) == pytest.approx(value(npv) / value(factor))
    benefits, costs = merits.benefit_cost_ratio.inputs
    assert value(merits.benefit_cost_ratio) == pytest.approx(value(benefits) / value(costs))
    rate, *years = benefits.inputs
    by_year = [value(year) / (1 + value(rate) / 100) ** n for n, year in enumerate(years, 2)]
    assert value(benefits) == pytest.approx(sum(by_year))
    npv, investment = merits.savings_to_investment.inputs
    assert value(merits.savings_to_investment) == pytest.approx(1 + value(npv) / value(investment))
    capital, recovered, grants = map(value, investment.inputs)
    assert value(investment) == pytest.approx(capital - recovered - grants)
    received, spent, duration = map(value, merits.modified_irr.inputs)
    assert value(merits.modified_irr) == pytest.approx(100 * ((received / spent) ** (1 / duration) - 1))
    rate, ratio, study = merits.adjusted_irr.inputs
    earned = (1 + value(rate) / 100) * value(ratio) ** (1 / value(study)) - 1
    assert value(merits.adjusted_irr) == pytest.approx(100 * earned)
    (levelised,) = merits.levelised
    for figure, sign in ((levelised.gross, 1), (levelised.net, -1)):
        money, units = figure.inputs
        assert value(figure) == pytest.approx(sign * value(money) / value(units))


# Properties


def scaled(project: Project, by: float) -> Project:
    """The project with all its money times a factor."""

    def times(amount: float | None) -> float | None:
        return None if amount is None else amount * by

    return replace(
        project,
        capital=tuple(
            replace(part, amount=part.amount * by, residual=part.residual * by) for part in project.capital
        ),
        operating=tuple(
            replace(line, annual_amount=line.annual_amount * by)
            for line in project.operating
            if isinstance(line, OperatingItem)
        ),
        working_capital=project.working_capital * by,
        salvage=project.salvage * by,
        other_tax=project.other_tax * by,
        replacements=tuple(replace(part, amount=part.amount * by) for part in project.replacements),
        grants=tuple(replace(grant, limit=times(grant.limit)) for grant in project.grants),
        tax_credits=tuple(replace(each, threshold=each.threshold * by) for each in project.tax_credits),
        financing=replace(
            project.financing,
            loans=tuple(replace(loan, limit=times(loan.limit)) for loan in project.financing.loans),
        ),
    )


@given(PROJECTS, st.sampled_from((2.0, 4.0, 1024.0)))
def test_more_money_of_all_kinds_changes_amounts_and_no_rates(project: Project, by: float) -> None:
    # A power of two times an amount rounds alike, so that thresholds and limits fall on the same side.
    one, other = Merits(after_tax_cash_flow(project)), Merits(after_tax_cash_flow(scaled(project, by)))
    for name in ("npv", "annual_worth", "cost_of_delay", "month_of_waiting", "benefits", "investment"):
        assert getattr(other, name) == pytest.approx(by * getattr(one, name), rel=1e-12)
    assert other.irr == one.irr
    for name in MERITS:
        if name not in ("npv", "annual_worth", "cost_of_delay", "month_of_waiting"):
            assert getattr(other, name) == getattr(one, name), name


@given(PROJECTS, st.sampled_from((TEXTBOOK, EPA_1988)))
def test_ratios_and_paybacks_agree_with_the_net_present_value(
    project: Project, conventions: Conventions
) -> None:
    merits = Merits(after_tax_cash_flow(replace(project, avoided=(WASTE,)), conventions))
    noise = 1e-9 * sum(abs(cash) for cash in merits.flow.cash)
    if abs(merits.npv) <= noise:
        return
    pays = merits.npv > 0
    ratio = merits.savings_to_investment
    assert not isinstance(ratio, np.ndarray)
    if ratio.value is not None:
        assert (ratio.value >= 1) == pays
    costs = merits.benefit_cost_ratio
    assert not isinstance(costs, np.ndarray)
    if costs.value is not None:
        assert (costs.value >= 1) == pays
    payback = merits.discounted_payback
    assert not isinstance(payback, np.ndarray)
    assert (payback.years is not None) == pays
    assert (merits.annual_worth > 0) == pays
    worth = [merits.annual_worth if year > 0 else 0.0 for year in merits.flow.years]
    assert net_present_value(merits.rate, worth) == pytest.approx(merits.npv, rel=1e-9, abs=noise)
    net, gross = merits.levelised_net(WASTE), merits.levelised_gross(WASTE)
    assert not isinstance(net, np.ndarray)
    assert not isinstance(gross, np.ndarray)
    assert net.value is not None
    assert gross.value is not None
    assert (net.value < 0) == pays
    # What a unit costs less what it saves is what it costs net.
    saved = gross.value * merits.benefits / merits.costs if merits.costs else 0.0
    if abs(merits.costs) > noise:
        assert gross.value - saved == pytest.approx(net.value, rel=1e-6, abs=1e-6)


@given(st.floats(1e4, 1e6), st.floats(0.01, 0.3), st.integers(2, 15), st.floats(0.0, 0.5))
def test_where_the_project_breaks_even_a_unit_avoided_costs_what_it_saves(
    capital: float, rate: float, life: int, tax: float
) -> None:
    project = plain_project(
        capital=(CapitalItem("Equipment", capital),),
        operating=(item("saving", capital / 3),),
        discount_rate=rate,
        life=life,
        tax_rate=tax,
        depreciation=Depreciation(DepreciationMethod.SUM_OF_YEARS, 4),
        avoided=(WASTE,),
    )
    (point,) = break_even(project, "saving").points
    even = evaluate_project(project_inputs(project)["saving"].put(project, value(point.value))).merits
    assert value(even.levelised[0].net) == pytest.approx(0.0, abs=1e-9 * capital)
    assert value(even.savings_to_investment) == pytest.approx(1.0)
    assert value(even.benefit_cost_ratio) == pytest.approx(1.0)
    assert value(even.adjusted_irr) == pytest.approx(100 * rate)


@given(st.floats(-0.5, 1.0), st.floats(-0.02, 0.2))
def test_real_and_nominal_internal_rates_by_fisher(gain: float, inflation: float) -> None:
    project = plain_project(operating=(item("saving", 1000 * (1 + gain)),), life=1)
    merits = Merits(after_tax_cash_flow(replace(project, prices=Prices(inflation=inflation))))
    real = merits.real_irr
    assert not isinstance(real, np.ndarray)
    assert real.value is not None
    assert (1 + real.value) * (1 + inflation) == pytest.approx(1 + gain)


# Many at once


@given(PROJECTS, st.integers(0, 2**32 - 1))
def test_many_are_each_alone(project: Project, seed: int) -> None:
    project = replace(project, avoided=(WASTE,))
    draws = np.random.default_rng(seed)
    names = ("saving", "discount_rate", "capital:Equipment")
    inputs = project_inputs(project)
    drawn = {name: inputs[name].value * draws.uniform(0.5, 1.5, 8) for name in names}
    many = project
    for name, values in drawn.items():
        many = inputs[name].put(many, values)
    together = merits_of_many(many)
    assert set(together) == {*MERITS, "levelised_gross:Waste", "levelised_net:Waste"}
    for place in range(8):
        one = project
        for name, values in drawn.items():
            one = inputs[name].put(one, float(values[place]))
        alone = merits_of_many(one)
        for name, values in together.items():
            assert values.shape == (8,)
            expected = float(alone[name][0])
            assert values[place] == pytest.approx(expected, rel=1e-6, abs=1e-3, nan_ok=True), name


def test_what_does_not_exist_is_nan_among_many() -> None:
    project = plain_project(avoided=(WASTE,))
    many = project_inputs(project)["saving"].put(project, np.array([300.0, 200.0, -10.0]))
    found = merits_of_many(many)
    assert np.isnan(found["payback"]).tolist() == [False, False, True]
    assert np.isnan(found["discounted_payback"]).tolist() == [False, True, True]
    assert np.isnan(found["adjusted_irr"]).tolist() == [False, False, True]
    assert np.isnan(found["irr"]).tolist() == [False, False, True]
    assert found["savings_to_investment"].shape == (3,)
    only = merits_of_many(many, names=("npv", "savings_to_investment"))
    assert np.array_equal(only["npv"], found["npv"])
