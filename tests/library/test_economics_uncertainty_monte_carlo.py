"""Simulation of a project: known answers, the same digits, and every impossible input said beforehand."""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from economics_sample import appendix_8
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
    Loan,
    OperatingClass,
    OperatingItem,
    Project,
    RootCount,
    after_tax_cash_flow,
    evaluate_project,
    internal_rate_of_return,
    project_inputs,
)
from openrecp.economics.inputs import changed_inputs
from openrecp.economics.profitability import discounted_payback
from openrecp.economics.uncertainty import (
    Constant,
    Correlation,
    Discrete,
    Distribution,
    Lognormal,
    MonteCarlo,
    Normal,
    Pert,
    Triangular,
    UncertainInput,
    Uniform,
    drawn_values,
    monte_carlo,
    simulation_figures,
    triangular_from_cases,
)
from openrecp.errors import UnusableInput, Where
from openrecp.figures import Figure
from openrecp.texts import render

# Pays 130 for 100 after a year: the net present value without interest and tax is saving less capital.
PLAIN = Project(
    "Plain",
    "TWD",
    (CapitalItem("Machine", 100.0),),
    (OperatingItem("saving", "Saving", OperatingClass.UTILITIES, 130.0),),
    1,
    0.0,
)
RICH = Project(
    "Recovery unit",
    "TWD",
    (CapitalItem("Equipment", 800_000.0), CapitalItem("Building", 200_000.0)),
    (
        OperatingItem("disposal", "Disposal saved", OperatingClass.WASTE_MANAGEMENT, 250_000.0),
        OperatingItem("upkeep", "Upkeep", OperatingClass.SUPPLIES, -40_000.0),
    ),
    8,
    0.12,
    0.2,
    Depreciation(DepreciationMethod.DECLINING_BALANCE, 8),
    Financing((Loan(0.4, 0.06, 5),)),
    escalation=0.02,
    salvage=50_000.0,
    construction_years=1,
)


def inputs(**distributions: Distribution) -> list[UncertainInput]:
    return [UncertainInput(key, each) for key, each in distributions.items()]


RISKY = inputs(
    capital=Pert(850e3, 1e6, 1.5e6),
    disposal=Triangular(150e3, 250e3, 300e3),
    upkeep=Lognormal(-40e3, 1.4),
    escalation=Uniform(0.0, 0.05),
    discount_rate=Triangular(0.09, 0.12, 0.15),
    salvage=Normal(50e3, 20e3),
)


def digits(result: MonteCarlo) -> list[bytes]:
    return [each.tobytes() for each in result.outcomes.arrays]


def test_saving_less_capital_has_the_mean_and_spread_of_two_normals() -> None:
    found = monte_carlo(PLAIN, inputs(capital=Normal(100.0, 10.0), saving=Normal(130.0, 20.0)), draws=400_000)
    exact = NormalDist(30.0, math.sqrt(500.0))
    assert found.npv.mean == pytest.approx(30.0, abs=0.15)
    assert found.npv.sd == pytest.approx(exact.stdev, rel=0.005)
    assert found.probability_of_gain.value == pytest.approx(1.0 - exact.cdf(0.0), abs=0.003)
    for percent in (5.0, 50.0, 95.0):
        assert found.npv.percentile(percent) == pytest.approx(exact.inv_cdf(percent / 100.0), abs=0.3)
    # Variances of 400 and 100: four fifths and one fifth.
    assert [(each.key, each.rank_correlation > 0) for each in found.drivers.drivers] == [
        ("saving", True),
        ("capital", False),
    ]
    assert found.drivers.drivers[0].share == pytest.approx(0.8, abs=0.01)


def test_what_goes_together_adds_to_the_spread_and_what_goes_against_takes_from_it() -> None:
    pair = inputs(capital=Normal(100.0, 10.0), saving=Normal(130.0, 20.0))
    for score, correlation in ((0.6, 0.5814), (-0.6, -0.5814)):
        found = monte_carlo(PLAIN, pair, [Correlation("capital", "saving", correlation)], draws=200_000)
        assert found.npv.sd == pytest.approx(math.sqrt(500.0 - 2.0 * score * 200.0), rel=0.01)


