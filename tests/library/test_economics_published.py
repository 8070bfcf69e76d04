"""The economics against figures that others have published; each case file names its source."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from economics_sample import CASES, half_of_last_digit, plain_project, published

from openrecp.economics import (
    CapitalItem,
    Depreciation,
    DepreciationMethod,
    Financing,
    Grace,
    Loan,
    OperatingClass,
    OperatingItem,
    Repayment,
    RootCount,
    StraightLineSwitch,
    TaxCredit,
    after_tax_cash_flow,
    annuity,
    declining_balance,
    given_shares,
    internal_rate_of_return,
    loan_schedule,
    net_present_value,
    simple_payback,
    sum_of_years,
)
from openrecp.economics.choice import Candidate, Proof, abatement_curve, best_set
from openrecp.economics.profitability import modified_internal_rate

DOCS = Path(__file__).parents[2] / "docs"
IRS_946 = published("economics_depreciation_irs_946")
SPREADSHEETS = published("economics_spreadsheet_functions")
NUMPY_FINANCIAL = published("economics_numpy_financial")
RATES = published("economics_several_rates")
FACTORS = published("economics_discount_factors")
APPENDIX_6 = published("economics_support_appendix_6")
RATIONING = published("economics_capital_rationing")
LIVES = sorted(IRS_946["percent"])


def test_every_published_case_names_its_source() -> None:
    for case in sorted(CASES.glob("*.yaml")):
        heading = re.match(r"(#.*\n)+", case.read_text(encoding="utf-8"))
        assert heading is not None, case.name
        assert "Source" in heading[0], case.name


@pytest.mark.parametrize("page", ["economics.md", "economics.zh-Hant.md"])
def test_the_page_on_the_economics_links_to_what_there_is(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (DOCS / link).exists(), link
    for case in re.findall(r"`(\w+\.yaml)`", text):
        assert (CASES / case).exists(), case


# Depreciation


def half_year_table(life: int) -> list[Decimal]:
    """The rule of table A-1: each percentage is rounded before the next is figured from what is left."""
    step = Decimal(1).scaleb(-IRS_946["decimals"][life])
    rate = Decimal(IRS_946["declining_balance_percent"][life]) / 100 / life
    left, percentages = Decimal(100), []
    for year in range(life + 1):
        if year == 0:
            percent = left * rate / 2
        elif year == life:
            percent = left
        else:
            percent = max(left * rate, left / (life - year + Decimal("0.5")))
        percentages.append(percent.quantize(step, ROUND_HALF_UP))
        left -= percentages[-1]
    return percentages


@pytest.mark.parametrize("life", LIVES)
def test_the_tax_service_s_table_is_its_rule_to_the_printed_digit(life: int) -> None:
    printed = IRS_946["percent"][life]
    assert list(map(float, half_year_table(life))) == printed
    assert sum(printed) == pytest.approx(100.0, abs=1e-9)


@pytest.mark.parametrize("life", LIVES)
def test_the_tax_service_s_table_serves_as_yearly_shares(life: int) -> None:
    shares = tuple(percent / 100 for percent in IRS_946["percent"][life])
    table = Depreciation(DepreciationMethod.TABLE, shares=shares)
    assert table.years == life + 1
    flow = after_tax_cash_flow(plain_project(life=life + 3, tax_rate=0.2, depreciation=table))
    assert flow.depreciation[1:] == pytest.approx([1000 * share for share in shares] + [0, 0])
    assert flow.book_value[-1] == 0.0


def test_a_worked_example_by_the_table() -> None:
    case = IRS_946["worked_example"]
    shares = [percent / 100 for percent in IRS_946["percent"][case["life"]]]
    amounts = given_shares(case["cost"], shares)
    assert amounts == pytest.approx(case["amounts"], abs=case["tolerance"])
    assert case["cost"] - sum(amounts[:4]) == pytest.approx(case["left_before_year_5"])


@pytest.mark.parametrize("case", SPREADSHEETS["sum_of_years"])
def test_sum_of_years_digits_of_the_spreadsheet(case: dict[str, Any]) -> None:
    years = sum_of_years(case["cost"] - case["salvage"], case["life"])
    assert years[case["year"] - 1] == pytest.approx(case["amount"], rel=1e-12)


@pytest.mark.parametrize("case", SPREADSHEETS["declining_balance"])
def test_declining_balance_of_the_spreadsheet_before_the_change(case: dict[str, Any]) -> None:
    years = declining_balance(case["cost"], case["life"], case["factor"])
    book = case["cost"] - sum(years[: case["year"] - 1])
    assert book * case["factor"] / case["life"] == pytest.approx(case["amount"])
    if case.get("only") != "book":
        assert years[case["year"] - 1] == pytest.approx(case["amount"])


@pytest.mark.parametrize("case", SPREADSHEETS["declining_balance_sum"])
def test_declining_balance_of_the_spreadsheet_over_several_periods(case: dict[str, Any]) -> None:
    years = declining_balance(case["cost"], case["life"], case["factor"], StraightLineSwitch.REMAINING_BOOK)
    assert sum(years[case["after"] : case["until"]]) == pytest.approx(case["amount"], rel=1e-12)


def test_equipment_against_pollution_is_written_off_in_two_years() -> None:
    case = APPENDIX_6["two_years"]
    two = Depreciation(DepreciationMethod.TWO_YEAR)
    assert list(two.schedule(case["cost"], StraightLineSwitch.REMAINING_BOOK)) == case["amounts"]


# Loans


@pytest.mark.parametrize("case", SPREADSHEETS["annuity_payment"] + NUMPY_FINANCIAL["annuity_payment"])
def test_equal_payments(case: dict[str, Any]) -> None:
    payment = annuity(case["loan"], case["rate_per_year"] / case["periods_per_year"], case["periods"])
    assert payment == pytest.approx(case["payment"], rel=1e-12, abs=case.get("tolerance", 1e-9))


def test_interest_and_principal_within_equal_payments() -> None:
    (case,) = SPREADSHEETS["annuity_interest"]
    found = loan_schedule(case["loan"], case["rate"], case["years"], Repayment.ANNUITY)
    assert found.interest[case["year"] - 1] == pytest.approx(case["interest"], rel=1e-12)
    (case,) = SPREADSHEETS["annuity_principal"]
    found = loan_schedule(case["loan"], case["rate"], case["years"], Repayment.ANNUITY)
    assert found.principal[case["year"] - 1] == pytest.approx(case["principal"], rel=1e-12)
    (case,) = NUMPY_FINANCIAL["annuity_principal"]
    monthly = case["rate_per_year"] / case["periods_per_year"]
    found = loan_schedule(case["loan"], monthly, case["periods"], Repayment.ANNUITY)
    assert found.principal[case["period"] - 1] == pytest.approx(case["principal"], abs=1e-9)


@pytest.mark.parametrize("terms", APPENDIX_6["loans"], ids=lambda terms: terms["item"])
@pytest.mark.parametrize("repayment", [Repayment.EQUAL_PRINCIPAL, Repayment.ANNUITY])
@pytest.mark.parametrize("grace", list(Grace))
def test_the_longest_terms_of_the_manual_s_loans(
    terms: dict[str, Any], repayment: Repayment, grace: Grace
) -> None:
    loan = Loan(
        share=terms["share"],
        interest_rate=0.08,
        years=terms["years"],
        repayment=repayment,
        grace_years=terms["grace"],
        grace=grace,
        limit=terms.get("limit"),
    )
    flow = after_tax_cash_flow(
        plain_project(
            capital=(CapitalItem("Equipment", 10_000_000.0),),
            financing=Financing((loan,)),
            life=terms["years"] + 2,
        )
    )
    (account,) = flow.loans
    lent = min(terms["share"] * 10_000_000, terms.get("limit", float("inf")))
    assert account.balance[0] == pytest.approx(lent)
    assert account.balance[terms["years"]] == pytest.approx(0.0, abs=1e-6)
    assert account.balance[-1] == pytest.approx(0.0, abs=1e-6)
    for year in range(1, terms["grace"] + 1):
        paid = account.interest[year] + account.principal[year]
        assert paid == pytest.approx(0.0 if grace is Grace.NOTHING else 0.08 * lent, abs=1e-6)
    served = [i + p for i, p in zip(account.interest, account.principal, strict=True)]
    assert net_present_value(0.08, served) == pytest.approx(lent)


# Tax credits


@pytest.mark.parametrize("case", APPENDIX_6["credit_cases"], ids=lambda case: case["name"])
def test_investment_tax_credits_of_the_manual(case: dict[str, Any]) -> None:
    """Net savings are chosen so that the tax before the credit is the one of the case."""
    rules = APPENDIX_6["credit"]
    assert case["rate"] in rules["rates"].values()
    income = tuple(
        OperatingItem(
            f"year {year}",
            "Saving",
            OperatingClass.UTILITIES,
            tax / 0.25 + (case["cost"] if year == 1 else 0.0),
            first_year=year,
            last_year=year,
        )
        for year, tax in enumerate(case["tax"], 1)
    )
    flow = after_tax_cash_flow(
        plain_project(
            capital=(CapitalItem("Equipment", float(case["cost"])),),
            operating=income,
            life=len(case["tax"]),
            tax_rate=0.25,
            depreciation=Depreciation(DepreciationMethod.TABLE, shares=(1.0,)),
            tax_credits=(
                TaxCredit(
                    case["rate"],
                    threshold=rules["threshold"],
                    carry_forward_years=rules["carry_forward_years"],
                ),
            ),
        )
    )
    assert flow.tax[1:] == pytest.approx(case["tax"])
    assert flow.credit_used[1:] == pytest.approx(case["used"])
    assert sum(flow.credit_lapsed) == pytest.approx(case["lapsed"])


# Net present value and internal rates


@pytest.mark.parametrize("rate", FACTORS["factors"])
def test_the_discount_factors_of_worksheet_16(rate: float) -> None:
    for year, factor in enumerate(FACTORS["factors"][rate]):
        found = net_present_value(rate, [0.0] * year + [1.0])
        assert found == pytest.approx(factor, abs=FACTORS["tolerance"])
    flow = after_tax_cash_flow(plain_project(life=8, discount_rate=rate))
    discounted = [300 * factor for factor in FACTORS["factors"][rate][1:]]
    assert flow.present_value[1:] == pytest.approx(discounted, abs=300 * FACTORS["tolerance"])


@pytest.mark.parametrize("case", NUMPY_FINANCIAL["net_present_value"])
def test_net_present_values_of_numpy_financial(case: dict[str, Any]) -> None:
    assert net_present_value(case["rate"], case["flows"]) == pytest.approx(case["value"], abs=5.1e-6)


@pytest.mark.parametrize("case", SPREADSHEETS["internal_rate"])
def test_internal_rates_of_the_spreadsheet(case: dict[str, Any]) -> None:
    found = internal_rate_of_return(case["flows"]).value
    assert found is not None
    assert 100 * found == pytest.approx(case["percent"], abs=half_of_last_digit(1))


@pytest.mark.parametrize("case", NUMPY_FINANCIAL["internal_rate"])
def test_internal_rates_of_numpy_financial(case: dict[str, Any]) -> None:
    found = internal_rate_of_return(case["flows"]).value
    assert found == pytest.approx(case["rate"], abs=half_of_last_digit(4))


@pytest.mark.parametrize("case", NUMPY_FINANCIAL["several_rates"])
def test_where_numpy_financial_singles_out_a_rate_all_are_given(case: dict[str, Any]) -> None:
    found = internal_rate_of_return(case["flows"])
    assert found.value is None
    assert found.count is RootCount.SEVERAL
    assert 1 < len(found.roots) <= found.sign_changes
    assert any(abs(rate - case["documented"]) < half_of_last_digit(4) for rate in found.roots)
    for rate in found.roots:
        assert net_present_value(rate, case["flows"]) == pytest.approx(0.0, abs=1e-9)


def test_a_flow_that_numpy_financial_gets_wrong() -> None:
    case = NUMPY_FINANCIAL["issue_44"]
    low, high = internal_rate_of_return(case["flows"]).roots
    assert high == pytest.approx(case["rate"], abs=1.5e-5)
    assert low == pytest.approx(-1.0, abs=1e-3)


@pytest.mark.parametrize("case", RATES["several"], ids=lambda case: case["name"])
def test_flows_with_several_rates(case: dict[str, Any]) -> None:
    found = internal_rate_of_return(case["flows"])
    assert found.roots == pytest.approx(case["rates"], rel=1e-9, abs=1e-12)
    assert (found.value, found.count) == (None, RootCount.SEVERAL)


@pytest.mark.parametrize("case", RATES["none"], ids=lambda case: case["name"])
def test_flows_without_a_rate(case: dict[str, Any]) -> None:
    found = internal_rate_of_return(case["flows"])
    assert (found.value, found.count, found.roots) == (None, RootCount.NONE, ())
    assert net_present_value(case["rate"], case["flows"]) == pytest.approx(case["value"], abs=0.005)


@pytest.mark.parametrize("case", RATES["one"], ids=lambda case: case["name"])
def test_flows_with_one_rate(case: dict[str, Any]) -> None:
    found = internal_rate_of_return(case["flows"]).value
    assert found is not None
    assert round(100 * found) == case["percent"]
    assert round(net_present_value(case["rate"], case["flows"])) == case["value"]


@pytest.mark.parametrize("case", SPREADSHEETS["modified_internal_rate"])
def test_modified_internal_rates_of_the_spreadsheet(case: dict[str, Any]) -> None:
    found = modified_internal_rate(case["flows"], case["finance"], case["reinvest"]).value
    assert found is not None
    assert 100 * found == pytest.approx(case["percent"], abs=half_of_last_digit(case["decimals"]))


@pytest.mark.parametrize("case", NUMPY_FINANCIAL["modified_internal_rate"])
def test_modified_internal_rates_of_numpy_financial(case: dict[str, Any]) -> None:
    found = modified_internal_rate(case["flows"], case["finance"], case["reinvest"]).value
    assert found == pytest.approx(case["rate"], abs=half_of_last_digit(12))


def test_the_baler_pays_back_and_its_printed_present_value_is_a_year_early() -> None:
    case = published("economics_baler")
    flows = [-case["capital"]] + [case["yearly_saving"]] * case["life"]
    assert simple_payback(case["capital"], case["yearly_saving"]).years == case["payback"]
    rate = internal_rate_of_return(flows).value
    assert rate is not None
    assert round(100 * rate, 1) == case["internal_rate_percent"]
    value = net_present_value(case["discount"], flows)
    assert round(value) == case["net_present_value"]
    assert round(value / (1 + case["discount"])) == case["printed_net_present_value"]


# Choosing


def rationed(*years: str) -> list[Candidate]:
    costs = zip(*(RATIONING[year] for year in years), strict=True)
    return [
        Candidate(f"P{number}", f"P{number}", "USD", float(sum(cost)), float(value), capital_by_year=cost)
        for number, (value, cost) in enumerate(zip(RATIONING["value"], costs, strict=True), 1)
    ]


@pytest.mark.parametrize(
    ("years", "optimum"),
    [
        (("cost_year_1", "cost_year_2"), RATIONING["optimum_both_years"]),
        (("cost_year_1",), RATIONING["optimum_year_1"]),
        (("cost_year_2",), RATIONING["optimum_year_2"]),
    ],
)
def test_the_best_projects_under_budgets_are_the_known_ones(years: tuple[str, ...], optimum: float) -> None:
    budgets = [float(RATIONING["budget"])] * len(years)
    found = best_set(rationed(*years), None, budgets_by_year=budgets)
    assert found.proof is Proof.OPTIMAL
    assert found.value is not None
    assert found.value.npv.value == optimum
    assert all(float(spent.value or 0) <= RATIONING["budget"] for spent in found.yearly_capital)


def test_negative_abatement_costs_favour_what_saves_little() -> None:
    case = published("economics_abatement_ranking")
    measures = {each["name"]: each for each in case["measures"]}
    candidates = [
        Candidate(
            name,
            name,
            "USD",
            each["capital"],
            each["npv"],
            life=case["life"],
            quantities={"t": each["tonnes"]},
        )
        for name, each in measures.items()
    ]
    curve = abatement_curve(candidates, "t", budget=case["budget"])
    assert [bar.key for bar in curve.bars] == case["curve_order"]
    for bar in curve.bars:
        assert bar.unit_cost.value == pytest.approx(measures[bar.key]["cost_per_tonne"])
    assert list(curve.misleading) == case["better_than_its_place"]
    assert curve.best is not None
    assert list(curve.best.chosen) == case["best_set"]
