from typing import Any

import numpy as np
import pytest
from general_derivatives import Term, nonlinear_problem
from general_problems import problem_of, random_problem
from scipy.optimize import linprog, lsq_linear, minimize, nnls

from openrecp.balances.general import (
    ContradictoryBounds,
    reconcile_linear,
    reconcile_nonlinear,
    reconcile_within,
)
from openrecp.balances.general.quadratic import smallest_inside
from openrecp.balances.problems import LinearProblem, Reconciliation

Array = Any
FREE = np.inf
minimised: Any = minimize
feasible: Any = linprog


def random_bounds(asked: LinearProblem, seed: int) -> tuple[Array, Array]:
    """Bounds that often hold and sometimes contradict the balances; none on what is known exactly."""
    draw = np.random.default_rng(seed + 10**6)
    count = asked.measured.size
    middle = np.nan_to_num(asked.measured)
    sds = np.nan_to_num(asked.sds, nan=3.0)
    lower = np.where(draw.random(count) < 0.6, middle - np.abs(draw.normal(size=count)) * 3 * sds, -np.inf)
    lower = np.where(draw.random(count) < 0.1, middle + 0.5 * sds, lower)
    upper = np.where(
        draw.random(count) < 0.4, np.maximum(middle, lower) + draw.random(count) * 3 * sds, np.inf
    )
    return np.where(sds == 0, -np.inf, lower), np.where(sds == 0, np.inf, upper)


def inverse_covariance(asked: LinearProblem, known: Array) -> Array:
    correlation = np.eye(asked.measured.size)
    for first, second, value in asked.correlations:
        correlation[first, second] = correlation[second, first] = value
    return np.linalg.inv((correlation * np.outer(asked.sds, asked.sds))[np.ix_(known, known)])


def check_conditions(asked: LinearProblem, told: Reconciliation, lower: Array, upper: Array) -> None:
    """Multipliers of the right sign hold every bound and balance the pull of the measurements, found independently."""
    known = np.isfinite(asked.measured) & (asked.sds > 0)
    sizes = np.where(known, asked.sds, 1.0)
    gradient = np.zeros(known.size)
    gradient[known] = -inverse_covariance(asked, known) @ told.adjustments[known]
    free = asked.sds != 0
    rows = (asked.matrix.toarray() * sizes)[:, free]
    low, high = told.values <= lower + 1e-9, told.values >= upper - 1e-9
    pushes = np.hstack([np.eye(known.size)[:, low & free], -np.eye(known.size)[:, high & free]])[free]
    _, missed = nnls(np.hstack([pushes, rows.T, -rows.T]), (gradient * sizes)[free])
    assert missed <= 1e-6 * (1 + np.abs(gradient * sizes).max())