def test_the_probability_of_a_lognormal_saving_is_the_known_one() -> None:
    found = monte_carlo(PLAIN, inputs(saving=Lognormal(110.0, 1.5)), draws=200_000)
    width = math.log(1.5) / NormalDist().inv_cdf(0.95)
    assert found.probability_of_gain.value == pytest.approx(
        NormalDist(math.log(110.0), width).cdf(math.inf)
        - NormalDist(math.log(110.0), width).cdf(math.log(100.0)),
        abs=0.004,
    )


def test_every_draw_is_the_project_evaluated_alone() -> None:
    found = monte_carlo(RICH, RISKY, draws=500)
    drawn = drawn_values(RISKY, 500)
    known = project_inputs(RICH)
    for place in (0, 123, 499):
        alone = changed_inputs(RICH, ((known[key], float(column[place])) for key, column in drawn.items()))
        shown = evaluate_project(alone)
        assert shown.irr.value is not None
        assert shown.payback.value is not None
        assert found.outcomes.npv[place] == pytest.approx(float(shown.npv.value or 0.0), rel=1e-9)
        assert found.outcomes.irr[place] * 100.0 == pytest.approx(float(shown.irr.value), rel=1e-9)
        assert found.outcomes.payback[place] == pytest.approx(float(shown.payback.value), rel=1e-12)
        alone_flow = after_tax_cash_flow(alone)
        later = discounted_payback(alone.nominal_discount_rate, alone_flow.cash, alone_flow.years[0]).years
        expected = math.inf if later is None else later
        assert found.outcomes.discounted_payback[place] == pytest.approx(expected, rel=1e-9)


def test_internal_rates_are_those_of_pyxirr() -> None:
    pyxirr = pytest.importorskip("pyxirr")
    found = monte_carlo(RICH, RISKY, draws=300)
    known, drawn = project_inputs(RICH), drawn_values(RISKY, 300)
    flow = after_tax_cash_flow(changed_inputs(RICH, ((known[key], column) for key, column in drawn.items())))
    for place, rate in enumerate(found.outcomes.irr):
        assert rate == pytest.approx(pyxirr.irr([float(year[place]) for year in flow.cash]), abs=1e-9)


def test_digits_do_not_depend_on_the_number_of_workers() -> None:
    alone, together = (monte_carlo(RICH, RISKY, draws=120_000, workers=workers) for workers in (1, 2))
    assert digits(alone) == digits(together)
    assert alone.drivers == together.drivers
    assert (alone.npv, alone.rate_shares) == (together.npv, together.rate_shares)
    assert digits(monte_carlo(RICH, RISKY, draws=100)) != digits(monte_carlo(RICH, RISKY, draws=100, seed=3))


def test_a_longer_run_begins_with_the_shorter_one() -> None:
    short, longer = (monte_carlo(RICH, RISKY, draws=draws) for draws in (50, 60_000))
    assert short.outcomes.npv == pytest.approx(longer.outcomes.npv[:50], rel=1e-12)
    assert short.outcomes.irr == pytest.approx(longer.outcomes.irr[:50], rel=1e-12)


def test_one_draw_is_enough_to_run() -> None:
    found = monte_carlo(RICH, RISKY, draws=1)
    assert found.npv.mean == found.npv.percentile(5.0) == float(found.outcomes.npv[0])
    assert found.npv.sd is None
    assert {each.share for each in found.drivers.drivers} == {0.0}
    figures = simulation_figures(found)
    assert figures.npv.sd.value is None
    assert "no spread" in str(figures.npv.sd.reason)


