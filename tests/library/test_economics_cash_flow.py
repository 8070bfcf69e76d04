"""Depreciation, financing, operating items and the cash flow made of them."""

from __future__ import annotations

import pytest
from economics_sample import plain_project
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics import (
    EPA_1988,
    TEXTBOOK,
    CapitalItem,
    Depreciation,
    DepreciationMethod,
    DerivedItem,
    Financing,
    Loan,
    OperatingClass,
    OperatingItem,
    StraightLineSwitch,
    after_tax_cash_flow,
    annual_amounts,
    declining_balance,
    evaluate_project,
    funding,
    loan_schedule,
    net_present_value,
    straight_line,
)
from openrecp.errors import UnusableInput

STRAIGHT_5 = Depreciation(DepreciationMethod.STRAIGHT_LINE, 5)


def test_declining_balance_over_8_years_switches_in_the_fifth() -> None:
    # 200 % declining balance over 8 years, as fractions of the cost.
    want = [0.25, 0.1875, 0.140625, 0.10546875, 0.0791015625, 0.0791015625, 0.0791015625, 0.0791015625]
    assert declining_balance(1.0, 8) == pytest.approx(want)


@given(
    st.floats(0, 1e9),
    st.integers(1, 40),
    st.floats(0.5, 5),
    st.sampled_from(list(StraightLineSwitch)),
)
def test_depreciation_writes_off_the_whole_cost_and_no_more(
    cost: float, life: int, factor: float, switch: StraightLineSwitch
) -> None:
    years = declining_balance(cost, life, factor, switch)
    assert len(years) == life
    assert sum(years) == pytest.approx(cost)
    assert all(year >= 0 for year in years)
    assert sum(straight_line(cost, life)) == pytest.approx(cost)


@pytest.mark.parametrize(("life", "factor"), [(0, 2.0), (5, 0.0)])
def test_impossible_depreciation_is_refused(life: int, factor: float) -> None:
    with pytest.raises(ValueError, match="must be"):
        declining_balance(100.0, life, factor)


@given(st.floats(0, 1e9), st.floats(0, 1), st.floats(0, 0.5), st.integers(0, 1))
def test_funding_is_consistent(base: float, share: float, interest: float, construction: int) -> None:
    found = funding(base, Financing((Loan(share, interest, 5),)), (1.0,) * construction)
    assert found.loan + found.equity == pytest.approx(found.capital)
    assert found.capital == pytest.approx(base + found.construction_interest)
    # The loan that is drawn at the start has grown to the loan at start-up.
    assert found.drawn * (1 + interest * construction) == pytest.approx(found.loan, abs=1e-6)


def test_a_loan_longer_than_the_project_is_settled_in_its_last_year() -> None:
    found = loan_schedule(1000.0, 0.10, 10, life=4)
    assert found.principal == (100.0, 100.0, 100.0, 700.0)
    assert found.interest == pytest.approx((100.0, 90.0, 80.0, 70.0))


@given(st.floats(0, 1e9), st.floats(0, 0.5), st.integers(1, 30), st.integers(1, 40))
def test_a_loan_is_repaid_and_worth_what_was_lent(loan: float, rate: float, years: int, life: int) -> None:
    found = loan_schedule(loan, rate, years, life=life)
    assert sum(found.principal) == pytest.approx(loan)
    served = [0.0, *(i + p for i, p in zip(found.interest, found.principal, strict=True))]
    assert net_present_value(rate, served) == pytest.approx(loan)


def test_a_loan_without_years_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 year"):
        loan_schedule(100.0, 0.1, 0)


def test_before_tax_and_without_loan_the_cash_flow_is_plain() -> None:
    flow = after_tax_cash_flow(plain_project())
    assert flow.cash == (-1000.0, 300.0, 300.0, 300.0, 300.0, 300.0)
    assert flow.net_present_value == pytest.approx(137.236, abs=1e-3)


def test_items_may_rise_at_their_own_rate_and_depend_on_others() -> None:
    lines = (
        OperatingItem("labour", "Labour", OperatingClass.LABOUR, -100.0, escalation=0.10),
        DerivedItem("overhead", "Overhead", OperatingClass.OVERHEAD, 0.25, ("labour",)),
        OperatingItem("saving", "Saving", OperatingClass.UTILITIES, 1000.0),
    )
    flow = after_tax_cash_flow(plain_project(operating=lines, escalation=0.02))
    assert annual_amounts(lines, 5) == {"labour": -100.0, "overhead": -25.0, "saving": 1000.0}
    assert flow.operating["overhead"][2] == pytest.approx(-25 * 1.1**2)
    assert flow.net_savings[2] == pytest.approx(-125 * 1.1**2 + 1000 * 1.02**2)


def test_salvage_above_book_is_taxed_and_working_capital_comes_back() -> None:
    project = plain_project(
        tax_rate=0.2,
        depreciation=Depreciation(DepreciationMethod.STRAIGHT_LINE, 10),
        salvage=600.0,
        working_capital=50.0,
    )
    textbook = after_tax_cash_flow(project, TEXTBOOK)
    # Half of 1,000 is written off after 5 of 10 years, so 100 of the 600 are a gain.
    assert textbook.sale_tax[-1] == pytest.approx(20.0)
    assert textbook.cash[-1] == pytest.approx(300 - 0.2 * (300 - 100) + 600 - 20 + 50)
    assert after_tax_cash_flow(project, EPA_1988).cash[-1] == pytest.approx(300 - 40 + 600)


