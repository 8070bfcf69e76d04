"""The manual's appendix 8, line by line, in mode epa-1988; and why the textbook differs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from economics_sample import APPENDIX_8, appendix_8

from openrecp.economics import (
    EPA_1988,
    TEXTBOOK,
    Mode,
    StraightLineSwitch,
    after_tax_cash_flow,
    conventions_of,
    evaluate_project,
    mode_differences,
)
from openrecp.figures import Figure, show

FINANCINGS = sorted(APPENDIX_8["financings"])


def _value(figure: Figure) -> float:
    assert figure.value is not None
    return float(figure.value)


def test_escalation_factors_are_those_of_table_8_2() -> None:
    assert list(EPA_1988.escalation_factors(0.05, 8)) == APPENDIX_8["escalation_factors"]


def test_every_operating_line_of_table_8_2() -> None:
    flow = after_tax_cash_flow(appendix_8(0.4), EPA_1988)
    assert {key: list(amounts[1:]) for key, amounts in flow.operating.items()} == APPENDIX_8[
        "operating_lines"
    ]
    assert list(flow.net_savings[1:]) == APPENDIX_8["net_savings"]


@pytest.mark.parametrize("name", FINANCINGS)
def test_every_line_of_tables_8_1_8_3_and_8_4(name: str) -> None:
    want = APPENDIX_8["financings"][name]
    flow = after_tax_cash_flow(appendix_8(want["debt_share"]), EPA_1988)
    paid = flow.funding
    assert (paid.capital, paid.construction_interest, paid.loan, paid.equity) == (
        want["capital"],
        want["interest_during_construction"],
        want["loan"],
        want["equity"],
    )
    assert flow.years == (0, 1, 2, 3, 4, 5, 6, 7, 8)
    for line in ("depreciation", "interest", "tax", "principal"):
        assert list(getattr(flow, line)[1:]) == want[line], line
    assert list(flow.cash) == want["cash"]
    assert round(flow.net_present_value) == want["net_present_value"]
    assert flow.internal_rate.value is not None
    assert round(flow.internal_rate.value * 100, 2) == want["internal_rate_percent"]


@pytest.mark.parametrize("name", FINANCINGS)
def test_running_totals_are_the_printed_ones_but_for_the_scattered_rounding(name: str) -> None:
    want = APPENDIX_8["financings"][name]
    flow = after_tax_cash_flow(appendix_8(want["debt_share"]), EPA_1988)
    rates = flow.internal_rates()
    for year, (npv, rate) in enumerate(
        zip(want["net_present_value_to_date"], want["internal_rate_to_date"], strict=True)
    ):
        if npv is not None:
            assert flow.cumulative_present_value[year] == pytest.approx(npv, abs=1.5)
        if rate is not None:
            found = rates[year].value
            assert found is not None
            assert found * 100 == pytest.approx(rate, abs=0.006)


def test_the_worksheet_adds_up_in_both_modes() -> None:
    for mode in Mode:
        flow = after_tax_cash_flow(appendix_8(0.4), conventions_of(mode))
        lines = {line.letter or str(line.name): line.amounts for line in flow.worksheet()}
        nothing = (0.0,) * len(flow.years)
        for year in range(len(flow.years)):
            assert lines["C"][year] == pytest.approx(lines["A"][year] + lines["B"][year])
            assert lines["H"][year] == pytest.approx(lines["E"][year] - lines["F"][year] - lines["G"][year])
            assert lines["J"][year] == pytest.approx(lines["H"][year] - lines["I"][year])
            cash = (
                lines["J"][year]
                + lines["K"][year]
                - lines["L"][year]
                - lines["M"][year]
                + lines.get("+ Loan paid out", nothing)[year]
                + lines["N"][year]
                - lines.get("− Tax on the sale of the equipment", nothing)[year]
            )
            assert lines["O"][year] == pytest.approx(cash, abs=1e-9)
        assert lines["Q"][-1] == pytest.approx(flow.net_present_value)
        assert [line.letter for line in flow.worksheet() if line.letter] == list("ABCDEFGHIJKLMNOPQ")


def test_the_textbook_switch_alone_gives_the_figures_known_for_it() -> None:
    flow = after_tax_cash_flow(
        appendix_8(0.4), replace(EPA_1988, mode=None, switch=StraightLineSwitch.REMAINING_BOOK)
    )
    assert round(flow.net_present_value) == 83_471
    assert flow.internal_rate.value == pytest.approx(0.2622, abs=5e-5)


def test_the_textbook_discounts_construction_and_recovers_working_capital() -> None:
    flow = after_tax_cash_flow(appendix_8(0.4))
    assert flow.years[:3] == (-1, 0, 1)
    # The owner pays 185,538 when construction begins; the loan's interest of that year is lent as well.
    assert flow.cash[0] == pytest.approx(-185_538.03, abs=0.01)
    assert flow.cash[1] == pytest.approx(0.0, abs=1e-9)
    assert flow.salvage[-1] == 5_000
    assert sum(flow.depreciation) == pytest.approx(290_000)
    assert flow.book_value[-1] == 0


@pytest.mark.parametrize("share", [0.4, 0.0])
def test_the_steps_between_the_modes_add_up(share: float) -> None:
    found = mode_differences(appendix_8(share))
    assert len(found.steps) == 4  # no salvage, so taxing it changes nothing
    change = sum(_value(step.npv_change) for step in found.steps)
    assert change == pytest.approx(_value(found.textbook.npv) - _value(found.epa_1988.npv))
    points = sum(_value(step.irr_change) for step in found.steps)
    assert points == pytest.approx(_value(found.textbook.irr) - _value(found.epa_1988.irr))
    assert found.steps[-1].npv.value == pytest.approx(found.textbook.npv.value)


def test_figures_come_payback_first_and_show_what_went_in() -> None:
    found = evaluate_project(appendix_8(0.4), EPA_1988)
    assert [show(figure, "en") for figure in found.figures[:5]] == [
        "3.59 yr",
        "84,844 USD",
        "26.5 %",
        "309,230 USD",
        "86,223 USD",
    ]
    assert found.payback.inputs == (found.total_capital, found.annual_net_saving)
    assert sum(float(part.value or 0) for part in found.total_capital.inputs) == found.total_capital.value
    assert sum(float(part.value or 0) for part in found.annual_net_saving.inputs) == pytest.approx(
        found.annual_net_saving.value
    )
    for depth, figure in found.npv.walk():
        assert figure.value is not None
        assert depth == 0 or str(figure.name)


def test_each_year_of_the_figures_is_the_sum_of_its_parts() -> None:
    for conventions in (EPA_1988, TEXTBOOK):
        found = evaluate_project(appendix_8(0.4), conventions)
        for year in found.irr.inputs:
            assert year.value == pytest.approx(sum(float(part.value or 0) for part in year.inputs), abs=1e-6)
