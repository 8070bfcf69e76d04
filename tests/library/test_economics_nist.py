"""Life-cycle costs, net savings and ratios against those that NIST has published (case file with sources)."""

from __future__ import annotations

from math import ceil
from typing import Any

import pytest
from economics_sample import half_of_last_digit, plain_project, published

from openrecp.economics import (
    CapitalItem,
    OperatingClass,
    OperatingItem,
    PriceBasis,
    Prices,
    Replacement,
    after_tax_cash_flow,
    net_present_value,
    simple_payback,
)
from openrecp.economics.profitability import (
    adjusted_internal_rate,
    annual_worth,
    capital_recovery_factor,
    discounted_payback,
    nominal_rate,
    savings_to_investment_ratio,
)

NIST = published("economics_nist_life_cycle_cost")


def test_present_value_factors_of_nist() -> None:
    case = NIST["present_value_factors"]
    for years, factor in case["single"].items():
        digits = len(factor.split(".")[1])
        found = net_present_value(case["rate"], [0.0] * years + [1.0])
        assert found == pytest.approx(float(factor), abs=2 * half_of_last_digit(digits)), years
    for years, factor in case["uniform"].items():
        digits = len(factor.split(".")[1])
        found = net_present_value(case["rate"], [0.0] + [1.0] * years)
        assert found == pytest.approx(float(factor), abs=2 * half_of_last_digit(digits)), years
        assert 1 / capital_recovery_factor(case["rate"], years) == pytest.approx(found)


def added(*lines: list[float]) -> list[float]:
    return [sum(year) for year in zip(*lines, strict=True)]


def once(case: dict[str, Any], life: int) -> list[float]:
    """An amount of one year, laid out over years 0 to life."""
    return [float(case["amount"]) if year == case["year"] else 0.0 for year in range(life + 1)]


def every_year(amount: float, life: int) -> list[float]:
    return [0.0] + [float(amount)] * life


def test_the_life_cycle_cost_of_handbook_135() -> None:
    """Counted as a project that only costs, part by part and as a whole."""
    case = NIST["handbook_135_table_5_2"]
    rate, life = case["rate"], case["life"]
    parts = {
        "fan_replacement": once(case["fan_replacement"], life),
        "residual": once(case["residual"], life),
        "maintenance": every_year(case["maintenance"]["yearly"], life),
    }
    for name, flows in parts.items():
        assert net_present_value(rate, flows) == pytest.approx(
            case[name]["present_value"], abs=case["tolerance"]
        )
    energy = case["energy"]["yearly"] * case["energy"]["factor"]
    assert energy == pytest.approx(case["energy"]["present_value"])
    flow = after_tax_cash_flow(
        plain_project(
            capital=(CapitalItem("System", float(case["initial"])),),
            operating=(
                OperatingItem(
                    "maintenance", "Maintenance", OperatingClass.LABOUR, -case["maintenance"]["yearly"]
                ),
            ),
            replacements=(Replacement(case["fan_replacement"]["amount"], case["fan_replacement"]["year"]),),
            salvage=-float(case["residual"]["amount"]),
            life=life,
            discount_rate=rate,
        )
    )
    assert energy - flow.net_present_value == pytest.approx(
        case["life_cycle_cost"], abs=2 * case["tolerance"]
    )


def heat_pump_flows(which: str) -> list[float]:
    """Yearly costs of a system, its energy at its present value in year 0."""
    case = NIST["heat_pump"]
    system, life = case[which], case["life"]
    lines = [every_year(system["maintenance"]["yearly"], life), [float(system["initial"])] + [0.0] * life]
    lines += [
        once(system[name], life)
        for name in ("cleaning", "replacement", "overhaul", "residual")
        if name in system
    ]
    total = added(*lines)
    total[0] += system["energy_present_value"]
    return total


@pytest.mark.parametrize("which", ["existing", "new"])
def test_the_life_cycle_costs_of_the_heat_pump(which: str) -> None:
    case = NIST["heat_pump"]
    system, life, rate = case[which], case["life"], case["rate"]
    for name in ("cleaning", "replacement", "overhaul", "residual"):
        if name in system:
            value = net_present_value(rate, once(system[name], life))
            assert round(value) == system[name]["present_value"]
    value = net_present_value(rate, heat_pump_flows(which))
    assert value == pytest.approx(system["life_cycle_cost"], abs=case["tolerance"])
    assert round(annual_worth(system["life_cycle_cost"], rate, life)) == system["annual_value"]


