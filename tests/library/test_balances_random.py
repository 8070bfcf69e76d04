"""Random plants, reconciled by the library and by the dense reference: everything agrees to 1e-6."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from balance_comparison import compare_with_reference, trace_identity
from balance_plants import ComponentPlant, random_component_plant, random_plant
from hypothesis import given
from hypothesis import strategies as st
from reference_balances import solve_linear, solve_nonlinear

from openrecp.balances.problems import LinearProblem
from openrecp.balances.reconciling import reconcile


def well_posed_plants(count: int) -> list[ComponentPlant]:
    """Where the reference walks to the same place from the truth and from the start, and nothing is negative there."""
    found: list[ComponentPlant] = []
    for seed in range(4 * count):
        plant = random_component_plant(seed)
        problem = plant.problem()
        try:
            one, other = solve_nonlinear(problem, plant.true), solve_nonlinear(problem)
        except ArithmeticError:
            continue
        if abs(one.chi2 - other.chi2) <= 1e-6 * one.chi2 and np.nanmin(one.values) > 0:
            found.append(plant)
    return found[:count]


@given(st.integers(0, 2**32 - 1), st.integers(4, 12))
def test_plants_with_stocks_recycles_gaps_correlations_and_ratios(seed: int, processes: int) -> None:
    problem = random_plant(seed, processes).problem()
    compare_with_reference(reconcile(problem), solve_linear(problem))


@given(st.integers(0, 2**32 - 1), st.integers(4, 12))
def test_plain_networks_with_gaps(seed: int, processes: int) -> None:
    """Nothing but streams, so that what is made for networks is called."""
    plant = random_plant(seed, processes)
    network = LinearProblem(
        sp.csr_array(plant.incidence()), np.zeros(plant.processes), plant.measured, plant.sds
    )
    found = reconcile(network)
    compare_with_reference(found, solve_linear(network))
    total, must_be = trace_identity(found)
    assert total == pytest.approx(must_be, rel=1e-9, abs=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_streams_and_balances_does_not_matter(seed: int) -> None:
    problem = random_plant(seed).problem()
    draw = np.random.default_rng(seed)
    rows, columns = draw.permutation(problem.matrix.shape[0]), draw.permutation(problem.matrix.shape[1])
    place = np.argsort(columns)
    turned = LinearProblem(
        problem.matrix[rows][:, columns],
        problem.constants[rows],
        problem.measured[columns],
        problem.sds[columns],
        tuple(
            (int(place[one]), int(place[other]), strength) for one, other, strength in problem.correlations
        ),
    )
    found, again = reconcile(problem), reconcile(turned)
    np.testing.assert_allclose(again.values[place], found.values, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(again.sds[place], found.sds, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(again.classes[place], found.classes)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-6, 1e-3, 1e3, 1e6]))
def test_another_unit_of_mass_changes_nothing_else(seed: int, factor: float) -> None:
    problem = random_plant(seed).problem()
    other = LinearProblem(
        problem.matrix,
        problem.constants,
        problem.measured * factor,
        problem.sds * factor,
        problem.correlations,
    )
    found, scaled = reconcile(problem), reconcile(other)
    np.testing.assert_allclose(scaled.values / factor, found.values, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(scaled.sds / factor, found.sds, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(scaled.classes, found.classes)
    assert scaled.chi2 == pytest.approx(found.chi2, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("plant", well_posed_plants(30))
def test_plants_with_components(plant: ComponentPlant) -> None:
    """What is found is at least as probable as what the reference finds, and the reference stays there."""
    problem = plant.problem()
    found = reconcile(problem)
    assert found.convergence is not None
    assert found.convergence.converged
    from_truth = solve_nonlinear(problem, plant.true)
    assert found.chi2 <= from_truth.chi2 * (1.0 + 1e-6) + 1e-9
    here = np.where(np.isnan(found.values), plant.true, found.values)
    compare_with_reference(
        found, solve_nonlinear(problem, here) if found.chi2 < 0.999 * from_truth.chi2 else from_truth
    )