def test_a_loss_lowers_other_tax_at_once() -> None:
    project = plain_project(
        tax_rate=0.3, depreciation=Depreciation(DepreciationMethod.STRAIGHT_LINE, 1), life=2
    )
    assert after_tax_cash_flow(project).tax[1] == pytest.approx(0.3 * (300 - 1000))


def test_land_is_not_depreciated_and_construction_interest_only_where_asked() -> None:
    capital = (CapitalItem("Equipment", 800.0), CapitalItem("Land", 200.0, depreciable=False))
    loan = Loan(0.5, 0.1, 5)
    for depreciable, cost in ((False, 800.0), (True, 800.0 + 1000 * (1 / (1 - 0.05 / 1.1) - 1))):
        flow = after_tax_cash_flow(
            plain_project(
                capital=capital,
                tax_rate=0.2,
                depreciation=STRAIGHT_5,
                construction_years=1,
                financing=Financing((loan,), interest_depreciable=depreciable),
            )
        )
        assert sum(flow.depreciation) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("salvage", "tax"),
    # Equipment is written off; land has cost 200: sold for 200 no gain, for 300 a gain of 100, for 50 no loss.
    [(200.0, 0.0), (300.0, 20.0), (50.0, 0.0), (-40.0, -8.0)],
)
def test_land_is_recovered_before_there_is_a_gain(salvage: float, tax: float) -> None:
    capital = (CapitalItem("Equipment", 800.0), CapitalItem("Land", 200.0, depreciable=False))
    project = plain_project(capital=capital, tax_rate=0.2, depreciation=STRAIGHT_5, salvage=salvage)
    assert after_tax_cash_flow(project).sale_tax[-1] == pytest.approx(tax)


def test_every_line_of_a_year_opens_down_to_its_entries() -> None:
    project = plain_project(
        capital=(CapitalItem("Equipment", 800.0), CapitalItem("Land", 200.0, depreciable=False)),
        tax_rate=0.2,
        depreciation=Depreciation(DepreciationMethod.DECLINING_BALANCE, 5, 2.0),
        financing=Financing((Loan(0.5, 0.1, 3),)),
        construction_years=1,
        salvage=300.0,
        working_capital=50.0,
    )
    walked = [part for _, part in evaluate_project(project).npv.walk()]
    last = {str(part.name): part for part in walked}
    assert [each.value for each in last["Gain on the sale"].inputs] == [300.0, pytest.approx(0.0), 200.0]
    assert last["Gain on the sale"].value == pytest.approx(100.0)
    written = next(part for part in walked if str(part.name) == "Depreciation")
    cost, life, factor, book = (float(each.value or 0) for each in written.inputs)
    assert (cost, book) == (800.0, 800.0)
    assert written.value == pytest.approx(max(book * factor / life, book / life))
    repaid = last["Repayment of the loan"]
    loan, years = (float(each.value or 0) for each in repaid.inputs[0].inputs)
    assert repaid.value == pytest.approx(-loan / years)
    interest = next(
        part for part in walked if str(part.name) == "Interest on the loan" and len(part.inputs) == 2
    )
    rate, owed = (float(each.value or 0) for each in interest.inputs)
    assert interest.value == pytest.approx(-owed * rate / 100)


@given(st.floats(0, 0.6), st.integers(1, 12), st.floats(-0.1, 0.2))
def test_a_loan_at_the_discount_rate_changes_nothing_before_tax(
    share: float, years: int, rate: float
) -> None:
    """Borrowing at one's own cost of capital is worth nothing, construction interest included."""
    rate = max(rate, 0.01)
    for construction in (0, 1):
        equity = plain_project(discount_rate=rate, construction_years=construction)
        loan = plain_project(
            discount_rate=rate,
            construction_years=construction,
            financing=Financing((Loan(share, rate, years),)),
        )
        assert after_tax_cash_flow(loan).net_present_value == pytest.approx(
            after_tax_cash_flow(equity).net_present_value, abs=1e-6
        )


def test_impossible_inputs_are_reported_all_at_once() -> None:
    with pytest.raises(UnusableInput) as caught:
        plain_project(
            life=0,
            tax_rate=1.4,
            discount_rate=float("nan"),
            financing=Financing((Loan(0.5, 0.1, 0),)),
            construction_years=20,
            working_capital=-1.0,
            operating=(
                OperatingItem("a", "A", OperatingClass.QUALITY, float("inf")),
                OperatingItem("a", "B", OperatingClass.QUALITY, 1.0),
                DerivedItem("c", "C", OperatingClass.OVERHEAD, 0.1, ("d",)),
            ),
        )
    codes = sorted(issue.code for issue in caught.value.issues)
    assert codes == sorted(
        [
            "out-of-range",
            "out-of-range",
            "out-of-range",
            "years-out-of-range",
            "years-out-of-range",
            "construction-time",
            "not-a-number",
            "duplicate-operating-item",
            "unknown-operating-item",
            "no-depreciation",
        ]
    )


def test_capital_below_zero_is_refused() -> None:
    with pytest.raises(UnusableInput, match="below zero"):
        plain_project(capital=(CapitalItem("Credit", -5.0),))


def test_nothing_spent_and_nothing_saved_has_reasons_instead_of_figures() -> None:
    found = evaluate_project(plain_project(capital=(), operating=()))
    assert found.payback.value == 0
    assert found.npv.value == 0
    assert found.irr.value is None
    assert "never changes sign" in str(found.irr.reason)
