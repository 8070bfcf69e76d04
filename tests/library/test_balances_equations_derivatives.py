"""First derivatives against complex steps, second ones against differences of the first, on random flowsheets."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_flowsheets import random_flowsheet
from hypothesis import given
from hypothesis import strategies as st

from openrecp.balances.equations import Polynomials, equations_of
from openrecp.balances.problems import NonlinearProblem

_SEEDS = st.integers(0, 2**32 - 1)


@given(_SEEDS)
def test_first_derivatives_are_those_of_complex_steps(seed: int) -> None:
    problem = equations_of(random_flowsheet(seed)).problem
    assert isinstance(problem, NonlinearProblem)
    x = problem.start * np.random.default_rng(seed).uniform(0.5, 1.5, len(problem.start))
    found = problem.jacobian(x).toarray()
    expected = np.empty_like(found)
    for column in range(len(x)):
        moved = x.astype(complex)
        moved[column] += 1e-30j
        expected[:, column] = problem.residuals(moved).imag / 1e-30
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * np.abs(expected).max())


@given(_SEEDS)
def test_second_derivatives_are_those_of_the_first(seed: int) -> None:
    problem = equations_of(random_flowsheet(seed)).problem
    assert isinstance(problem, NonlinearProblem)
    assert problem.hessian is not None
    rng = np.random.default_rng(seed)
    x = problem.start * rng.uniform(0.5, 1.5, len(problem.start))
    multipliers = rng.normal(size=len(problem.scale))
    found = problem.hessian(x, multipliers).toarray()
    np.testing.assert_array_equal(found, found.T)
    expected = np.empty_like(found)
    for column in range(len(x)):
        # The first derivatives are of degree 2, so that a difference about the middle is exact but for rounding.
        step = np.zeros(len(x))
        step[column] = max(abs(x[column]), 1.0) * 1e-2
        change = problem.jacobian(x + step) - problem.jacobian(x - step)
        expected[:, column] = (change.T @ multipliers) / (2 * step[column])
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-9 * max(np.abs(expected).max(), 1.0))


@given(_SEEDS)
def test_the_start_is_finite_and_every_variable_and_row_has_its_name(seed: int) -> None:
    system = equations_of(random_flowsheet(seed))
    problem = system.problem
    assert isinstance(problem, NonlinearProblem)
    assert np.isfinite(problem.start).all()
    assert (problem.scale > 0).all()
    assert len(system.refs) == len(problem.start) == len(set(system.refs))
    assert len(system.constraints) == len(problem.scale) == len(set(system.constraints))
    assert all(system.position(ref) == place for place, ref in enumerate(system.refs))


def test_a_square_and_a_cube_are_differentiated() -> None:
    cubic = Polynomials(np.array([0, 1]), np.array([2.0, 3.0]), np.array([[0, 0, 0], [0, 1, 1]]), (2, 2))
    x = np.array([5.0, 7.0])
    assert cubic.values(x).tolist() == [250.0, 735.0]
    assert cubic.jacobian(x).toarray().tolist() == [[150.0, 0.0], [147.0, 210.0]]
    assert cubic.hessian(x, np.array([1.0, 1.0])).toarray().tolist() == [[60.0, 42.0], [42.0, 30.0]]


def test_numbers_known_exactly_are_put_in_where_they_are_multiplied() -> None:
    product = Polynomials(np.array([0, 0]), np.array([1.0, 1.0]), np.array([[0, 1, -1], [1, -1, -1]]), (1, 2))
    known = product.with_known(np.array([False, True]), np.array([np.nan, 0.25]))
    assert known.degree == 1
    assert known.jacobian(np.zeros(2)).toarray().tolist() == [[0.25, 1.0]]
    assert known.values(np.array([8.0, 0.25])) == pytest.approx(2.25)
