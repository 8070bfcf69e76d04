"""Loans, grants, credits, losses, replacements, construction and prices, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics import (
    EPA_1988,
    Avoided,
    CapitalItem,
    Depreciation,
    DepreciationMethod,
    Financing,
    Grace,
    Grant,
    Loan,
    Losses,
    Milestone,
    OperatingClass,
    OperatingItem,
    PriceBasis,
    Prices,
    Project,
    Repayment,
    Replacement,
    TaxCredit,
    after_tax_cash_flow,
    annuity,
    evaluate_project,
    loan_schedule,
    net_present_value,
    project_inputs,
    sum_of_years,
)
from openrecp.errors import UnusableInput, Where

STRAIGHT_5 = Depreciation(DepreciationMethod.STRAIGHT_LINE, 5)


def project(saving: float = 400.0, **given: Any) -> Project:
    values: dict[str, Any] = {
        "name": "Recovery unit",
        "currency": "TWD",
        "capital": (CapitalItem("Equipment", 1000.0),),
        "operating": (OperatingItem("saving", "Saving", OperatingClass.WASTE_MANAGEMENT, saving),),
        "life": 5,
        "discount_rate": 0.10,
    }
    return Project(**{**values, **given})


@given(
    st.floats(0, 1e9),
    st.floats(0, 0.5),
    st.integers(1, 30),
    st.integers(1, 40),
    st.sampled_from(Repayment),
    st.integers(0, 29),
    st.sampled_from(Grace),
)
def test_every_loan_ends_at_zero_and_is_worth_what_was_lent(
    loan: float, rate: float, years: int, life: int, repayment: Repayment, grace: int, kind: Grace
) -> None:
    grace = min(grace, years - 1)
    found = loan_schedule(loan, rate, years, repayment, grace_years=grace, grace=kind, life=life)
    assert found.closing_balance[-1] == pytest.approx(0.0, abs=1e-6 * max(loan, 1.0))
    assert sum(found.principal) == pytest.approx(loan, rel=1e-6, abs=1e-6)
    served = [0.0, *(i + p for i, p in zip(found.interest, found.principal, strict=True))]
    assert net_present_value(rate, served) == pytest.approx(loan, rel=1e-6, abs=1e-6)


def test_equal_payments_after_a_grace_period_of_interest_alone() -> None:
    found = loan_schedule(1000.0, 0.10, 5, Repayment.ANNUITY, grace_years=2)
    paid = [i + p for i, p in zip(found.interest, found.principal, strict=True)]
    assert paid == pytest.approx([100.0, 100.0, *[annuity(1000.0, 0.10, 3)] * 3])


def test_interest_that_is_not_paid_in_the_grace_period_grows_the_loan() -> None:
    found = loan_schedule(1000.0, 0.10, 4, Repayment.EQUAL_PRINCIPAL, grace_years=2, grace=Grace.NOTHING)
    assert found.balance == pytest.approx((1000.0, 1100.0, 1210.0, 605.0))
    assert found.principal == pytest.approx((-100.0, -110.0, 605.0, 605.0))


def test_a_loan_due_at_the_end_bears_interest_until_then() -> None:
    found = loan_schedule(1000.0, 0.05, 3, Repayment.AT_END)
    assert found.principal == (0.0, 0.0, 1000.0)
    assert found.interest == pytest.approx((50.0, 50.0, 50.0))


def test_a_loan_without_interest_is_repaid_in_equal_parts() -> None:
    assert loan_schedule(900.0, 0.0, 3, Repayment.ANNUITY).principal == pytest.approx((300.0,) * 3)


def test_a_limited_loan_during_construction_solves_its_own_interest() -> None:
    # 500 is the most that is lent; the rest of the construction interest comes from the second loan.
    loans = (Loan(0.6, 0.10, 5, limit=500.0), Loan(0.2, 0.08, 5))
    flow = after_tax_cash_flow(project(construction_years=2, financing=Financing(loans)))
    growth = [0.5 * (1 + rate) ** 2 + 0.5 * (1 + rate) for rate in (0.10, 0.08)]
    first, second = (float(account.amount) for account in flow.loans)
    capital = float(flow.funding.capital)
    assert first == 500.0
    assert second == pytest.approx(0.2 * capital)
    assert capital == pytest.approx(1000.0 + first * (1 - 1 / growth[0]) + second * (1 - 1 / growth[1]))
    # What the owner pays while building, by half of the capital a year.
    drawn = 500 / growth[0] + second / growth[1]
    assert flow.years == (-2, -1, 0, 1, 2, 3, 4, 5)
    assert flow.cash[:3] == pytest.approx((-(1000 - drawn) / 2, -(1000 - drawn) / 2, 0.0))


def test_capital_is_spent_as_stated_before_start_up() -> None:
    built = project(construction_years=3, spending=(0.2, 0.5, 0.3))
    assert after_tax_cash_flow(built).cash[:4] == pytest.approx((-200.0, -500.0, -300.0, 0.0))
    # Conventions that do not discount construction count all of it at start-up.
    assert after_tax_cash_flow(built, EPA_1988).cash[0] == -1000.0


def test_a_grant_by_milestone_that_is_taxed_and_one_that_lowers_the_depreciation() -> None:
    grants = (
        Grant(share=0.3, limit=200.0, milestones=(Milestone(0, 0.4), Milestone(1, 0.6)), taxable=True),
        Grant(amount=100.0, lowers_depreciation=True),
    )
    flow = after_tax_cash_flow(project(tax_rate=0.2, depreciation=STRAIGHT_5, grants=grants))
    assert flow.grants_taxed[:2] == pytest.approx((80.0, 120.0))
    assert flow.grants_free[:2] == pytest.approx((100.0, 0.0))
    # (1,000 − 100) / 5 is written off; the first part of the taxed grant is taxed at start-up.
    assert flow.depreciation[1] == pytest.approx(180.0)
    assert flow.tax[:2] == pytest.approx((16.0, 0.2 * (400 + 120 - 180)))
    assert flow.cash[0] == pytest.approx(-1000 + 80 + 100 - 16)


def test_a_credit_is_limited_by_the_tax_and_lapses_after_four_more_years() -> None:
    # Taxable 400 − 200 = 200 a year, tax 50; a credit of 300 uses 50 in each of five years and 50 lapse.
    credit = TaxCredit(0.30, carry_forward_years=4)
    flow = after_tax_cash_flow(project(tax_rate=0.25, depreciation=STRAIGHT_5, life=8, tax_credits=(credit,)))
    assert flow.tax[1:] == pytest.approx((50.0,) * 5 + (100.0,) * 3)
    assert flow.credit_used == pytest.approx((0.0, *(50.0,) * 5, 0.0, 0.0, 0.0))
    assert flow.credit_open[1:6] == pytest.approx((250.0, 200.0, 150.0, 100.0, 0.0))
    assert sum(flow.credit_lapsed) == pytest.approx(50.0)
    assert flow.credit_lapsed[5] == pytest.approx(50.0)


def test_tax_of_other_income_lets_a_credit_be_used_sooner() -> None:
    credit = TaxCredit(0.30, year=0, limit_share=0.5)
    flow = after_tax_cash_flow(
        project(tax_rate=0.25, depreciation=STRAIGHT_5, tax_credits=(credit,), other_tax=200.0)
    )
    assert flow.credit_used[:4] == pytest.approx((100.0, 125.0, 75.0, 0.0))


def test_no_credit_below_the_threshold_of_the_sources() -> None:
    credit = TaxCredit(0.20, threshold=600_000)
    assert credit.earned(599_999.0) == 0.0
    assert credit.earned(600_000.0) == pytest.approx(120_000.0)


def test_losses_are_carried_forward_and_lapse() -> None:
    written = Depreciation(DepreciationMethod.TWO_YEAR)
    carried = project(saving=300.0, tax_rate=0.2, depreciation=written, losses=Losses.CARRIED_FORWARD, life=4)
    flow = after_tax_cash_flow(carried)
    # 300 − 500 twice, then 300 twice: a loss of 400 is used up by 300 and 100.
    assert flow.taxable_income[1:] == pytest.approx((-200.0, -200.0, 300.0, 300.0))
    assert flow.losses_used[1:] == pytest.approx((0.0, 0.0, 300.0, 100.0))
    assert flow.losses_open[1:] == pytest.approx((200.0, 400.0, 100.0, 0.0))
    assert flow.tax[1:] == pytest.approx((0.0, 0.0, 0.0, 40.0))
    lapsed = after_tax_cash_flow(replace(carried, loss_years=1))
    assert lapsed.losses_used[1:] == pytest.approx((0.0, 0.0, 200.0, 0.0))
    assert lapsed.tax[1:] == pytest.approx((0.0, 0.0, 20.0, 60.0))


def test_a_loss_on_the_sale_is_not_refunded_where_losses_are_carried_forward() -> None:
    written = Depreciation(DepreciationMethod.STRAIGHT_LINE, 10)
    given: dict[str, Any] = {"tax_rate": 0.2, "depreciation": written}
    at_once = after_tax_cash_flow(project(**given))
    carried = after_tax_cash_flow(project(**given, losses=Losses.CARRIED_FORWARD))
    # Half of 1,000 is not written off; the income of the last year is 300.
    assert at_once.sale_tax[-1] == pytest.approx(-100.0)
    assert carried.sale_tax[-1] == pytest.approx(-60.0)
    assert carried.losses_open[-1] == pytest.approx(200.0)


def test_replaced_parts_are_an_expense_or_are_depreciated() -> None:
    given: dict[str, Any] = {"tax_rate": 0.2, "depreciation": STRAIGHT_5, "escalation": 0.1}
    expense = after_tax_cash_flow(project(**given, replacements=(Replacement(100.0, 2, every=2),)))
    assert expense.replacements_deducted[2:] == pytest.approx((121.0, 0.0, 146.41, 0.0))
    assert expense.taxable_income[2] == pytest.approx(400 * 1.21 - 200 - 121)
    parts = (Replacement(100.0, 3, depreciation=Depreciation(DepreciationMethod.STRAIGHT_LINE, 4)),)
    kept = after_tax_cash_flow(project(**given, replacements=parts))
    cost = 100 * 1.1**3
    assert kept.replacements_capitalised[3] == pytest.approx(cost)
    assert kept.depreciation[4] == pytest.approx(200 + cost / 4)
    # Half of the part is not written off when the project ends, and that lowers the tax on the sale.
    assert kept.book_value[-1] == pytest.approx(cost / 2)
    assert kept.sale_tax[-1] == pytest.approx(-0.2 * cost / 2)


def test_parts_of_the_capital_have_their_own_depreciation_and_residual_value() -> None:
    capital = (
        CapitalItem("Equipment", 600.0, depreciation=Depreciation(DepreciationMethod.TWO_YEAR)),
        CapitalItem("Building", 1000.0, residual=300.0),
    )
    flow = after_tax_cash_flow(project(capital=capital, tax_rate=0.2, depreciation=STRAIGHT_5, salvage=50.0))
    assert flow.depreciation[1:] == pytest.approx((500.0, 500.0, 200.0, 200.0, 200.0))
    assert flow.salvage[-1] == 350.0
    assert flow.sale_tax[-1] == pytest.approx(70.0)


def test_the_sum_of_years_falls_by_equal_steps() -> None:
    flow = after_tax_cash_flow(
        project(tax_rate=0.2, depreciation=Depreciation(DepreciationMethod.SUM_OF_YEARS, 4))
    )
    assert flow.depreciation[1:] == pytest.approx((400.0, 300.0, 200.0, 100.0, 0.0))


@given(st.floats(0, 1e9), st.integers(1, 60))
def test_the_sum_of_years_writes_off_the_cost(cost: float, life: int) -> None:
    assert sum(sum_of_years(cost, life)) == pytest.approx(cost)


def test_real_and_nominal_rates_give_the_same_present_value() -> None:
    real = project(
        discount_rate=0.05, escalation=0.01, prices=Prices(PriceBasis.REAL, inflation=0.02), salvage=80.0
    )
    nominal = replace(
        real,
        discount_rate=1.05 * 1.02 - 1,
        escalation=1.01 * 1.02 - 1,
        prices=Prices(PriceBasis.NOMINAL, inflation=0.02),
    )
    first, second = after_tax_cash_flow(real), after_tax_cash_flow(nominal)
    assert first.cash == pytest.approx(second.cash)
    assert first.net_present_value == pytest.approx(float(second.net_present_value))
    # The real cash flow at the real rate is worth the same.
    assert net_present_value(0.05, first.real_cash) == pytest.approx(float(first.net_present_value))


def test_an_item_comes_in_its_years_alone_and_is_no_part_of_a_usual_year() -> None:
    operating = (
        OperatingItem("saving", "Saving", OperatingClass.UTILITIES, 400.0),
        OperatingItem("trial", "Trial run", OperatingClass.LABOUR, -90.0, first_year=1, last_year=1),
    )
    found = evaluate_project(project(operating=operating))
    assert found.cash_flow.net_savings[1:] == pytest.approx((310.0, 400.0, 400.0, 400.0, 400.0))
    assert found.annual_net_saving.value == 400.0


@pytest.mark.parametrize(
    ("years", "usual"),
    [
        ([(1, 1), (2, 2), (3, None)], 300.0),  # a start in steps
        ([(1, None), (1, 2), (1, 2)], 100.0),
        ([(2, None)], 100.0),
        ([(1, 2)], 100.0),  # years in which nothing comes are not usual
        ([(1, 3), (4, 5)], 100.0),
        ([(1, 2), (4, 5)], 200.0),  # the last of several
    ],
)
def test_the_usual_year_is_the_one_most_years_are_like(
    years: list[tuple[int, int | None]], usual: float
) -> None:
    operating = tuple(
        OperatingItem(str(n), str(n), OperatingClass.UTILITIES, 100.0 * n, first_year=first, last_year=last)
        for n, (first, last) in enumerate(years, 1)
    )
    found = evaluate_project(project(operating=operating))
    assert found.annual_net_saving.value == usual
    assert found.payback.value == pytest.approx(1000.0 / usual)
    assert sum(float(part.value or 0.0) for part in found.annual_net_saving.inputs) == usual


def test_every_input_can_be_put_back_where_it_was() -> None:
    full = project(
        tax_rate=0.2,
        depreciation=STRAIGHT_5,
        financing=Financing(
            (Loan(0.3, 0.05, 3), Loan(0.2, 0.06, 4), Loan(amount=90.0, interest_rate=0.04, years=3))
        ),
        grants=(Grant(share=0.1), Grant(amount=50.0)),
        tax_credits=(TaxCredit(0.06), TaxCredit(0.03)),
        replacements=(Replacement(30.0, 2),),
        other_tax=10.0,
        prices=Prices(PriceBasis.NOMINAL, 0.02),
        working_capital=40.0,
        salvage=20.0,
    )
    base = float(after_tax_cash_flow(full).net_present_value)
    inputs = project_inputs(full)
    assert {
        "grants",
        "tax_credits",
        "replacements",
        "inflation",
        "loan_share",
        "loan_amount",
        "interest_rate",
    } <= set(inputs)
    for key, each in inputs.items():
        same = after_tax_cash_flow(each.put(full, each.value))
        assert float(same.net_present_value) == pytest.approx(base), key
        other = after_tax_cash_flow(each.put(full, each.value + 1 if each.is_whole else each.value * 1.1))
        moves = float(other.net_present_value) != pytest.approx(base, abs=1e-9)
        assert moves or key in ("inflation", "escalation"), key


def test_capital_items_of_one_name_are_inputs_of_their_own() -> None:
    pumps = project(capital=(CapitalItem("Pump", 100.0), CapitalItem("Pump", 300.0)))
    inputs = project_inputs(pumps)
    assert (inputs["capital:Pump"].value, inputs["capital:Pump (2)"].value) == (100.0, 300.0)
    dearer = inputs["capital:Pump (2)"].put(pumps, 500.0)
    assert [item.amount for item in dearer.capital] == [100.0, 500.0]


def test_a_price_is_not_taken_below_zero_and_a_trade_in_may_be() -> None:
    traded = project(capital=(CapitalItem("Pump", 1000.0), CapitalItem("Old pump", -50.0)))
    inputs = project_inputs(traded)
    assert inputs["capital:Pump"].limits == (0.0, float("inf"))
    assert inputs["capital:Old pump"].limits[0] == -float("inf")


def test_loans_keep_the_proportion_of_their_interest() -> None:
    free = Loan(0.2, 0.0, 3)
    several = project(financing=Financing((free, Loan(0.3, 0.05, 3), Loan(0.2, 0.10, 4))))
    rate = project_inputs(several)["interest_rate"]
    assert rate.value == 0.05
    assert [loan.interest_rate for loan in rate.put(several, 0.06).financing.loans] == pytest.approx(
        [0.0, 0.06, 0.12]
    )
    alone = project(financing=Financing((free,)))
    assert project_inputs(alone)["interest_rate"].put(alone, 0.04).financing.loans[0].interest_rate == 0.04


def test_no_more_is_lent_than_the_capital() -> None:
    """A fixed loan counts with the shares, and construction interest with the capital."""
    half = Loan(0.5, 0.10, 3)
    all_lent = project(financing=Financing((half, Loan(amount=500.0, interest_rate=0.10, years=3))))
    assert after_tax_cash_flow(all_lent).funding.equity == pytest.approx(0.0)
    with_interest = (half, Loan(amount=540.0, interest_rate=0.10, years=3))
    built = project(financing=Financing(with_interest), construction_years=1)
    assert after_tax_cash_flow(built).funding.equity >= 0.0
    for years in (0, 1):
        too_much = Financing((half, Loan(amount=600.0, interest_rate=0.10, years=3)))
        with pytest.raises(UnusableInput) as caught:
            project(financing=too_much, construction_years=years)
        assert [issue.code for issue in caught.value.issues] == ["loans-exceed-capital"]
    placed = Loan(amount=2000.0, interest_rate=0.10, years=3, source=Where(sheet="Worksheet 16"))
    with pytest.raises(UnusableInput) as caught:
        project(financing=Financing((placed,)))
    assert caught.value.issues[0].where.sheet == "Worksheet 16"


def test_prices_of_an_item_cannot_fall_below_nothing() -> None:
    for escalation in (-1.5, 11.0, float("nan")):
        item = OperatingItem("saving", "Saving", OperatingClass.UTILITIES, 400.0, escalation)
        with pytest.raises(UnusableInput) as caught:
            project(operating=(item,))
        assert [issue.code for issue in caught.value.issues] == ["out-of-range"]


def test_what_cannot_be_is_said_all_at_once_and_where() -> None:
    with pytest.raises(UnusableInput) as caught:
        project(
            tax_rate=0.2,
            depreciation=Depreciation(DepreciationMethod.TABLE, shares=(0.5, 0.4)),
            financing=Financing((Loan(0.7, 0.1, 5, grace_years=5), Loan(0.6, -0.1, 3))),
            grants=(Grant(share=1.2), Grant(amount=5.0, milestones=(Milestone(9, 0.5),))),
            tax_credits=(TaxCredit(0.2, year=7),),
            replacements=(Replacement(5.0, 5),),
            construction_years=2,
            spending=(0.5, 0.6),
            avoided=(Avoided("Water", "m³", float("nan")),),
            losses=Losses.CARRIED_FORWARD,
            loss_years=0,
        )
    found = sorted((issue.code, str(issue.where)) for issue in caught.value.issues)
    assert found == sorted(
        [
            ("depreciation-shares", "depreciation"),
            ("grace-too-long", "financing.loans[0]"),
            ("out-of-range", "financing.loans[1]"),
            ("loans-exceed-capital", "financing"),
            ("out-of-range", "grants[0]"),
            ("milestone-shares", "grants[1]"),
            ("year-outside", "grants[1]"),
            ("year-outside", "tax_credits[0]"),
            ("replacement-year", "replacements[0]"),
            ("spending-shares", "spending"),
            ("not-a-number", "avoided[0]"),
            ("years-out-of-range", "loss_years"),
        ]
    )


def test_every_figure_of_a_fully_funded_project_opens() -> None:
    full = project(
        tax_rate=0.2,
        depreciation=STRAIGHT_5,
        financing=Financing((Loan(0.3, 0.05, 4, Repayment.ANNUITY, 1, market_rate=0.09),)),
        grants=(Grant(share=0.2, limit=150.0, taxable=True),),
        tax_credits=(TaxCredit(0.1),),
        replacements=(Replacement(30.0, 2),),
        losses=Losses.CARRIED_FORWARD,
        construction_years=2,
    )
    found = {str(part.name): part for _, part in evaluate_project(full).npv.walk()}
    assert {"Tax credits used", "Grants received", "Replacement of parts", "Grace period"} <= set(found)
    assert found["Grant"].value == 150.0
    # The parts of a year add up to its cash flow.
    flow = evaluate_project(full)
    for year in flow.npv.inputs[1:]:
        assert sum(float(part.value or 0) for part in year.inputs) == pytest.approx(
            float(year.value or 0), abs=1e-6
        )


def test_a_replacement_that_the_project_spares_is_a_gain_of_its_year() -> None:
    spared = after_tax_cash_flow(project(replacements=(Replacement(-150.0, 3),)))
    assert spared.cash[3] == pytest.approx(550.0)
