"""The dense reference gives every published and analytic answer, so that it may judge the engines where none is known."""

from __future__ import annotations

import numpy as np
import pytest
from balance_cases import (
    Case,
    contents,
    feed_water,
    linear_cases,
    losses_and_stock,
    material_flows,
    nonlinear_cases,
    numbers,
    published_linear,
    reactor,
    six_equations,
)
from balance_comparison import compare_with_expected, trace_identity
from balance_plants import random_component_plant, random_plant
from hypothesis import given
from hypothesis import strategies as st
from reference_balances import (
    measured_covariance,
    node_tests,
    null_space,
    second_derivatives,
    solve,
    solve_linear,
)

from openrecp.balances.flowsheet import Quantity
from openrecp.balances.problems import LinearProblem, NonlinearProblem


@pytest.mark.parametrize("case", linear_cases() + nonlinear_cases(), ids=lambda case: case.name)
def test_the_reference_gives_the_answer_of_every_case(case: Case) -> None:
    compare_with_expected(solve(case.problem), case.expected)


@pytest.mark.parametrize(
    "case",
    [
        case
        for case in (*published_linear(), *feed_water(), *material_flows(), *six_equations())
        if case.published is not None
    ],
    ids=lambda case: case.name,
)
def test_what_is_printed_in_the_sources_agrees_to_the_digits_given(case: Case) -> None:
    assert case.published is not None
    found, printed = solve(case.problem), case.published
    np.testing.assert_allclose(
        np.where(np.isnan(printed["values"]), np.nan, found.values),
        printed["values"],
        rtol=printed.get("relative", 0.0),
        atol=printed.get("absolute", 0.0),
    )
    if "sds" in printed:
        np.testing.assert_allclose(
            np.where(np.isnan(printed["sds"]), np.nan, found.sds),
            printed["sds"],
            rtol=printed.get("relative_sds", 0.0),
            atol=printed.get("absolute", 0.0),
        )


@pytest.mark.parametrize("case", [*published_linear(), *losses_and_stock()], ids=lambda case: case.name)
def test_node_tests_detectability_and_adjustability_of_the_files_belong_to_their_cases(case: Case) -> None:
    assert isinstance(case.problem, LinearProblem)
    expected, found = case.expected, solve(case.problem)
    shares = found.sds / case.problem.sds
    if expected.node_z is not None:
        np.testing.assert_allclose(node_tests(case.problem), expected.node_z, rtol=1e-6, atol=1e-9)
    if expected.detectability is not None and expected.adjustability is not None:
        np.testing.assert_allclose(np.sqrt(1.0 - shares**2), expected.detectability, rtol=1e-6)
        np.testing.assert_allclose(1.0 - shares, expected.adjustability, rtol=1e-6)


@pytest.mark.parametrize(
    "without", contents("balances_ripps_1965.yaml")["without"], ids=lambda one: str(one["measurement"])
)
def test_the_reactor_without_one_of_its_measurements(without: dict[str, object]) -> None:
    problem = reactor()[0].problem
    assert isinstance(problem, LinearProblem)
    measured, sds = problem.measured.copy(), problem.sds.copy()
    gone = int(str(without["measurement"])) - 1
    measured[gone] = sds[gone] = np.nan
    found = solve_linear(LinearProblem(problem.matrix, problem.constants, measured, sds))
    np.testing.assert_allclose(found.values, numbers(without["values"]), rtol=1e-6)  # type: ignore[arg-type]
    assert found.chi2 == pytest.approx(without["chi2"], rel=1e-6)
    assert found.redundancy == without["redundancy"]


def test_intervals_of_losses_are_those_in_closed_form() -> None:
    found = {
        case["name"]: case["expected"].get("interval")
        for case in contents("balances_losses_and_stock.yaml")["cases"]
    }
    for case in losses_and_stock():
        if interval := found[case.name]:
            loss, answer = interval["of"] - 1, solve(case.problem)
            half = 1.959963984540054 * answer.sds[loss]
            assert answer.values[loss] - half == pytest.approx(interval["low"], rel=1e-6)
            assert answer.values[loss] + half == pytest.approx(interval["high"], rel=1e-6)


