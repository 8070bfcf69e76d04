"""Measures of merit on plain numbers: published values, peers, identities, and the reason where there is none."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from economics_sample import published
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics.profitability import (
    Merit,
    Payback,
    adjusted_internal_rate,
    annual_worth,
    benefit_cost_ratio,
    capital_recovery_factor,
    cost_of_delay,
    discounted_payback,
    internal_rate_of_return,
    levelised_cost,
    modified_internal_rate,
    net_present_value,
    nominal_rate,
    present_values,
    real_rate,
    savings_to_investment_ratio,
    simple_payback,
)

NIST = published("economics_nist_life_cycle_cost")
EXCEL = published("economics_spreadsheet_functions")["modified_internal_rate"]
NUMPY_FINANCIAL = published("economics_numpy_financial")["modified_internal_rate"]

rates = st.floats(-0.5, 3.0)
amounts = st.floats(-1e6, 1e6).map(lambda amount: round(amount, 2))


def value_of(merit: Merit) -> float:
    assert merit.reason is None
    assert merit.value is not None
    return merit.value


# Present values and equal yearly amounts


@pytest.mark.parametrize(("years", "printed"), list(NIST["present_value_factors"]["single"].items()))
def test_published_present_value_factors(years: int, printed: str) -> None:
    (found,) = present_values(0.03, [1.0], years)
    # Within one unit of the last digit: 0.8130915 is printed as 0.813091.
    assert found == pytest.approx(
        float(printed), abs=1.001 * 10.0 ** int(Decimal(printed).as_tuple().exponent)
    )


@pytest.mark.parametrize(("years", "printed"), list(NIST["present_value_factors"]["uniform"].items()))
def test_published_uniform_present_value_factors(years: int, printed: str) -> None:
    digits = -int(Decimal(printed).as_tuple().exponent)
    assert round(float(1 / capital_recovery_factor(0.03, years)), digits) == float(printed)


@pytest.mark.parametrize("which", ["existing", "new"])
def test_published_annual_values(which: str) -> None:
    case = NIST["heat_pump"]
    found = annual_worth(case[which]["life_cycle_cost"], case["rate"], case["life"])
    assert found == pytest.approx(case[which]["annual_value"], abs=0.5)


@given(st.lists(amounts, min_size=1, max_size=12), rates)
def test_present_values_sum_to_the_net_present_value(flows: list[float], rate: float) -> None:
    values = present_values(rate, flows)
    size = math.fsum(map(abs, values))
    assert math.fsum(values) == pytest.approx(net_present_value(rate, flows), abs=1e-12 * size)


@given(amounts, rates, st.integers(1, 60))
def test_equal_yearly_amounts_have_the_present_value_they_stand_for(
    npv: float, rate: float, years: int
) -> None:
    yearly = annual_worth(npv, rate, years)
    assert net_present_value(rate, [0.0] + [yearly] * years) == pytest.approx(npv, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("rate", [0.0, 1e-300, 1e-15, -1e-12])
def test_almost_no_interest_is_next_to_none(rate: float) -> None:
    assert capital_recovery_factor(rate, 8) == pytest.approx(1 / 8, rel=1e-11)


def test_equal_amounts_need_years_and_a_rate() -> None:
    for years in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(ValueError, match="years"):
            capital_recovery_factor(0.1, years)
    with pytest.raises(ValueError, match="above -1"):
        annual_worth(1.0, -1.0, 3)


@given(rates, rates)
def test_nominal_and_real_rates_undo_each_other(rate: float, inflation: float) -> None:
    assert real_rate(nominal_rate(rate, inflation), inflation) == pytest.approx(rate, abs=1e-12)


def test_a_published_nominal_rate() -> None:
    case = NIST["lighting"]
    assert (
        round(100 * float(nominal_rate(case["real_rate"], case["inflation"])), 1)
        == case["nominal_rate_percent"]
    )


@given(st.lists(amounts, min_size=1, max_size=8), rates, st.integers(0, 5))
def test_delay_costs_what_the_same_flows_are_worth_less_later(
    flows: list[float], rate: float, years: int
) -> None:
    today, later = net_present_value(rate, flows), net_present_value(rate, [0.0] * years + flows)
    size = net_present_value(rate, list(map(abs, flows))) * max(1.0, (1.0 + rate) ** -years)
    assert cost_of_delay(today, rate, years) == pytest.approx(today - later, abs=1e-12 * size)


def test_delay_is_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        cost_of_delay(1.0, 0.1, -1)


# Ratios


def test_published_savings_to_investment_and_adjusted_rate() -> None:
    for name in ("heat_pump", "air_conditioner"):
        case = NIST[name]
        savings, investment = (
            (case["savings"]["operational"], case["savings"]["investment"])
            if "savings" in case
            else (case["operational_present_value"], case["investment"])
        )
        printed = case.get("savings", case)
        sir = value_of(savings_to_investment_ratio(savings, investment))
        assert round(sir, 2) == printed["savings_to_investment"]
        rate = value_of(adjusted_internal_rate(case["rate"], sir, case["life"]))
        assert round(100 * rate, 2) == printed["adjusted_internal_rate_percent"]


@given(st.floats(0.01, 100), st.floats(-0.5, 1.0), st.integers(1, 40))
def test_the_adjusted_rate_beats_the_discount_rate_exactly_when_the_ratio_beats_one(
    sir: float, rate: float, years: int
) -> None:
    found = value_of(adjusted_internal_rate(rate, sir, years))
    assert (1 + found) ** years == pytest.approx(sir * (1 + rate) ** years, rel=1e-9)
    if abs(sir - 1) > 1e-9:
        assert (found > rate) == (sir > 1)


def test_savings_that_are_reinvested_earn_the_modified_rate() -> None:
    # With one outlay at the start the adjusted and the modified internal rate are the same.
    flows, rate = [-1_000.0, 300.0, 400.0, 500.0], 0.07
    sir = value_of(savings_to_investment_ratio(net_present_value(rate, [0.0, *flows[1:]]), -flows[0]))
    assert value_of(adjusted_internal_rate(rate, sir, 3)) == pytest.approx(
        value_of(modified_internal_rate(flows, rate, rate))
    )


@pytest.mark.parametrize(
    ("merit", "reason"),
    [
        (savings_to_investment_ratio(100.0, 0.0), "no added investment"),
        (savings_to_investment_ratio(100.0, -5.0), "no added investment"),
        (benefit_cost_ratio(100.0, 0.0), "no costs"),
        (adjusted_internal_rate(0.1, -0.5, 10), "below zero"),
        (levelised_cost(100.0, 0.1, []), "nothing is avoided"),
        (levelised_cost(100.0, 0.1, [0.0, 0.0]), "nothing is avoided"),
        (levelised_cost(100.0, 0.1, [-3.0]), "nothing is avoided"),
        (modified_internal_rate([1.0, 2.0], 0.1, 0.1), "paid and money received"),
        (modified_internal_rate([-1.0, -2.0], 0.1, 0.1), "paid and money received"),
        (modified_internal_rate([0.0], 0.1, 0.1), "paid and money received"),
        (modified_internal_rate([], 0.1, 0.1), "paid and money received"),
    ],
)
def test_what_does_not_exist_says_why(merit: Merit, reason: str) -> None:
    assert merit.value is None
    assert reason in str(merit.reason)


def test_what_loses_money_still_has_its_ratios() -> None:
    assert value_of(savings_to_investment_ratio(-50.0, 100.0)) == -0.5
    assert value_of(benefit_cost_ratio(0.0, 100.0)) == 0.0
    assert value_of(adjusted_internal_rate(0.1, 0.0, 10)) == -1.0
    assert cost_of_delay(-110.0, 0.10) == pytest.approx(-10.0)
    assert value_of(levelised_cost(-100.0, 0.0, [10.0])) == -10.0


@pytest.mark.parametrize(
    "refused",
    [
        lambda: savings_to_investment_ratio(math.nan, 1.0),
        lambda: benefit_cost_ratio(1.0, math.inf),
        lambda: adjusted_internal_rate(0.1, math.nan, 3),
        lambda: adjusted_internal_rate(0.1, 1.0, 0),
        lambda: levelised_cost(1.0, 0.1, [math.nan]),
        lambda: modified_internal_rate([-1.0, math.inf], 0.1, 0.1),
        lambda: modified_internal_rate([-1.0, 2.0], -1.0, 0.1),
        lambda: discounted_payback(0.1, [-1.0, math.nan]),
        lambda: discounted_payback(-2.0, [-1.0, 2.0]),
        lambda: present_values(0.1, [math.nan]),
        lambda: nominal_rate(-1.0, 0.1),
        lambda: cost_of_delay(math.inf, 0.1),
        lambda: simple_payback(np.array([1.0, math.nan]), 1.0),
    ],
)
def test_what_is_no_number_is_refused(refused: Any) -> None:
    with pytest.raises(ValueError, match="must be"):
        refused()


# Modified internal rate


@pytest.mark.parametrize("case", EXCEL)
def test_modified_rates_of_excel(case: dict[str, Any]) -> None:
    found = value_of(modified_internal_rate(case["flows"], case["finance"], case["reinvest"]))
    assert round(100 * found, case["decimals"]) == case["percent"]


@pytest.mark.parametrize("case", NUMPY_FINANCIAL)
def test_modified_rates_of_numpy_financial(case: dict[str, Any]) -> None:
    found = value_of(modified_internal_rate(case["flows"], case["finance"], case["reinvest"]))
    assert found == pytest.approx(case["rate"], abs=6e-13)


@given(
    st.lists(amounts, min_size=2, max_size=12).filter(lambda flows: min(flows) < -1 and max(flows) > 1),
    st.floats(0.0, 0.5),
    st.floats(0.0, 0.5),
)
def test_modified_rates_agree_with_the_peers(flows: list[float], finance: float, reinvest: float) -> None:
    npf = pytest.importorskip("numpy_financial", reason="the peer numpy-financial is not installed")
    pyxirr = pytest.importorskip("pyxirr", reason="the peer pyxirr is not installed")
    found = value_of(modified_internal_rate(flows, finance, reinvest))
    assert found == pytest.approx(float(npf.mirr(flows, finance, reinvest)), rel=1e-9, abs=1e-9)
    assert found == pytest.approx(pyxirr.mirr(flows, finance, reinvest), rel=1e-9, abs=1e-9)


@given(st.floats(0.1, 1e6), st.floats(0.1, 1e6), st.integers(1, 30))
def test_one_outlay_and_one_return_have_the_same_rate_modified_or_not(
    paid: float, received: float, years: int
) -> None:
    flows = [-paid] + [0.0] * (years - 1) + [received]
    plain = internal_rate_of_return(flows).value
    assert value_of(modified_internal_rate(flows, 0.2, 0.1)) == pytest.approx(plain, rel=1e-9, abs=1e-12)


# Levelised cost


@given(amounts, st.floats(0.0, 1.0), st.lists(st.floats(0.1, 1e3), min_size=1, max_size=20))
def test_at_the_levelised_cost_the_units_are_worth_what_they_cost(
    cost: float, rate: float, quantities: list[float]
) -> None:
    each = value_of(levelised_cost(cost, rate, quantities))
    worth = net_present_value(rate, [0.0, *(each * quantity for quantity in quantities)])
    assert worth == pytest.approx(cost, rel=1e-9, abs=1e-9)


def test_a_levelised_cost_of_equal_quantities_is_the_annual_worth_of_each() -> None:
    each = value_of(levelised_cost(1_000.0, 0.08, [50.0] * 12))
    assert each == pytest.approx(annual_worth(1_000.0, 0.08, 12) / 50.0)


# Discounted payback


@pytest.mark.parametrize(
    ("flows", "start", "years"),
    [
        ([-100.0, 110.0], 0, 1.0),  # exactly, for all the rounding
        ([-100.0, 66.0, 48.4], 0, 2.0),
        ([-80.0, 66.0, 48.4], 0, 1.5),
        ([-100.0, 0.0, 0.0, 133.1], 0, 3.0),
        ([10.0, 20.0], 0, 0.0),
        ([0.0, 0.0], 0, 0.0),
        ([-100.0, -110.0, 242.0], -1, 1.0),  # a year of construction; worth 110, 110 and 220 at start-up
        ([-100.0, 110.0, 50.0], -1, 0.0),  # made up for by start-up
        ([-100.0, 220.0, -242.0, 266.2], 0, 2.5),  # a replacement in year 2 throws it back
    ],
)
def test_discounted_paybacks(flows: list[float], start: int, years: float) -> None:
    found = discounted_payback(0.10, flows, start)
    assert found.reason is None
    assert found.years == pytest.approx(years, abs=1e-9)


@pytest.mark.parametrize("flows", [[-100.0, 100.0], [-100.0], [-100.0, 200.0, -200.0], [5.0, -6.0]])
def test_what_is_worth_less_than_nothing_is_never_paid_back(flows: list[float]) -> None:
    found = discounted_payback(0.10, flows)
    assert found.years is None
    assert f"in {len(flows) - 1} years" in str(found.reason)


@given(st.floats(1.0, 1e6), st.floats(1.0, 1e6), st.floats(0.0, 0.5))
def test_equal_savings_are_paid_back_when_their_annuity_is(
    capital: float, saving: float, rate: float
) -> None:
    found = discounted_payback(rate, [-capital, *[saving] * 40])
    if (factor := capital * capital_recovery_factor(rate, 40)) > saving * (1 + 1e-9):
        assert found.years is None
    elif factor < saving * (1 - 1e-9):
        assert found.years is not None
        years = math.ceil(found.years - 1e-6)
        assert years == 0 or saving >= capital * capital_recovery_factor(rate, years) * (1 - 1e-5)
        assert found.years >= float(simple_payback(capital, saving).years or 0.0) * (1 - 1e-9)


@given(st.lists(amounts, min_size=1, max_size=10), st.floats(-0.3, 1.0))
def test_there_is_a_payback_exactly_when_the_present_value_is_not_negative(
    flows: list[float], rate: float
) -> None:
    value = net_present_value(rate, flows)
    size = net_present_value(rate, list(map(abs, flows)))
    if abs(value) > 1e-12 * size:
        assert (discounted_payback(rate, flows).years is not None) == (value > 0)


def test_published_discounted_payback_year() -> None:
    case = NIST["heat_pump"]
    old, new = case["existing"], case["new"]
    factor = capital_recovery_factor(case["rate"], case["life"])
    # The energy saved is known by its present value only, and taken as equal every year.
    yearly = (old["energy_present_value"] - new["energy_present_value"]) * factor
    yearly += old["maintenance"]["yearly"] - new["maintenance"]["yearly"]
    flows = [old["initial"] - new["initial"], *[yearly] * case["life"]]
    flows[8] -= new["overhaul"]["amount"]
    flows[10] += old["cleaning"]["amount"] + old["replacement"]["amount"]
    found = discounted_payback(case["rate"], flows[:8])  # before the overhaul, as the report counts
    assert found.years is not None
    assert math.ceil(found.years) == case["savings"]["discounted_payback_in_year"]


# Many at once


def test_many_are_as_one_by_one_with_nan_where_there_is_no_answer() -> None:
    source = np.random.default_rng(1)
    rate = source.uniform(-0.3, 0.5, 30)
    capital, saving = source.uniform(-10.0, 100.0, 30), source.uniform(-10.0, 40.0, 30)
    years = [-capital, *(saving * source.uniform(0.0, 1.5, 30) for _ in range(6))]

    def alone(merit: Merit | Payback | Any) -> float:
        value = merit.years if isinstance(merit, Payback) else merit.value
        return math.nan if value is None else value

    pairs: list[tuple[Any, Any]] = [
        (
            savings_to_investment_ratio(saving, capital),
            lambda i: savings_to_investment_ratio(saving[i], capital[i]),
        ),
        (benefit_cost_ratio(saving, capital), lambda i: benefit_cost_ratio(saving[i], capital[i])),
        (adjusted_internal_rate(rate, saving, 9), lambda i: adjusted_internal_rate(rate[i], saving[i], 9)),
        (
            levelised_cost(capital, rate, years[1:]),
            lambda i: levelised_cost(capital[i], rate[i], [y[i] for y in years[1:]]),
        ),
        (
            modified_internal_rate(years, rate, 0.1),
            lambda i: modified_internal_rate([y[i] for y in years], rate[i], 0.1),
        ),
        (
            discounted_payback(rate, years, -1),
            lambda i: discounted_payback(rate[i], [y[i] for y in years], -1),
        ),
        (
            discounted_payback(0.1, np.array(years).T),
            lambda i: discounted_payback(0.1, [y[i] for y in years]),
        ),
        (simple_payback(capital, saving), lambda i: simple_payback(capital[i], saving[i])),
    ]
    for many, one in pairs:
        expected = np.array([alone(one(i)) for i in range(30)])
        assert many == pytest.approx(expected, rel=1e-12, nan_ok=True)
        assert not np.isnan(many).all()
    assert annual_worth(capital, rate, 5) == pytest.approx(
        [annual_worth(c, r, 5) for c, r in zip(capital, rate, strict=True)]
    )
    assert cost_of_delay(capital, rate) == pytest.approx(
        [cost_of_delay(c, r) for c, r in zip(capital, rate, strict=True)]
    )


def test_rates_of_many_may_meet_one_flow() -> None:
    found = discounted_payback(np.array([0.0, 0.1, 2.0]), [-100.0, 60.0, 60.0])
    assert found == pytest.approx(
        np.array([1 + 40 / 60, 1 + (100 - 60 / 1.1) / (60 / 1.21), math.nan]), nan_ok=True
    )
    modified = modified_internal_rate([-100.0, 60.0, 60.0], np.array([0.1, 0.1]), np.array([0.0, 0.1]))
    assert modified == pytest.approx(np.sqrt([1.2, 1.26]) - 1)