@pytest.mark.parametrize("conventions", [TEXTBOOK, EPA_1988])
def test_without_uncertainty_every_draw_is_the_evaluation_to_the_last_digit(conventions: Conventions) -> None:
    project = appendix_8(0.4)
    alone = evaluate_project(project, conventions)
    fixed = inputs(discount_rate=Constant(project.discount_rate), life=Constant(float(project.life)))
    found = monte_carlo(project, fixed, draws=20, conventions=conventions)
    assert (found.npv.mean, found.npv.sd) == (alone.npv.value, 0.0)
    assert set(found.outcomes.npv) == {alone.npv.value}
    assert {100.0 * rate for rate in found.outcomes.irr} == {alone.irr.value}
    assert set(found.outcomes.payback) == {alone.payback.value}
    assert found.drivers.drivers == ()
    assert found.npv.share_above(0.0).value == 1.0


def test_a_constant_beside_a_varying_input_is_the_same_as_a_changed_project() -> None:
    with_constant = monte_carlo(RICH, inputs(salvage=Constant(0.0), disposal=Uniform(2e5, 3e5)), draws=200)
    changed = monte_carlo(replace(RICH, salvage=0.0), inputs(disposal=Uniform(2e5, 3e5)), draws=200)
    assert digits(with_constant) == digits(changed)
    assert float(with_constant.base.npv[0]) == after_tax_cash_flow(RICH).net_present_value


def test_a_life_that_varies_is_evaluated_life_by_life() -> None:
    lives = Discrete((4.0, 8.0, 12.0), (0.25, 0.5, 0.25))
    varied = [*inputs(life=lives), RISKY[1]]
    found = monte_carlo(RICH, varied, draws=3_000)
    drawn = drawn_values(varied, 3_000)
    for life in (4, 8, 12):
        rows = np.flatnonzero(drawn["life"] == life)
        known = project_inputs(RICH)
        alone = changed_inputs(RICH, ((known["life"], life), (known["disposal"], drawn["disposal"][rows])))
        assert len(rows) > 600
        assert found.outcomes.npv[rows] == pytest.approx(
            after_tax_cash_flow(alone).net_present_value, rel=1e-12
        )
    assert found.drivers.drivers[0].key == "life"


def test_draws_without_a_single_rate_and_those_never_paid_back_are_counted() -> None:
    # Half of the draws cost money every year: no change of sign, no internal rate, no payback.
    found = monte_carlo(PLAIN, inputs(saving=Discrete((-10.0, 150.0))), draws=4_000)
    shares = {count: share.value for count, share in found.rate_shares.items() if share.value}
    half = found.npv.share_above(0.0).value
    assert half == pytest.approx(0.5, abs=0.03)
    assert shares == {RootCount.ONE: half, RootCount.NO_SIGN_CHANGE: 1.0 - half}
    assert found.irr.missing == found.payback.beyond == round(4_000 * (1.0 - half))
    assert found.irr.mean == pytest.approx(0.5)
    figures = simulation_figures(found)
    assert figures.irr.without is not None
    assert figures.payback.without is not None
    assert figures.no_rate.value == figures.payback.without.value == pytest.approx(100.0 * (1.0 - half))
    last = figures.payback.percentiles[-1][1]
    assert (last.value, str(last.reason)) == (None, "never paid back")


def test_several_rates_are_counted_apart_from_none() -> None:
    # A clean-up at the end turns the sign again: no rate with a saving of 200, two with one of 400.
    project = Project(
        "Dismantled",
        "TWD",
        (CapitalItem("Machine", 100.0),),
        (
            OperatingItem("saving", "Saving", OperatingClass.UTILITIES, 230.0, last_year=1),
            OperatingItem("cleanup", "Clean-up", OperatingClass.WASTE_MANAGEMENT, -132.0, first_year=2),
        ),
        2,
        0.15,
    )
    assert internal_rate_of_return([-100.0, 200.0, -132.0]).count is RootCount.NONE
    assert internal_rate_of_return([-100.0, 400.0, -132.0]).count is RootCount.SEVERAL
    found = monte_carlo(project, inputs(saving=Discrete((200.0, 400.0))), draws=1_000)
    several = found.rate_shares[RootCount.SEVERAL].value
    assert several == pytest.approx(0.5, abs=0.06)
    assert found.rate_shares[RootCount.NONE].value == 1.0 - several
    figures = simulation_figures(found)
    assert figures.several_rates.value == pytest.approx(100.0 * several)
    assert figures.no_rate.value == pytest.approx(100.0 * (1.0 - several))
    assert figures.one_rate.value == 0.0
    assert str(figures.irr.base.reason) == "no single rate in the base case: several rates"
    assert figures.irr.mean.value is None


