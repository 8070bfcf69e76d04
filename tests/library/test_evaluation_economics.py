"""What lies behind the economics of an option: support, measures, risk, break-even, offers, eased limits."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from economics_plant import annuity, economics_of, works
from evaluation_sample import codes, finding, option_of

from openrecp.assessment.evaluation import Evaluation
from openrecp.assessment.evaluation.json import evaluation_json
from openrecp.assessment.evaluation.option_results import Fate
from openrecp.assessment.worksheets.funding import FundingKind
from openrecp.economics.criteria import Verdict
from openrecp.economics.depreciation import DepreciationMethod
from openrecp.economics.loans import Repayment
from openrecp.economics.prices import PriceBasis
from openrecp.economics.taxes import Losses
from openrecp.figures import Figure
from openrecp.texts import LANGUAGES, render


def value(figure: Figure | None) -> float:
    assert figure is not None
    assert figure.value is not None, figure.reason
    return float(figure.value)


def merit(evaluation: Evaluation, number: str, key: str) -> Figure:
    return next(each.figure for each in economics_of(evaluation, number).merits if each.key == key)


def test_a_loan_a_grant_and_a_credit_enter_the_cash_flow() -> None:
    # The credit of 10 % is used up against tax of 20 % on the savings; the loan is repaid in equal payments.
    found = economics_of(
        works(
            {"O1": (100_000, 40_000)},
            terms={"tax_rate": "20", "depreciation": "sum-of-years", "depreciation_life": "4"},
            option_funding=[
                {
                    "option": "O1",
                    "kind": "loan",
                    "share": "40",
                    "rate": "5",
                    "years": "4",
                    "grace_years": "1",
                },
                {"option": "O1", "kind": "grant", "share": "20", "limit": "15000 USD", "year": 1},
                {"option": "O1", "kind": "tax-credit", "share": "10"},
            ],
        ),
        "O1",
    )
    assert found.appraisal is not None
    flow = found.appraisal.cash_flow
    assert flow.interest == pytest.approx((0, 2000, 2000, 2000 * 2 / 3, 2000 / 3, 0))
    assert flow.principal == pytest.approx((0, 0, 40_000 / 3, 40_000 / 3, 40_000 / 3, 0))
    assert flow.depreciation == pytest.approx((0, 40_000, 30_000, 20_000, 10_000, 0))
    assert flow.grants_free == pytest.approx((0, 15_000, 0, 0, 0, 0))
    assert sum(flow.credit_used) == pytest.approx(10_000)
    assert [(each.kind, value(each.amount)) for each in found.funding] == [
        (FundingKind.LOAN, 40_000),
        (FundingKind.GRANT, 15_000),
        (FundingKind.TAX_CREDIT, pytest.approx(10_000)),
    ]


def test_the_terms_reach_the_project() -> None:
    found = economics_of(
        works(
            {"O1": (100_000, 40_000)},
            terms={
                "tax_rate": "25",
                "depreciation": "table",
                "depreciation_shares": "40; 30；20 10",
                "losses": "carried-forward",
                "loss_years": "3",
                "other_tax": "1234 USD",
                "price_basis": "real",
                "inflation": "2",
                "cost_base": "2024-01-01",
                "construction_years": "2",
                "construction_shares": "30; 70",
                "loan_share": "50",
                "loan_interest": "4",
                "loan_years": "5",
                "loan_repayment": "annuity",
                "loan_grace_years": "1",
                "loan_market_rate": "7",
                "construction_interest_depreciated": True,
            },
            replacements=[
                {
                    "option": "O1",
                    "part": "Pump",
                    "cost": "900 USD",
                    "year": 2,
                    "every": 2,
                    "depreciation_life": 2,
                }
            ],
        ),
        "O1",
    )
    assert found.appraisal is not None
    project = found.appraisal.project
    assert project.depreciation is not None
    assert project.depreciation.method is DepreciationMethod.TABLE
    assert project.depreciation.shares == (0.4, 0.3, 0.2, 0.1)
    assert (project.losses, project.loss_years, project.other_tax) == (Losses.CARRIED_FORWARD, 3, 1234.0)
    assert (project.prices.basis, project.prices.inflation, project.prices.year) == (
        PriceBasis.REAL,
        0.02,
        2024,
    )
    assert (project.construction_years, project.spending) == (2, (0.3, 0.7))
    (loan,) = project.financing.loans
    assert (loan.repayment, loan.grace_years, loan.market_rate) == (Repayment.ANNUITY, 1, 0.07)
    assert project.financing.interest_depreciable
    (part,) = project.replacements
    assert (part.amount, part.year, part.every) == (900.0, 2, 2)
    assert [each.key for each in found.merits if each.key.startswith(("real", "loan"))] == [
        "real-internal-rate",
        "loan-subsidy",
    ]


def test_terms_of_an_option_come_before_the_general_ones() -> None:
    found = economics_of(
        works(
            {"O1": (100_000, 40_000)},
            terms={"tax_rate": "25", "construction_years": "2", "construction_shares": "30; 70"},
            option_terms=[
                {"option": "O1", "depreciation": "two-year", "depreciation_life": 3, "construction_years": 1}
            ],
        ),
        "O1",
    )
    assert found.appraisal is not None
    project = found.appraisal.project
    assert project.depreciation is not None
    assert project.depreciation.method is DepreciationMethod.TWO_YEAR
    # Shares for two years say nothing about one.
    assert (project.construction_years, project.spending) == (1, ())


def test_further_measures_are_counted_by_hand() -> None:
    evaluation = works(
        {"O1": (100_000, 40_000)},
        avoided_quantities=[{"option": "O1", "kind": "greenhouse-gas", "amount": "2000 kg/yr"}],
    )
    npv = 40_000 * annuity(5) - 100_000
    assert value(economics_of(evaluation, "O1").npv) == pytest.approx(npv)
    assert value(merit(evaluation, "O1", "annual-worth")) == pytest.approx(npv / annuity(5))
    assert value(merit(evaluation, "O1", "savings-to-investment")) == pytest.approx(0.4 * annuity(5))
    assert value(merit(evaluation, "O1", "levelised-cost")) == pytest.approx(-npv / (2 * annuity(5)))
    assert merit(evaluation, "O1", "levelised-cost").unit == "USD/t CO2e"
    assert value(merit(evaluation, "O1", "month-of-waiting")) == pytest.approx(40_000 / 12)


def test_waste_avoided_follows_from_reduction_and_generation() -> None:
    evaluation = works({"O1": (100_000, 40_000)}, {"O1": {"reduction": "25"}})
    appraisal = economics_of(evaluation, "O1").appraisal
    assert appraisal is not None
    (avoided,) = appraisal.project.avoided
    assert (avoided.unit, avoided.yearly) == ("m³", 250.0)
    entered = works(
        {"O1": (100_000, 40_000)},
        {"O1": {"reduction": "25"}},
        avoided_quantities=[{"option": "O1", "kind": "waste", "amount": "3 t/yr"}],
    )
    appraisal = economics_of(entered, "O1").appraisal
    assert appraisal is not None
    assert [(each.unit, each.yearly) for each in appraisal.project.avoided] == [("t", 3.0)]


def test_simulation_without_entries_goes_by_worst_and_best_case() -> None:
    evaluation = works(
        {"O1": (100_000, 40_000)},
        terms={"best_capital": "0", "worst_capital": "0", "best_gains": "50", "worst_gains": "-50"},
    )
    found = economics_of(evaluation, "O1").uncertainty
    assert found is not None
    assert [(str(each.name), each.stated) for each in found.inputs] == [("All savings and revenues", False)]
    assert "20,000" in str(found.inputs[0].distribution)
    assert "worst and the best case" in str(found.origin)
    # Triangular from 20,000 to 60,000: it breaks even at 100,000 ÷ 3.7908 = 26,380 a year.
    needed = 100_000 / annuity(5)
    loses = (needed - 20_000) ** 2 / (40_000 * 20_000)
    assert value(found.profitable) == pytest.approx(100 * (1 - loses), abs=1.0)
    assert value(found.npv_mean) == pytest.approx(40_000 * annuity(5) - 100_000, abs=1000)
    assert [each.percent for each in found.npv] == [5.0, 25.0, 50.0, 75.0, 95.0]
    assert sum(found.histogram.counts) + found.histogram.below + found.histogram.above == found.draws
    assert (found.draws, found.seed) == (10_000, 1988)


def test_stated_inputs_replace_the_cases_and_the_same_digits_come_again() -> None:
    stated = [
        {"option": "O1", "subject": "capital", "likelihood": "uniform", "low": "90000", "high": "130000"},
        {"option": "O1", "subject": "savings", "item": "waste-treatment", "low": "35000", "high": "42000"},
        {"option": "O1", "subject": "discount-rate", "likelihood": "normal", "low": "8", "high": "12"},
        {
            "option": "O1",
            "subject": "life",
            "likelihood": "pert",
            "low": "3",
            "high": "7",
            "moves_with": "capital",
            "correlation": "0.4",
        },
    ]
    once, again = (
        economics_of(works({"O1": (100_000, 40_000)}, uncertain_inputs=stated), "O1").uncertainty
        for _ in range(2)
    )
    assert once is not None
    assert again is not None
    assert len(once.inputs) == 4
    assert all(each.stated for each in once.inputs)
    assert [value(each.figure) for each in once.npv] == [value(each.figure) for each in again.npv]
    assert {str(each.name) for each in once.drivers} == {str(each.name) for each in once.inputs}
    assert "worksheet 16" in str(once.origin)


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({"subject": "grants", "low": "1", "high": "2"}, "uncertain-input-unknown"),
        ({"subject": "savings", "item": "labour", "low": "1", "high": "2"}, "uncertain-input-unknown"),
        ({"subject": "capital", "low": "3", "high": "2"}, "uncertain-limits-reversed"),
        ({"subject": "capital", "low": "1", "likely": "9", "high": "2"}, "distribution-mode-outside"),
        ({"subject": "tax-rate", "low": "-50", "high": "2"}, "uncertain-input-impossible"),
    ],
)
def test_what_cannot_be_drawn_is_said_with_its_place(record: dict[str, str], code: str) -> None:
    evaluation = works({"O1": (100_000, 40_000)}, uncertain_inputs=[{"option": "O1", **record}])
    issue = finding(evaluation, code)
    assert issue.where.path is not None
    assert issue.where.path.startswith("uncertain_inputs[#1]")
    found = economics_of(evaluation, "O1")
    assert (found.uncertainty is None) == ("uncertainty" in found.missing)


def test_without_capital_nothing_is_simulated() -> None:
    found = economics_of(works({"O1": (0, 1000)}), "O1")
    assert found.uncertainty is None
    assert found.break_evens == ()
    assert str(found.missing["uncertainty"]) == "it needs no capital, so nothing is at stake"


def test_break_even_values_break_even() -> None:
    found = economics_of(works({"O1": (100_000, 40_000)}), "O1")
    margins = [abs(value(each.margin)) for each in found.break_evens]
    assert margins == sorted(margins)
    by_key = {each.key: each for each in found.break_evens}
    saving = next(each for key, each in by_key.items() if "waste-treatment" in key)
    assert value(saving.at) == pytest.approx(100_000 / annuity(5), rel=1e-9)
    assert value(by_key["capital"].at) == pytest.approx(40_000 * annuity(5), rel=1e-9)
    assert value(by_key["discount_rate"].at) == pytest.approx(value(found.irr), rel=1e-9)


def test_an_avoided_fine_is_a_scenario_and_never_in_the_base_case() -> None:
    plain = works({"O1": (100_000, 40_000)})
    evaluation = works(
        {"O1": (100_000, 40_000)},
        avoided_events=[
            {"option": "O1", "kind": "fine", "name": "Fine for nickel", "loss": "50000 USD", "chance": "10"},
            {"option": "O1", "kind": "shutdown", "name": "Closed for a week", "loss": "80000 USD", "year": 2},
            {"option": "O1", "kind": "liability", "name": "Clean-up", "loss": "1000 USD"},
        ],
    )
    assert value(economics_of(evaluation, "O1").npv) == value(economics_of(plain, "O1").npv)
    fine, shutdown = economics_of(evaluation, "O1").scenarios
    assert value(fine.change) == pytest.approx(5000 * annuity(5))
    assert value(shutdown.change) == pytest.approx(80_000 / 1.1**2)
    assert "chance" in str(fine.what)
    assert finding(evaluation, "event-chance-missing").where.path == "avoided_events[#3].chance"


def test_offers_stand_beside_buying_best_first() -> None:
    evaluation = works(
        {"O1": (100_000, 40_000)},
        option_funding=[
            {"option": "O1", "kind": "lease", "name": "Lease", "payment": "24000 USD", "years": "5"},
            {"option": "O1", "kind": "instalments", "rate": "10", "years": "4", "share": "0"},
            {"option": "O1", "kind": "shared-savings", "share": "90", "years": "5"},
            {
                "option": "O1",
                "kind": "performance-contract",
                "payment": "5000 USD",
                "guaranteed_saving": "40000 USD",
                "years": "5",
            },
        ],
    )
    ways = economics_of(evaluation, "O1").ways
    assert ways is not None
    worth = {each.kind: value(each.npv) for each in ways.ways}
    assert list(worth.values()) == sorted(worth.values(), reverse=True)
    assert worth[None] == pytest.approx(40_000 * annuity(5) - 100_000)
    assert worth[FundingKind.LEASE] == pytest.approx(16_000 * annuity(5))
    # Money at the discount rate costs what it is worth.
    assert worth[FundingKind.INSTALMENTS] == pytest.approx(worth[None])
    assert worth[FundingKind.SHARED_SAVINGS] == pytest.approx(4_000 * annuity(5))
    assert worth[FundingKind.PERFORMANCE_CONTRACT] == pytest.approx(35_000 * annuity(5) - 100_000)
    lease = next(each for each in ways.ways if each.kind is FundingKind.LEASE)
    assert value(lease.difference) == pytest.approx(worth[FundingKind.LEASE] - worth[None])
    assert (value(lease.first_payment), value(lease.yearly_payment)) == (0.0, 24_000.0)
    assert "Lease" in str(ways.conclusion)


def test_an_offer_that_cannot_be_is_said_and_the_others_stay() -> None:
    evaluation = works(
        {"O1": (100_000, 40_000)},
        option_funding=[
            {"option": "O1", "kind": "lease", "payment": "24000 USD", "years": "9"},
            {"option": "O1", "kind": "lease", "payment": "24000 USD"},
            {"option": "O1", "kind": "shared-savings", "share": "60", "years": "5", "rate": "3"},
        ],
    )
    ways = economics_of(evaluation, "O1").ways
    assert ways is not None
    assert {each.kind for each in ways.ways} == {None, FundingKind.SHARED_SAVINGS}
    assert finding(evaluation, "contract-longer").where.path == "option_funding[#1]"
    assert finding(evaluation, "funding-incomplete").where.path == "option_funding[#2].years"
    assert finding(evaluation, "funding-unused").where.path == "option_funding[#3].rate"


def test_without_offers_buying_stands_alone() -> None:
    found = economics_of(works({"O1": (100_000, 40_000)}), "O1")
    assert found.ways is None
    assert "no offer" in str(found.missing["ways"])


def test_eased_limits_decide_and_the_figures_stay() -> None:
    # 4.5 years: too long for the usual 4, within the 5 of section 4.2.4.
    options = {"O1": (45_000, 10_000)}
    terms = {"life": "15", "minimum_irr": "15"}
    usual = works(options, terms=terms)
    eased = works(
        options, terms=terms, option_terms=[{"option": "O1", "lowers_risk": True, "risk_reason": "Spills"}]
    )
    assert option_of(usual, "O1").fate is Fate.NOT_RECOMMENDED
    assert option_of(eased, "O1").fate is Fate.RECOMMENDED
    found = economics_of(eased, "O1")
    assert found.risk is not None
    assert found.risk.decisive
    assert found.risk.judgement.verdict is Verdict.ACCEPTED_FOR_RISK
    assert (value(found.risk.maximum_payback), value(found.risk.minimum_irr)) == (5.0, 12.0)
    assert value(found.npv) == value(economics_of(usual, "O1").npv)
    assert any("Spills" in str(reason) for reason in option_of(eased, "O1").reasons)
    assert {"longer-payback", "lower-irr"} <= {each.key for each in eased.parameters}
    assert not {"longer-payback", "lower-irr"} & {each.key for each in usual.parameters}


def test_eased_limits_that_are_not_needed_or_not_enough_are_said_too() -> None:
    lowers = [{"option": number, "lowers_risk": True} for number in ("O1", "O2")]
    evaluation = works({"O1": (30_000, 10_000), "O2": (90_000, 10_000)}, option_terms=lowers)
    good, bad = (economics_of(evaluation, number).risk for number in ("O1", "O2"))
    assert good is not None
    assert bad is not None
    assert "usual limits as well" in str(good.sentence)
    assert "does not reach even" in str(bad.sentence)
    assert codes(evaluation).count("risk-reason-missing") == 2


def test_impossible_eased_limits_are_findings_and_ease_nothing() -> None:
    evaluation = works(
        {"O1": (30_000, 10_000)},
        terms={"lower_irr": "-5"},
        option_terms=[{"option": "O1", "lowers_risk": True, "risk_reason": "Spills"}],
    )
    assert economics_of(evaluation, "O1").risk is None
    assert finding(evaluation, "out-of-limits").where.path == "financial_terms.lower_irr"


@pytest.mark.parametrize(
    ("terms", "code", "field"),
    [
        ({"depreciation": "table", "tax_rate": "20"}, "depreciation-shares-missing", "depreciation_shares"),
        ({"depreciation_shares": "40 and 60"}, "shares-unreadable", "depreciation_shares"),
        ({"construction_shares": "50; 40"}, "shares-unreadable", "construction_shares"),
        (
            {"construction_shares": "50; 50", "construction_years": "3"},
            "spending-years",
            "construction_shares",
        ),
        ({"price_basis": "real"}, "inflation-missing", "inflation"),
        ({"loan_years": "3", "loan_grace_years": "3"}, "grace-too-long", "loan_grace_years"),
        ({"loss_years": "2.5"}, "years-not-whole", "loss_years"),
        ({"construction_years": "11"}, "out-of-limits", "construction_years"),
    ],
)
def test_terms_that_do_not_fit_are_findings(terms: dict[str, str], code: str, field: str) -> None:
    evaluation = works({"O1": (30_000, 10_000)}, terms=terms)
    assert f"financial_terms.{field}" in {
        issue.where.path for issue in evaluation.issues if issue.code == code
    }


def test_a_grace_period_that_leaves_no_year_is_not_counted() -> None:
    loan = {"loan_share": "50", "loan_interest": "4", "loan_years": "3", "loan_grace_years": "3"}
    found = economics_of(works({"O1": (30_000, 10_000)}, terms=loan), "O1")
    assert found.appraisal is not None
    assert found.appraisal.project.financing.loans[0].grace_years == 0


def test_records_beside_the_terms_are_checked() -> None:
    evaluation = works(
        {"O1": (30_000, 10_000), "O2": (1000, 500)},
        {"O2": {"requires": ["O2"]}},
        avoided_quantities=[{"option": "O1", "kind": "greenhouse-gas", "amount": "5 kWh/yr"}],
        operating_changes=[
            {"option": "O1", "item": "labour", "gain": "10000 USD", "stream": "W1"},
            {"option": "O2", "item": "labour", "gain": "500 USD", "stream": "W9"},
        ],
    )
    assert finding(evaluation, "avoided-unit").where.path == "avoided_quantities[#1].amount"
    assert finding(evaluation, "saving-share-missing").where.path == "operating_changes[#1].stream"
    assert finding(evaluation, "saving-stream-foreign").where.path == "operating_changes[#2].stream"
    assert finding(evaluation, "needs-itself").where.path == "option_descriptions[#2].requires"


def test_everything_is_plain_data_in_both_languages() -> None:
    evaluation = works(
        {"O1": (50_000, 40_000), "O2": (50_000, 50_000)},
        {"O1": {"reduction": "40"}, "O2": {"reduction": "50"}},
        terms={"capital_budget": "200000 USD"},
        option_funding=[{"option": "O1", "kind": "lease", "payment": "24000 USD", "years": "5"}],
        avoided_events=[{"option": "O1", "kind": "fine", "name": "F", "loss": "5 USD", "chance": "1"}],
        option_terms=[{"option": "O1", "lowers_risk": True, "risk_reason": "Spills"}],
    )
    for language in LANGUAGES:
        data = evaluation_json(evaluation, language)
        assert json.loads(json.dumps(data, allow_nan=False)) == data
        economics = data["options"][0]["economics"]
        for part in ("merits", "uncertainty", "break_evens", "scenarios", "ways", "risk"):
            assert economics[part], part
        assert economics["missing"] == {}
        assert data["choosing"]["overlaps"]
        assert data["choosing"]["abatement"]
        assert data["choosing"]["budget"]["chosen"] == ["O1", "O2"]


def test_whole_numbers_of_money_stay_exact() -> None:
    found = economics_of(works({"O1": (100_000, 40_000)}), "O1")
    assert found.gains.value == Decimal(40_000)
    assert render(found.missing["ways"], "zh-hant") != render(found.missing["ways"], "en")