@pytest.mark.parametrize("seed", range(60))
def test_the_result_is_the_best_one_within_the_bounds(seed: int) -> None:
    asked = random_problem(seed)
    lower, upper = random_bounds(asked, seed)
    fixed = asked.sds == 0
    box = list(
        zip(np.where(fixed, asked.measured, lower), np.where(fixed, asked.measured, upper), strict=True)
    )
    matrix = asked.matrix.toarray()
    possible = feasible(np.zeros(fixed.size), A_eq=matrix, b_eq=asked.constants, bounds=box)
    if possible.status == 2:
        with pytest.raises(ContradictoryBounds):
            reconcile_within(asked, lower, upper)
        return
    told = reconcile_within(asked, lower, upper)
    assert told.convergence is not None
    assert told.convergence.converged
    seen = ~np.isnan(told.values)
    assert np.all(told.values[seen] >= lower[seen] - 1e-6)
    assert np.all(told.values[seen] <= upper[seen] + 1e-6)
    known = np.isfinite(asked.measured) & ~fixed
    if seen.all():
        check_conditions(asked, told, lower, upper)
    inverse, sizes = inverse_covariance(asked, known), np.where(known, asked.sds, 3.0)

    def squares(x: Array) -> float:
        gap = (x * sizes - asked.measured)[known]
        return float(gap @ inverse @ gap)

    def slope(x: Array) -> Array:
        gradient = np.zeros(known.size)
        gradient[known] = 2 * inverse @ (x * sizes - asked.measured)[known]
        return gradient * sizes

    left, strengths, right = np.linalg.svd(matrix)
    rank = int(np.sum(strengths > 1e-9))
    wanted = (left.T @ asked.constants)[:rank] / strengths[:rank]
    other = minimised(
        squares,
        possible.x / sizes,
        jac=slope,
        constraints={
            "type": "eq",
            "fun": lambda x: right[:rank] @ (x * sizes) - wanted,
            "jac": lambda _: right[:rank] * sizes,
        },
        bounds=[(a / s, b / s) for (a, b), s in zip(box, sizes, strict=True)],
        method="SLSQP",
        options={"ftol": 1e-13, "maxiter": 500},
    )
    assert told.chi2 <= squares(possible.x / sizes) + 1e-9
    if other.success:
        assert told.chi2 == pytest.approx(other.fun, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_one_balance_with_bounds_agrees_with_bounded_least_squares(seed: int) -> None:
    # The last flow follows from the others, so that these are free within their bounds.
    draw = np.random.default_rng(seed)
    measured, sds = draw.normal(size=7), np.exp(draw.normal(size=7))
    signs = draw.choice([-1.0, 1.0], 6)
    told = reconcile_within(
        problem_of([[*signs, -1.0]], measured, sds), np.array([0.0] * 6 + [-FREE]), np.full(7, FREE)
    )
    rows = np.vstack([np.diag(1 / sds[:6]), signs / sds[6]])
    other: Any = lsq_linear(rows, measured / sds, bounds=(0, np.inf), method="bvls", tol=1e-14)
    assert told.values[:6] == pytest.approx(other.x, abs=1e-8)
    assert told.chi2 == pytest.approx(2 * other.cost, rel=1e-9, abs=1e-12)
    assert told.at_bound is not None
    assert np.array_equal(told.at_bound[:6], other.active_mask < 0)


def test_clipping_would_not_be_the_best() -> None:
    # a = b + c; c comes out at -2 and is held at 0: a and b then meet in the middle, which clipping c alone misses.
    asked = problem_of([[1, -1, -1]], [10.0, 12.0, -2.0], [1.0, 1.0, 1.0])
    assert reconcile_linear(asked).values[2] == pytest.approx(-2.0)
    told = reconcile_within(asked, np.zeros(3), np.full(3, FREE))
    assert told.values == pytest.approx([11.0, 11.0, 0.0], abs=1e-12)
    assert told.chi2 == pytest.approx(1 + 1 + 4)
    assert told.at_bound is not None
    assert list(told.at_bound) == [False, False, True]
    assert told.sds == pytest.approx([np.sqrt(0.5), np.sqrt(0.5), 0.0])
    assert told.problem is asked


def test_bounds_that_hold_nothing_change_nothing() -> None:
    asked = random_problem(3)
    told, free = (
        reconcile_within(asked, np.full(asked.measured.size, -1e6), np.full(asked.measured.size, 1e6)),
        reconcile_linear(asked),
    )
    assert told.values == pytest.approx(free.values, rel=1e-12, nan_ok=True)
    assert told.sds == pytest.approx(free.sds, rel=1e-12, nan_ok=True)
    assert told.chi2 == free.chi2
    assert told.at_bound is not None
    assert not told.at_bound.any()


def test_bounds_of_what_is_unknown_limit_what_is_measured() -> None:
    # Neither branch can flow backwards, so neither can the whole, and both are then known to be still.
    asked = problem_of([[1, -1, -1]], [-3.0, None, None], [1.0, None, None])
    told = reconcile_within(asked, np.array([-FREE, 0, 0]), np.full(3, FREE))
    assert told.values == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    assert told.chi2 == pytest.approx(9.0)


def test_equal_bounds_hold_a_value() -> None:
    asked = problem_of([[1, -1, -1]], [10.0, 6.5, None], [1.0, 1.0, None])
    told = reconcile_within(asked, np.array([0.0, 0.0, 4.0]), np.array([FREE, FREE, 4.0]))
    assert told.values == pytest.approx([10.25, 6.25, 4.0])
    assert told.at_bound is not None
    assert list(told.at_bound) == [False, False, True]


def test_bounds_that_contradict_the_balances_are_named() -> None:
    asked = problem_of([[1, -1, -1]], [10.0, 6.0, 5.0], [1.0, 1.0, 1.0])
    with pytest.raises(ContradictoryBounds) as raised:
        reconcile_within(asked, np.array([-FREE, 6.0, 6.0]), np.array([10.0, FREE, FREE]))
    assert set(raised.value.variables) <= {0, 1, 2}
    assert raised.value.issues[0].code == "bounds-contradict-balances"
    with pytest.raises(ContradictoryBounds) as fixed:
        reconcile_within(
            problem_of([[1, -1]], [10.0, 9.0], [0.0, 1.0]), np.array([11.0, 0.0]), np.full(2, FREE)
        )
    assert fixed.value.variables == (0,)


def test_bounds_the_wrong_way_round_are_refused() -> None:
    asked = problem_of([[1, -1]], [10.0, 9.0], [1.0, 1.0])
    with pytest.raises(ValueError, match="lower bound"):
        reconcile_within(asked, np.array([2.0, 0.0]), np.array([1.0, 5.0]))


def test_a_share_of_a_component_is_kept_from_being_negative() -> None:
    # A separator: what the measurements ask of the bottom product is less than nothing of the light component.
    def balances(x: list[Term]) -> list[Term]:
        return [x[0] - x[1] - x[2], x[0] * x[3] - x[1] * x[4] - x[2] * x[5]]

    measured = np.array([100.0, 49.0, 50.0, 0.45, 0.95, 0.01])
    sds = np.array([1.0, 1.0, 1.0, 0.005, 0.01, 0.01])
    asked = nonlinear_problem(balances, list(measured), measured, sds)
    assert reconcile_nonlinear(asked).values[5] < 0
    told = reconcile_within(asked, np.zeros(6), np.array([FREE, FREE, FREE, 1, 1, 1]))
    assert told.convergence is not None
    assert told.convergence.converged
    assert told.at_bound is not None
    assert list(np.flatnonzero(told.at_bound)) == [5]
    other = minimised(
        lambda x: float(np.sum(((x - measured) / sds) ** 2)),
        measured,
        constraints={"type": "eq", "fun": asked.residuals},
        bounds=[(0, None)] * 3 + [(0, 1)] * 3,
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert told.chi2 == pytest.approx(other.fun, rel=1e-6)
    assert told.values == pytest.approx(other.x, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_an_inequality_with_a_multiplier_holds_and_others_are_free(seed: int) -> None:
    draw = np.random.default_rng(seed)
    root = draw.normal(size=(3, 5))
    curvature, slope = root.T @ root, root.T @ draw.normal(size=3)
    sides = draw.normal(size=(12, 5))
    limits = sides @ draw.normal(size=5) - draw.random(12) * 0.5
    inside = smallest_inside(curvature, slope, sides, limits)
    assert inside.converged
    assert np.all(sides @ inside.point >= limits - 1e-9)
    assert np.all(inside.multipliers >= 0)
    assert curvature @ inside.point + slope == pytest.approx(sides.T @ inside.multipliers, abs=1e-8)
    assert np.abs((sides @ inside.point - limits) * inside.multipliers).max() <= 1e-10