def test_progress_is_told_in_the_calling_thread_and_can_break_off() -> None:
    told: list[tuple[int, int]] = []
    caller = threading.get_ident()

    def note(done: int, draws: int) -> None:
        assert threading.get_ident() == caller
        told.append((done, draws))

    monte_carlo(PLAIN, inputs(saving=Uniform(90.0, 150.0)), draws=150_000, progress=note)
    assert told[-1] == (150_000, 150_000)
    assert [done for done, _ in told] == sorted(done for done, _ in told)

    def stop(done: int, draws: int) -> None:
        raise InterruptedError(f"{done} of {draws}")

    with pytest.raises(InterruptedError):
        monte_carlo(PLAIN, inputs(saving=Uniform(90.0, 150.0)), draws=150_000, progress=stop)


def test_every_impossible_input_is_said_before_the_first_draw() -> None:
    impossible = [
        UncertainInput("steam", Uniform(0.0, 1.0), Where(file="case.yaml", line=7)),
        UncertainInput("tax_rate", Triangular(0.1, 0.2, 1.2)),
        UncertainInput("loan_share", Normal(0.4, 0.3)),
        UncertainInput("life", Triangular(6.0, 8.0, 10.0)),
        UncertainInput("escalation", Uniform(0.0, 0.1)),
        UncertainInput("escalation", Uniform(0.0, 0.2)),
    ]
    with pytest.raises(UnusableInput) as refused:
        monte_carlo(RICH, impossible, [Correlation("tax_rate", "life", 2.0)])
    found = refused.value.issues
    assert [issue.code for issue in found] == [
        "uncertain-input-unknown",
        "uncertain-input-impossible",
        "uncertain-input-impossible",
        "uncertain-input-not-whole",
        "uncertain-input-twice",
        "correlation-outside",
    ]
    assert str(found[0].where) == "case.yaml · line 7"
    assert "10 % to 120 %, but only 0 % to 100 % is possible" in render(found[1], "en")
    for issue in found:
        assert render(issue, "zh-hant") != render(issue, "en")


def test_a_total_and_its_part_cannot_both_vary() -> None:
    for keys in (("savings", "disposal"), ("capital", "working_capital"), ("capital", "capital:Building")):
        project = replace(RICH, working_capital=10_000.0)
        known = project_inputs(project)
        pair = [UncertainInput(key, Uniform(known[key].value, known[key].value * 1.3)) for key in keys]
        with pytest.raises(UnusableInput) as refused:
            monte_carlo(project, pair)
        assert [issue.code for issue in refused.value.issues] == ["uncertain-inputs-overlap"]
    apart = inputs(savings=Uniform(2e5, 3e5), costs=Uniform(3e4, 5e4), working_capital=Uniform(0.0, 1e4))
    assert monte_carlo(RICH, apart, draws=10).draws == 10


def test_a_life_too_short_for_the_project_is_said_with_the_reason() -> None:
    late = OperatingItem("fine", "Fine avoided", OperatingClass.INSURANCE, 5_000.0, first_year=6, last_year=6)
    project = replace(RICH, operating=(*RICH.operating, late))
    with pytest.raises(UnusableInput, match="With Project life at 4") as refused:
        monte_carlo(project, inputs(life=Discrete((4.0, 8.0))))
    assert [issue.code for issue in refused.value.issues] == ["uncertain-input-structure"]


