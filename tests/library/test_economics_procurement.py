"""Lease, instalments, energy-performance contract and shared savings beside purchase."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from economics_sample import appendix_8, plain_project, published
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics import (
    EPA_1988,
    TEXTBOOK,
    CapitalItem,
    Conventions,
    Depreciation,
    DepreciationMethod,
    Financing,
    Grant,
    Loan,
    OperatingClass,
    OperatingItem,
    PriceBasis,
    Prices,
    Project,
    Replacement,
    RootCount,
    TaxCredit,
    after_tax_cash_flow,
    annuity,
    evaluate_project,
    internal_rate_of_return,
)
from openrecp.economics.payments import ContractPayment
from openrecp.economics.procurement import (
    Instalments,
    Lease,
    PerformanceContract,
    Purchase,
    SharedSavings,
    Way,
    WayResult,
    client_project,
    compare_ways,
    contract_flows,
    covered_savings,
)
from openrecp.errors import UnusableInput, Where
from openrecp.figures import Figure, figure_json
from openrecp.texts import render

LEASES = published("economics_leases")
STRAIGHT = Depreciation(DepreciationMethod.STRAIGHT_LINE, 5)


def taxed_project(**changes: object) -> Project:
    """10,000 of equipment and a 2,000 foundation that save 4,000 a year for 8 years, at 20 % tax and 8 %."""
    given = {
        "capital": (CapitalItem("Equipment", 10_000.0), CapitalItem("Foundation", 2_000.0)),
        "operating": (
            OperatingItem("steam", "Steam", OperatingClass.UTILITIES, 3_000.0, 0.02),
            OperatingItem("water", "Water", OperatingClass.UTILITIES, 1_000.0),
            OperatingItem("care", "Maintenance", OperatingClass.SUPPLIES, -400.0),
        ),
        "life": 8,
        "discount_rate": 0.08,
        "tax_rate": 0.20,
        "depreciation": STRAIGHT,
        "salvage": 500.0,
    }
    return plain_project(**(given | changes))


def one(project: Project, way: Way, saving_factor: float = 1.0, shortfall: float = 0.2) -> WayResult:
    (found,) = compare_ways(project, [way], saving_factor=saving_factor, shortfall=shortfall)
    return found


def value(figure: Figure) -> float:
    assert figure.value is not None, figure.reason
    return float(figure.value)


EVERY_WAY: list[Way] = [
    Purchase(),
    Instalments(4, down_share=0.3, interest_rate=0.05),
    Lease(2_500.0, 6, in_advance=True, deposit=800.0, purchase_price=300.0, maintenance_included=250.0),
    PerformanceContract(3_600.0, 300.0, 5, excess_share=0.5, maintenance_included=100.0),
    SharedSavings((0.2, 0.3, 0.4, 0.5, 0.6, 0.7), 6, buyout_price=100.0, client_buys=("Foundation",)),
]


def test_the_bus_lease_of_brealey_myers_and_allen() -> None:
    bus = LEASES["bus"]
    shares = tuple(bus["depreciation_shares"])
    purchase = plain_project(
        capital=(CapitalItem("Bus", bus["price"]),),
        operating=(),
        life=bus["years"],
        discount_rate=bus["discount_rate"],
        tax_rate=bus["tax_rate"],
        depreciation=Depreciation(DepreciationMethod.TABLE, shares=shares),
    )
    lease = one(purchase, Lease(bus["payment"], bus["years"], in_advance=True))
    bought = after_tax_cash_flow(purchase).cash
    less = [mine - its for mine, its in zip(lease.cash_flow.cash, bought, strict=True)]
    # Shields that are printed rounded may put the printed sum off by a hundredth.
    assert less[:8] == pytest.approx(bus["lease_less_purchase"], abs=0.0101)
    assert less[8] == pytest.approx(0.0, abs=1e-12)
    assert value(lease.npv_difference) == pytest.approx(bus["npv_difference"], abs=0.005)
    assert less[0] - value(lease.npv_difference) == pytest.approx(bus["equivalent_loan"], abs=0.01)


def test_the_interest_within_a_lease() -> None:
    case = LEASES["office_equipment"]
    purchase = plain_project(capital=(CapitalItem("Desk", case["price"]),))
    found = one(purchase, Lease(case["payment"], case["years"], purchase_price=0.0))
    assert round(value(found.implicit_rate), 3) == case["implicit_rate_percent"]
    assert contract_flows(Lease(case["payment"], 5, purchase_price=0.0), purchase)[:2] == (
        100_000.0,
        -24_000.0,
    )


@pytest.mark.parametrize("conventions", [TEXTBOOK, EPA_1988])
def test_a_purchase_is_the_project_itself(conventions: Conventions) -> None:
    project = appendix_8(0.4)
    (found,) = compare_ways(project, [Purchase()], conventions)
    direct = evaluate_project(project, conventions)
    assert found.evaluation.npv == direct.npv
    assert found.evaluation.payback == direct.payback
    assert found.npv_difference.value == 0.0
    assert found.shortfall.borne_by_other.value == 0.0
    assert found.implicit_rate.value is None
    assert found.money_cost.value is not None
    assert value(found.own_money) == pytest.approx(direct.cash_flow.funding.equity)


def test_a_lease_takes_the_place_of_capital_loans_grants_and_credits() -> None:
    project = taxed_project(
        financing=Financing((Loan(0.4, 0.04, 5),)),
        grants=(Grant(1_000.0), Grant(share=0.1)),
        tax_credits=(TaxCredit(0.1), TaxCredit(0.1, 5_000.0)),
        working_capital=700.0,
    )
    client = client_project(project, Lease(2_000.0, 8))
    assert (client.capital, client.financing.loans, client.grants, client.tax_credits) == ((), (), (), ())
    assert (client.salvage, client.working_capital) == (0.0, 700.0)
    partly = client_project(project, Lease(2_000.0, 8, client_buys=("Foundation",)))
    assert [item.name for item in partly.capital] == ["Foundation"]
    # What is a share of the capital counts the client's own; a sum goes to the owner.
    assert partly.grants == (Grant(share=0.1),)
    assert partly.tax_credits == (TaxCredit(0.1),)
    flow = after_tax_cash_flow(partly)
    assert flow.depreciation[1] == pytest.approx(400.0)
    assert flow.grants_free[0] == pytest.approx(200.0)
    assert flow.contract_taxed[1:] == (-2_000.0,) * 8
    assert flow.tax[1] == pytest.approx(0.2 * (3_060 + 1_000 - 400 - 2_000 - 400))


def test_payments_in_advance_fall_on_the_year_before_and_the_deposit_comes_back() -> None:
    flow = after_tax_cash_flow(
        client_project(
            taxed_project(), Lease(2_000.0, 3, in_advance=True, rise=0.1, deposit=900.0, purchase_price=0.0)
        )
    )
    assert flow.contract_taxed[:4] == pytest.approx((-2_000.0, -2_200.0, -2_420.0, 0.0))
    assert flow.contract_free[:5] == (-900.0, 0.0, 0.0, 900.0, 0.0)
    assert flow.tax[0] == pytest.approx(-400.0)
    found = one(taxed_project(), Lease(2_000.0, 3, in_advance=True, deposit=900.0, purchase_price=0.0))
    assert value(found.own_money) == 2_900.0
    assert value(found.first_payment) == 2_000.0


def test_equipment_that_goes_back_early_saves_no_more() -> None:
    project = taxed_project(
        replacements=(Replacement(100.0, 2, every=2),),
        operating=(
            OperatingItem("steam", "Steam", OperatingClass.UTILITIES, 3_000.0),
            OperatingItem("late", "Later", OperatingClass.UTILITIES, 50.0, first_year=6),
            OperatingItem("early", "Earlier", OperatingClass.UTILITIES, 70.0, last_year=2),
        ),
    )
    flow = after_tax_cash_flow(client_project(project, Lease(1_000.0, 4)))
    assert flow.net_savings == (0.0, 3_070.0, 3_070.0, 3_000.0, 3_000.0, 0.0, 0.0, 0.0, 0.0)
    assert flow.replacements_deducted == (0.0, 0.0, 100.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert flow.cash[5:] == (0.0,) * 4


def test_a_saving_that_ends_with_the_lease_still_pays_back() -> None:
    late = OperatingItem("late", "Later test", OperatingClass.QUALITY, -50.0, first_year=7, last_year=8)
    project = taxed_project(operating=(*taxed_project().operating, late))
    found = one(project, Lease(2_000.0, 3, maintenance_included=250.0))
    assert value(found.evaluation.annual_net_saving) == pytest.approx(3_000 + 1_000 - 400 + 250)
    assert value(found.evaluation.payback) == 0.0
    # Of the same length as the rest of the project, the years without equipment are not the usual ones either.
    assert value(one(project, Lease(2_000.0, 4)).evaluation.annual_net_saving) == pytest.approx(3_600)


def test_what_equipment_that_goes_back_early_is_worth_is_not_known() -> None:
    found = one(taxed_project(), Lease(2_500.0, 5)).implicit_rate
    assert found.value is None
    assert "not known" in str(found.reason)
    assert value(one(taxed_project(), Lease(2_500.0, 8)).implicit_rate) > 0


def test_equipment_bought_at_the_end_is_written_off_from_then_on() -> None:
    project = taxed_project(prices=Prices(PriceBasis.REAL, 0.03))
    flow = after_tax_cash_flow(client_project(project, Lease(2_000.0, 4, purchase_price=1_000.0)))
    assert flow.replacements_capitalised[4] == pytest.approx(1_000.0)
    assert flow.depreciation[5:] == pytest.approx((200.0,) * 4)
    assert flow.salvage[-1] == 500.0
    # Sold for 500 with 200 not yet written off.
    assert flow.sale_tax[-1] == pytest.approx(0.2 * (500.0 - 200.0))
    at_end = after_tax_cash_flow(client_project(project, Lease(2_000.0, 8, purchase_price=300.0)))
    assert (at_end.contract_taxed[-1], at_end.salvage[-1]) == (-2_300.0, 500.0)


def test_parts_and_maintenance_may_be_included() -> None:
    project = taxed_project(replacements=(Replacement(100.0, 2, every=2),), escalation=0.1)
    way = Lease(2_000.0, 5, purchase_price=0.0, maintenance_included=400.0, parts_included=True)
    flow = after_tax_cash_flow(client_project(project, way))
    bought = after_tax_cash_flow(project)
    assert flow.replacements_deducted[:6] == (0.0,) * 6
    assert flow.replacements_deducted[6] == bought.replacements_deducted[6] > 0
    included = [mine - its for mine, its in zip(flow.net_savings, bought.net_savings, strict=True)]
    assert included == pytest.approx([0.0, *(400.0 * 1.1**year for year in range(1, 6)), 0.0, 0.0, 0.0])
    given = contract_flows(way, project)
    assert given[2] == pytest.approx(-2_000.0 + 400 * 1.21 + 100 * 1.21)
    # The payback counts what is included as a saving.
    found = one(project, way)
    assert value(found.evaluation.payback) == 0.0


def test_instalments_are_a_loan_of_the_supplier() -> None:
    project = taxed_project(financing=Financing((Loan(0.4, 0.04, 5),)), grants=(Grant(1_000.0),))
    by_rate = one(project, Instalments(4, down_share=0.25, interest_rate=0.06, client_buys=("Foundation",)))
    payment = annuity(7_500.0, 0.06, 4)
    flow = by_rate.cash_flow
    assert value(by_rate.own_money) == pytest.approx(2_000.0 + 2_500.0)
    assert value(by_rate.first_payment) == pytest.approx(payment)
    assert flow.interest[1] == pytest.approx(450.0)
    assert flow.loan_balance[4] == pytest.approx(0.0, abs=1e-9)
    assert flow.depreciation[1] == pytest.approx(2_400.0)
    assert flow.grants_free[0] == 1_000.0
    by_payment = one(
        project, Instalments(4, down_payment=2_500.0, yearly_payment=payment, client_buys=("Foundation",))
    )
    assert value(by_payment.implicit_rate) == pytest.approx(6.0)
    assert by_payment.cash_flow.cash == pytest.approx(flow.cash)
    assert value(by_payment.evaluation.payback) == value(by_rate.evaluation.payback)
    free = one(project, Instalments(5, yearly_payment=2_400.0))
    assert value(free.implicit_rate) == pytest.approx(0.0, abs=1e-9)


def test_the_supplier_charges_no_interest_before_start_up() -> None:
    project = taxed_project(construction_years=2, spending=(0.6, 0.4))
    flow = one(project, Instalments(4, down_share=0.25, interest_rate=0.06)).cash_flow
    assert flow.funding.construction_interest == 0.0
    assert flow.cash[:3] == pytest.approx((-0.6 * 3_000.0, -0.4 * 3_000.0, 0.0))
    assert flow.loan_balance[:3] == pytest.approx((5_400.0, 9_000.0, 9_000.0))


def test_a_guarantee_makes_up_what_is_missing_and_shares_what_exceeds_it() -> None:
    way = PerformanceContract(3_600.0, 200.0, 5, shortfall_share=0.8, excess_share=0.5, rise=0.1)
    project = taxed_project()
    flow = after_tax_cash_flow(client_project(project, way))
    entered, yearly = covered_savings(project, ())
    assert (entered[0], yearly[0]) == (4_000.0, 4_060.0)
    # 400 above the guarantee at the prices entered, so 406 in year 1.
    assert flow.contract_taxed[1] == pytest.approx(-200.0 - 0.5 * 406.0)
    assert flow.contract_taxed[2] == pytest.approx(-220.0 - 0.5 * (3_000 * 1.02**2 + 1_000) / 10)
    assert flow.contract_taxed[6] == 0.0
    found = one(project, way, saving_factor=0.75)
    assert found.cash_flow.contract_taxed[1] == pytest.approx(-200.0 + 0.8 * 0.15 * 4_060.0)
    nothing = one(project, way, saving_factor=0.0)
    assert nothing.cash_flow.contract_taxed[1] == pytest.approx(-200.0 + 0.8 * 3_600.0)
    steam = after_tax_cash_flow(client_project(project, replace(way, items=("steam",), excess_share=0.0)))
    assert steam.contract_taxed[1] == pytest.approx(-200.0 + 0.8 * 600.0 * 1.02)


def test_a_full_guarantee_moves_the_whole_risk() -> None:
    guaranteed = one(taxed_project(), PerformanceContract(4_000.0, 250.0, 8))
    assert value(guaranteed.shortfall.loss) == pytest.approx(0.0, abs=1e-8)
    assert value(guaranteed.shortfall.borne_by_other) == pytest.approx(100.0)
    leased = one(taxed_project(), Lease(2_000.0, 8))
    assert value(leased.shortfall.borne_by_other) == pytest.approx(0.0, abs=1e-9)
    shared = one(taxed_project(), SharedSavings((0.3,), 8))
    assert value(shared.shortfall.borne_by_other) == pytest.approx(70.0)
    for_years = one(taxed_project(), PerformanceContract(4_000.0, 250.0, 4))
    assert 0.0 < value(for_years.shortfall.borne_by_other) < 100.0


def test_savings_are_shared_by_year() -> None:
    project = taxed_project()
    flow = after_tax_cash_flow(client_project(project, SharedSavings((0.2, 0.6), 2, buyout_price=1_500.0)))
    _, yearly = covered_savings(project, ())
    assert flow.contract_taxed[1:4] == pytest.approx((-0.8 * yearly[0], -0.4 * yearly[1], 0.0))
    assert flow.replacements_capitalised[2] == 1_500.0
    assert flow.salvage[-1] == 500.0
    taken_away = after_tax_cash_flow(client_project(project, SharedSavings((0.2,), 2, buyout_price=None)))
    assert taken_away.net_savings[3:] == (0.0,) * 6


@given(
    payment=st.floats(100, 5_000),
    years=st.integers(1, 8),
    in_advance=st.booleans(),
    price=st.none() | st.just(0.0) | st.floats(1, 3_000),
)
def test_before_tax_a_lease_costs_the_interest_within_it(
    payment: float, years: int, in_advance: bool, price: float | None
) -> None:
    """Without tax and loans, leasing is worth as much as buying at the interest within the payments."""
    project = taxed_project(tax_rate=0.0, life=years)
    found = one(project, Lease(payment, years, in_advance=in_advance, purchase_price=price))
    assert (found.implicit_rate.value is None) == (found.money_cost.value is None)
    if found.implicit_rate.value is not None:
        assert value(found.money_cost) == pytest.approx(value(found.implicit_rate), rel=1e-6, abs=1e-6)


@given(rate=st.floats(0.0, 0.4), years=st.integers(1, 8), down=st.floats(0, 1))
def test_instalments_at_the_discount_rate_are_worth_as_much_as_purchase(
    rate: float, years: int, down: float
) -> None:
    project = taxed_project(tax_rate=0.0, discount_rate=rate)
    found = one(project, Instalments(years, down_share=down, interest_rate=rate))
    assert value(found.npv_difference) == pytest.approx(0.0, abs=1e-6)


@given(factor=st.floats(0.2, 3.0), short=st.floats(0.05, 1.0), way=st.sampled_from(EVERY_WAY))
def test_money_of_another_size_gives_figures_of_that_size(factor: float, short: float, way: Way) -> None:
    def scaled(project: Project) -> Project:
        return replace(
            project,
            capital=tuple(replace(item, amount=item.amount * factor) for item in project.capital),
            operating=tuple(
                replace(line, annual_amount=line.annual_amount * factor)
                for line in project.operating
                if isinstance(line, OperatingItem)
            ),
            salvage=project.salvage * factor,
        )

    amounts = (
        "yearly_payment",
        "deposit",
        "purchase_price",
        "maintenance_included",
        "guaranteed_saving",
        "yearly_fee",
        "buyout_price",
        "down_payment",
    )
    changes = {key: getattr(way, key) * factor for key in amounts if getattr(way, key, None) is not None}
    small, large = (
        one(taxed_project(), way, shortfall=short),
        one(scaled(taxed_project()), replace(way, **changes), shortfall=short),
    )
    for before, after in zip(small.figures, large.figures, strict=True):
        if before.unit == "TWD":
            assert value(after) == pytest.approx(value(before) * factor, rel=1e-9, abs=1e-6)
        elif before.value is not None:
            assert value(after) == pytest.approx(value(before), rel=1e-6, abs=1e-6)
        else:
            assert after.value is None


@pytest.mark.parametrize("way", [*EVERY_WAY, Instalments(3, yearly_payment=5_000.0)])
def test_many_projects_at_once_are_each_alone(way: Way) -> None:
    factors = np.array([0.0, 0.4, 1.0, 1.3])
    project = taxed_project(tax_rate=0.2, replacements=(Replacement(100.0, 3),))

    def changed(factor: object) -> Project:
        lines = tuple(
            replace(line, annual_amount=line.annual_amount * factor)
            for line in project.operating
            if isinstance(line, OperatingItem)
        )
        items = tuple(replace(item, amount=item.amount * (1.0 + 0.1 * factor)) for item in project.capital)  # type: ignore[operator]
        return replace(project, operating=lines, capital=items)

    together = after_tax_cash_flow(client_project(changed(factors), way)).cash
    for place, factor in enumerate(factors):
        alone = after_tax_cash_flow(client_project(changed(float(factor)), way)).cash
        found = [float(amount[place]) if isinstance(amount, np.ndarray) else amount for amount in together]
        assert found == pytest.approx(alone, abs=1e-6)


def test_every_figure_can_be_opened_in_both_languages() -> None:
    results = compare_ways(taxed_project(financing=Financing((Loan(0.4, 0.04, 5),))), EVERY_WAY)
    assert len({str(result.name) for result in results}) == len(EVERY_WAY)
    for result in results:
        for figure in result.figures:
            assert figure.value is not None or figure.reason is not None
            for language in ("en", "zh-hant"):
                shown = figure_json(figure, language)
                assert "{" not in shown["name"] + shown.get("formula", "") + shown.get("reason", "")
        assert result.rules
        for rule in result.rules:
            assert render(rule, "zh-hant") != render(rule, "en")
        entered = [part for figure in result.figures for _, part in figure.walk() if part.formula is None]
        assert entered


def test_the_differences_add_up() -> None:
    results = compare_ways(taxed_project(), EVERY_WAY)
    bought = value(results[0].evaluation.npv)
    for result in results:
        assert value(result.npv_difference) == pytest.approx(value(result.evaluation.npv) - bought)
        own = value(result.evaluation.npv) - value(result.shortfall.npv)
        assert value(result.shortfall.loss) == pytest.approx(own)


def test_several_rates_within_a_contract_are_said_to_be_several() -> None:
    """A deposit above a payment makes the contract give, take, and give again."""
    project = taxed_project(tax_rate=0.0)
    # 1,000 given, 2,300 taken and 1,320 given back have rates of 10 and 20 %.
    scale = 10_000.0 / 4_620.0
    lease = Lease(
        2_300.0 * scale, 2, deposit=3_620.0 * scale, purchase_price=0.0, client_buys=("Foundation",)
    )
    rates = internal_rate_of_return(contract_flows(lease, project))
    assert rates.count is RootCount.SEVERAL
    assert rates.roots == pytest.approx((0.1, 0.2))
    found = one(project, lease)
    assert found.implicit_rate.value is None
    assert found.implicit_rate.reason is not None
    gift = one(project, SharedSavings((1.0,), 4))
    assert gift.implicit_rate.value is None
    assert gift.implicit_rate.reason is not None


def test_a_rate_below_zero_beside_another_is_named_and_not_taken() -> None:
    found = one(taxed_project(tax_rate=0.0), Lease(4_000.0, 4, deposit=5_000.0, purchase_price=0.0))
    flows = contract_flows(
        Lease(4_000.0, 4, deposit=5_000.0, purchase_price=0.0), taxed_project(tax_rate=0.0)
    )
    low, high = internal_rate_of_return(flows).roots
    assert low < 0 < high
    assert value(found.implicit_rate) == pytest.approx(100.0 * high)
    assert f"{100.0 * low:.2f} %" in render(found.implicit_rate.formula, "en")


@pytest.mark.parametrize(
    ("way", "code"),
    [
        (Lease(1.0, 9), "contract-longer"),
        (Lease(1.0, 0), "years-out-of-range"),
        (Lease(-1.0, 5), "out-of-range"),
        (Lease(float("nan"), 5), "out-of-range"),
        (Lease(1.0, 5, rise=-1.0), "out-of-range"),
        (Lease(1.0, 5, client_buys=("Boiler",)), "unknown-capital-item"),
        (Instalments(3), "payment-or-interest"),
        (Instalments(3, yearly_payment=5_000.0, interest_rate=0.1), "payment-or-interest"),
        (Instalments(3, yearly_payment=500.0), "instalments-below-price"),
        (Instalments(3, interest_rate=0.1, down_payment=12_001.0), "down-payment-too-large"),
        (Instalments(3, interest_rate=0.1, down_share=1.1), "out-of-range"),
        (PerformanceContract(1.0, 1.0, 9), "contract-longer"),
        (PerformanceContract(1.0, 1.0, 3, items=("gas",)), "unknown-item"),
        (PerformanceContract(1.0, 1.0, 3, shortfall_share=1.5), "out-of-range"),
        (SharedSavings((0.5, 0.6), 3), "client-shares"),
        (SharedSavings((), 3), "client-shares"),
        (SharedSavings((1.5,), 3), "out-of-range"),
        (SharedSavings((0.5,), 3, items=("gas",)), "unknown-item"),
        (SharedSavings((0.5,), 3, client_buys=("Boiler",)), "unknown-capital-item"),
    ],
)
def test_impossible_ways_are_refused_together(way: Way, code: str) -> None:
    with pytest.raises(UnusableInput) as alone:
        client_project(taxed_project(), way)
    assert [issue.code for issue in alone.value.issues] == [code]
    placed = replace(way, source=Where(file="case.yaml", line=7))
    with pytest.raises(UnusableInput) as both:
        compare_ways(taxed_project(), [placed, Lease(1.0, 99)])
    assert [(issue.code, issue.where.line) for issue in both.value.issues] == [
        (code, 7),
        ("contract-longer", None),
    ]


def test_factors_that_make_no_sense_are_a_programmers_mistake() -> None:
    for factor, shortfall in ((-0.1, 0.2), (1.0, 0.0), (1.0, 1.1)):
        with pytest.raises(ValueError, match="shortfall"):
            one(taxed_project(), Purchase(), factor, shortfall)


def test_contract_payments_lie_within_the_project() -> None:
    with pytest.raises(UnusableInput, match="lies outside the project"):
        plain_project(payments=(ContractPayment("Rent", ((6, -1.0),)),))
    with pytest.raises(UnusableInput, match="finite"):
        plain_project(payments=(ContractPayment("Rent", ((1, float("inf")),)),))


def test_contract_payments_are_lines_of_the_cash_flow_and_of_the_figures() -> None:
    project = taxed_project(
        payments=(
            ContractPayment("Rent", ((0, -100.0), (1, -120.0))),
            ContractPayment("Deposit", ((0, -50.0), (2, 50.0)), deductible=False),
        )
    )
    flow, without = after_tax_cash_flow(project), after_tax_cash_flow(replace(project, payments=()))
    change = [mine - its for mine, its in zip(flow.cash, without.cash, strict=True)]
    assert change == pytest.approx([-80.0 - 50.0, -96.0, 50.0, *[0.0] * 6])
    names = [str(line.name) for line in flow.worksheet()]
    assert "Contract payments, deductible (− paid)" in names
    assert "Contract payments, not deductible (− paid)" in names
    assert flow.profit[1] == pytest.approx(flow.taxable_income[1] - flow.tax[1])
    npv = evaluate_project(project).npv
    shown = [part for _, part in npv.walk() if str(part.name) == "Payments under contract"]
    assert {float(part.value or 0.0) for part in shown} == {-150.0, -100.0, -120.0, 50.0}
