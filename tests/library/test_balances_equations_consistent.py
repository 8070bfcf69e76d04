"""Plants whose true state was calculated stream by stream: it satisfies every equation, and is found again."""

from __future__ import annotations

import math

import numpy as np
from consistent_plants import consistent_plant
from dense_reconciliation import solve
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from openrecp.balances.closure import ClosureState
from openrecp.balances.equations import equations_of
from openrecp.balances.losses import closures
from openrecp.balances.problems import NonlinearProblem

_SEEDS = st.integers(0, 2**32 - 1)


@given(_SEEDS)
def test_the_true_state_satisfies_every_equation(seed: int) -> None:
    plant = consistent_plant(seed)
    system = equations_of(plant.flowsheet)
    truth = np.array([plant.truth[ref] for ref in system.refs])
    residuals, sizes = system.polynomials.values(truth), system.polynomials.sizes(truth)
    assert np.max(np.abs(residuals) / sizes) < 1e-12


@given(_SEEDS)
def test_no_equation_follows_from_the_others_at_the_true_state(seed: int) -> None:
    plant = consistent_plant(seed)
    system = equations_of(plant.flowsheet)
    truth = np.array([plant.truth[ref] for ref in system.refs])
    jacobian = system.polynomials.jacobian(truth).toarray() * truth
    jacobian /= np.abs(jacobian).max(axis=1)[:, None]
    assert np.linalg.matrix_rank(jacobian, tol=1e-9) == len(jacobian)


@given(_SEEDS)
def test_measurements_without_errors_are_left_as_they_are(seed: int) -> None:
    plant = consistent_plant(seed)
    system = equations_of(plant.flowsheet)
    found = solve(system.problem)
    truth = np.array([plant.truth[ref] for ref in system.refs])
    known = ~np.isnan(found.values)
    np.testing.assert_allclose(found.values[known], truth[known], rtol=1e-6)
    assert found.chi2 < 1e-8


@given(_SEEDS)
def test_the_search_ends_at_a_plausible_sum_of_squares(seed: int) -> None:
    plant = consistent_plant(seed, noise=0.01)
    problem = equations_of(plant.flowsheet).problem
    assert isinstance(problem, NonlinearProblem)
    found = solve(problem)
    assert found.iterations <= 12
    assert found.chi2 < chi2.ppf(1 - 1e-6, max(found.redundancy, 1))


@given(_SEEDS)
def test_every_balance_that_closes_closes_exactly_without_errors(seed: int) -> None:
    for closure in closures(consistent_plant(seed).flowsheet):
        if closure.state is not ClosureState.OPEN:
            assert closure.state is ClosureState.WITHIN
            assert math.isclose(closure.gap, 0.0, abs_tol=1e-9 * max(abs(closure.inputs), 1.0))