@pytest.mark.parametrize("case", nonlinear_cases(), ids=lambda case: case.name)
def test_analytic_derivatives_agree_with_complex_steps(case: Case) -> None:
    problem = case.problem
    assert isinstance(problem, NonlinearProblem)
    x, multipliers = problem.start, np.random.default_rng(3).standard_normal(len(problem.scale))
    slopes = []
    for place in range(len(x)):
        moved = x.astype(complex)
        moved[place] += 1e-30j
        slopes.append(np.imag(problem.residuals(moved)) / 1e-30)
    np.testing.assert_allclose(problem.jacobian(x).toarray(), np.array(slopes).T, rtol=1e-12, atol=1e-12)
    stepped = NonlinearProblem(
        problem.residuals, problem.jacobian, x, problem.measured, problem.sds, problem.scale
    )
    np.testing.assert_allclose(
        second_derivatives(problem, x, multipliers),
        second_derivatives(stepped, x, multipliers),
        rtol=1e-9,
        atol=1e-9,
    )


@given(st.integers(0, 2**32 - 1))
def test_random_plants_balance_where_they_are_true(seed: int) -> None:
    plant = random_plant(seed)
    assert np.abs(plant.incidence() @ plant.true).max() <= 1e-9 * plant.true.max()
    components = random_component_plant(seed)
    balances = components.balances()
    assert np.all(
        np.abs(balances.residuals(components.true)) <= 1e-12 * balances.scale(components.true) + 1e-12
    )


@given(st.integers(0, 2**32 - 1))
def test_the_reference_is_right_by_what_must_hold_of_any_solution(seed: int) -> None:
    """Balances hold, no change that keeps them brings the sum of squares down, and the variances add up."""
    plant = random_plant(seed)
    problem = plant.problem()
    found = solve_linear(problem)
    matrix, known = problem.matrix.toarray(), ~np.isnan(found.values)
    closed = np.abs(matrix[:, ~known]).sum(axis=1) == 0
    gaps = matrix[closed][:, known] @ found.values[known]
    assert np.abs(gaps).max(initial=0.0) <= 1e-8 * plant.true.max()
    uncertain = problem.sds > 0
    covariance = measured_covariance(problem)[np.ix_(uncertain, uncertain)]
    slope = np.linalg.solve(covariance, found.adjustments[uncertain])
    changes = null_space(np.vstack([matrix, np.eye(len(uncertain))[problem.sds == 0]]))[uncertain]
    assert np.abs(slope @ changes).max(initial=0.0) <= 1e-8 * np.abs(slope).max(initial=1.0)
    assert found.chi2 == pytest.approx(found.adjustments[uncertain] @ slope, abs=1e-9)
    if not problem.correlations:
        total, must_be = trace_identity(found)
        assert total == pytest.approx(must_be, abs=1e-6)


@given(st.integers(0, 2**32 - 1))
def test_a_random_plant_is_the_same_as_a_drawing_and_as_numbers(seed: int) -> None:
    plant = random_plant(seed)
    sheet = plant.flowsheet()
    number = {process.key: place for place, process in enumerate(sheet.processes)}
    amounts, ends = {}, {}
    for stream in sheet.streams:
        amounts[Quantity.FLOW, stream.key] = stream.flow
        ends[Quantity.FLOW, stream.key] = (stream.start, stream.end)
    for stock in sheet.stocks:
        amounts[Quantity.OPENING, stock.key], ends[Quantity.OPENING, stock.key] = (
            stock.opening,
            (None, stock.process),
        )
        amounts[Quantity.CLOSING, stock.key], ends[Quantity.CLOSING, stock.key] = (
            stock.closing,
            (stock.process, None),
        )
    assert len(amounts) == len(plant.edges)
    incidence = np.zeros((plant.processes, len(plant.edges)))
    for place, ref in enumerate(plant.refs()):
        start, end = ends[ref.quantity, ref.key]
        if end is not None:
            incidence[number[end], place] += 1.0
        if start is not None:
            incidence[number[start], place] -= 1.0
        known = amounts[ref.quantity, ref.key]
        assert (known is None) == np.isnan(plant.measured[place])
        if known is not None:
            assert (known.value, known.sd) == (plant.measured[place], plant.sds[place])
    np.testing.assert_array_equal(incidence, plant.incidence())
    assert len(sheet.relations) == len(plant.ratios)
    assert len(sheet.correlations) == len(plant.correlations)