def test_what_the_heat_pump_saves_on_what_it_costs() -> None:
    """Energy is published as a present value only; for the paybacks, in whole years, it is spread evenly."""
    case = NIST["heat_pump"]
    want, rate, life = case["savings"], case["rate"], case["life"]
    saved = [a - b for a, b in zip(heat_pump_flows("existing"), heat_pump_flows("new"), strict=True)]
    assert net_present_value(rate, saved) == pytest.approx(want["net"], abs=case["tolerance"])
    capital = {which: [float(case[which]["initial"])] + [0.0] * life for which in ("existing", "new")}
    capital["existing"] = added(
        capital["existing"],
        once(case["existing"]["replacement"], life),
        once(case["existing"]["residual"], life),
    )
    capital["new"] = added(capital["new"], once(case["new"]["residual"], life))
    investment = net_present_value(rate, capital["new"]) - net_present_value(rate, capital["existing"])
    operational = net_present_value(rate, saved) + investment
    assert investment == pytest.approx(want["investment"], abs=case["tolerance"])
    assert operational == pytest.approx(want["operational"], abs=case["tolerance"])
    ratio = savings_to_investment_ratio(operational, investment).value
    assert ratio == pytest.approx(want["savings_to_investment"], abs=half_of_last_digit(2))
    adjusted = adjusted_internal_rate(rate, want["operational"] / want["investment"], life).value
    assert adjusted == pytest.approx(want["adjusted_internal_rate_percent"] / 100, abs=half_of_last_digit(4))
    first = case["new"]["initial"] - case["existing"]["initial"]
    energy = case["existing"]["energy_present_value"] - case["new"]["energy_present_value"]
    yearly = annual_worth(energy, rate, life)
    even = [-float(first)] + [flow + yearly for flow in saved[1:]]
    simple = simple_payback(first, even[1]).years
    discounted = discounted_payback(rate, even).years
    assert simple is not None
    assert discounted is not None
    assert ceil(simple) == want["simple_payback_in_year"]
    assert ceil(discounted) == want["discounted_payback_in_year"]


def test_payback_and_ratios_of_the_air_conditioner() -> None:
    case = NIST["air_conditioner"]
    once_a_year = case["other_once"] / case["life"]
    yearly = case["energy_yearly"] + case["other_yearly"] + once_a_year
    assert yearly == pytest.approx(case["first_year_savings"], abs=0.5)
    years = simple_payback(case["investment"], yearly).years
    assert years == pytest.approx(case["simple_payback"], abs=half_of_last_digit(2))
    saved = case["energy_present_value"] + case["other_present_value"]
    assert saved == pytest.approx(case["operational_present_value"], abs=1.01)
    ratio = savings_to_investment_ratio(saved, case["investment"]).value
    assert ratio == pytest.approx(case["savings_to_investment"], abs=half_of_last_digit(2))
    assert ratio is not None
    adjusted = adjusted_internal_rate(case["rate"], ratio, case["life"]).value
    assert adjusted == pytest.approx(case["adjusted_internal_rate_percent"] / 100, abs=half_of_last_digit(4))


@pytest.mark.parametrize("which", ["existing", "new"])
def test_the_nominal_life_cycle_costs_of_the_lighting(which: str) -> None:
    case = NIST["lighting"]
    rate = Prices(PriceBasis.REAL, case["inflation"]).nominal(case["real_rate"])
    assert round(100 * rate, 1) == case["nominal_rate_percent"]
    assert rate == pytest.approx(nominal_rate(case["real_rate"], case["inflation"]))
    total = case[f"{which}_life_cycle_cost"]
    share = case["tolerance_share"]
    assert net_present_value(rate, [0.0, *case[f"{which}_yearly"]]) == pytest.approx(total, rel=share)
    assert annual_worth(total, rate, case["life"]) == pytest.approx(
        case[f"{which}_annual_value"], rel=2 * share
    )


def test_real_and_nominal_count_the_same_present_value() -> None:
    """NIST's maintenance rises with inflation alone, so that its real cost is level."""
    case = NIST["lighting"]
    cost = case["existing_maintenance"]
    item = OperatingItem("maintenance", "Maintenance", OperatingClass.LABOUR, -float(cost["today"]))
    real = {"life": case["life"], "capital": (), "operating": (item,), "discount_rate": case["real_rate"]}
    flow = after_tax_cash_flow(plain_project(**real, prices=Prices(PriceBasis.REAL, case["inflation"])))
    assert -flow.net_present_value == pytest.approx(cost["present_value"], rel=case["tolerance_share"])
    assert flow.net_present_value == pytest.approx(
        after_tax_cash_flow(plain_project(**real)).net_present_value
    )
    contract = case["contract"]
    paid = [0.0] + [contract["yearly"]] * contract["years"]
    rate = Prices(PriceBasis.REAL, case["inflation"]).nominal(case["real_rate"])
    assert net_present_value(rate, paid) == pytest.approx(
        contract["present_value"], rel=case["tolerance_share"]
    )
    assert annual_worth(contract["present_value"], rate, case["life"]) == pytest.approx(
        contract["annual_value"], rel=2 * case["tolerance_share"]
    )