def test_no_draws_and_no_workers_are_refused() -> None:
    with pytest.raises(UnusableInput, match="at least once"):
        monte_carlo(PLAIN, inputs(saving=Uniform(1.0, 2.0)), draws=0)
    with pytest.raises(ValueError, match="at least 1 worker"):
        monte_carlo(PLAIN, inputs(saving=Uniform(1.0, 2.0)), workers=0)


def test_the_origin_of_the_digits_is_recorded() -> None:
    found = monte_carlo(PLAIN, inputs(saving=Uniform(90.0, 150.0)), draws=7, seed=42)
    said = str(simulation_figures(found).origin)
    assert "7 draws with seed 42" in said
    assert f"numpy {np.__version__}" in said


def test_every_figure_has_formula_and_inputs_and_can_be_said_in_chinese() -> None:
    found = monte_carlo(RICH, RISKY, [Correlation("disposal", "escalation", 0.3)], draws=2_000)
    figures = simulation_figures(found)
    spreads = (figures.npv, figures.irr, figures.payback, figures.discounted_payback)
    shown: list[Figure] = [figures.probability, *figures.probability_limits, figures.one_rate]
    for spread in spreads:
        shown += [spread.base, spread.base_percentile, spread.mean, spread.standard_error, spread.sd]
        shown += [figure for _, figure in spread.percentiles]
    for driver in figures.drivers:
        shown += [driver.rank_correlation, driver.share, driver.distribution]
    for figure in shown:
        assert figure.formula is not None
        # Names that people gave stay as they are; all others are said in the reader's language.
        named_by_us = figure.name.message != "{name}"
        assert (render(figure.name, "zh-hant") != render(figure.name, "en")) is named_by_us
        assert render(figure.formula, "zh-hant") != render(figure.formula, "en")
    assert figures.npv.mean.value == found.npv.mean
    assert figures.irr.percentiles[3][1].value == pytest.approx(100.0 * (found.irr.percentile(50.0) or 0.0))
    assert {each.name for each in figures.probability.inputs} >= {each.name for each in found.inputs.values()}
    assert sum(float(driver.share.value or 0.0) for driver in figures.drivers) == pytest.approx(100.0)
    assert "correlated" in str(figures.drivers_note)


def test_the_base_case_has_its_place_among_the_draws() -> None:
    found = monte_carlo(PLAIN, inputs(saving=Uniform(100.0, 200.0)), draws=50_000)
    place = simulation_figures(found).npv.base_percentile
    assert place.value == pytest.approx(30.0, abs=1.0)


@given(st.floats(-1e4, 1e4), st.floats(0.0, 1e4), st.floats(0.0, 1e4), st.floats(0.3, 0.99))
def test_cases_stand_where_they_were_stated(base: float, left: float, right: float, within: float) -> None:
    low, high = base - left, base + right
    if left + right < 1e-3:
        return
    found = triangular_from_cases(high, base, low, within=within)
    tail = (1.0 - within) / 2.0
    limits = found.quantile(np.array([tail, 1.0 - tail]))
    assert limits == pytest.approx([low, high], abs=1e-6 * (left + right) + 1e-9)


def test_cases_that_are_outermost_equal_or_impossible() -> None:
    assert triangular_from_cases(120.0, 100.0, 90.0) == Triangular(90.0, 100.0, 120.0)
    assert triangular_from_cases(5.0, 5.0, 5.0) == Constant(5.0)
    with pytest.raises(UnusableInput) as refused:
        triangular_from_cases(120.0, 80.0, 90.0, within=0.0)
    assert [issue.code for issue in refused.value.issues] == [
        "distribution-mode-outside",
        "case-share-outside",
    ]
    with pytest.raises(UnusableInput, match="which are both 5"):
        triangular_from_cases(5.0, 6.0, 5.0)
