from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from general_derivatives import nonlinear_problem
from general_problems import problem_of
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import norm

from openrecp.balances.general import Estimator, reconcile_linear, reconcile_robustly, weights_of
from openrecp.balances.problems import LinearProblem

Array = Any
minimised: Any = minimize

# Six processes and fourteen streams with recycles and parallel lines, made up for these tests.
PLANT = np.zeros((6, 14))
for number, (source, sink) in enumerate(
    [
        (-1, 0),
        (0, 1),
        (0, 2),
        (1, 3),
        (2, 3),
        (3, 4),
        (4, 0),
        (4, 5),
        (5, -1),
        (5, 1),
        (-1, 2),
        (2, 5),
        (1, 4),
        (5, -1),
    ]
):
    for place, sign in ((source, -1.0), (sink, 1.0)):
        if place >= 0:
            PLANT[place, number] += sign


def plant(seed: int, errors: dict[int, float]) -> tuple[LinearProblem, Array]:
    """A balanced plant measured at 2 % with errors [standard deviations] planted, and its true flows."""
    draw = np.random.default_rng(seed)
    _, _, right = np.linalg.svd(PLANT)
    truth = right[6:].T @ (right[6:] @ draw.uniform(80, 120, 14))
    sds = 0.02 * np.abs(truth)
    measured = truth + sds * draw.normal(size=14)
    for place, size in errors.items():
        measured[place] += size * sds[place]
    return LinearProblem(sp.csr_array(PLANT), np.zeros(6), measured, sds), truth


@pytest.mark.parametrize("estimator", list(Estimator))
@pytest.mark.parametrize("seed", range(5))
def test_the_truth_is_found_where_least_squares_spreads_a_gross_error(
    estimator: Estimator, seed: int
) -> None:
    asked, truth = plant(seed, {0: 40.0})
    robust = reconcile_robustly(asked, estimator)
    plain = reconcile_linear(asked)
    assert robust.converged
    assert np.argmin(robust.weights) == 0

    def error(values: Array) -> float:
        return float(np.sqrt(np.mean(((values - truth) / asked.sds) ** 2)))

    assert error(robust.reconciliation.values) < 0.5 * error(plain.values)
    if estimator in {Estimator.WELSCH, Estimator.BIWEIGHT}:
        assert error(robust.reconciliation.values) < 1.3
        assert robust.weights[0] < 1e-6
        assert np.median(robust.weights) > 0.7


def test_what_is_forgotten_is_as_good_as_not_measured() -> None:
    asked, _ = plant(1, {3: 60.0})
    robust = reconcile_robustly(asked, Estimator.BIWEIGHT)
    weights = np.where(np.arange(14) == 3, np.nan, robust.weights)
    without = reconcile_linear(
        LinearProblem(
            asked.matrix,
            asked.constants,
            np.where(np.isnan(weights), np.nan, asked.measured),
            asked.sds / np.sqrt(weights),
        )
    )
    assert robust.weights[3] == 0
    assert robust.reconciliation.values == pytest.approx(without.values, rel=1e-7)
    assert robust.reconciliation.sds == pytest.approx(without.sds, rel=1e-6)


def huber(deviation: Array) -> Array:
    size = np.abs(deviation)
    return np.where(size <= 1.345, size**2 / 2, 1.345 * (size - 1.345 / 2))


def fair(deviation: Array) -> Array:
    share = np.abs(deviation) / 1.3998
    return 1.3998**2 * (share - np.log1p(share))


@pytest.mark.parametrize(("estimator", "loss"), [(Estimator.HUBER, huber), (Estimator.FAIR, fair)])
def test_the_sum_of_losses_is_the_smallest_there_is(estimator: Estimator, loss: Any) -> None:
    asked, _ = plant(2, {0: 8.0, 7: -12.0})
    told = reconcile_robustly(asked, estimator).reconciliation
    _, _, right = np.linalg.svd(PLANT)
    along = right[6:].T

    def total(y: Array) -> float:
        return float(np.sum(loss((asked.measured - along @ y) / asked.sds)))

    best = minimised(total, along.T @ asked.measured, method="BFGS", options={"gtol": 1e-9})
    assert total(along.T @ told.values) <= best.fun * (1 + 1e-8)
    assert told.values == pytest.approx(along @ best.x, rel=1e-4)


@pytest.mark.parametrize("estimator", list(Estimator))
def test_estimators_are_95_percent_efficient_where_all_is_random(estimator: Estimator) -> None:
    # Variance of a location estimate: E[psi²] / E[psi']² against 1, by quadrature; psi is deviation times weight.
    def psi(x: float) -> float:
        return float(x * weights_of(np.array([x]), estimator)[0])

    def slope(x: float) -> float:
        return (psi(x + 1e-6) - psi(x - 1e-6)) / 2e-6

    points = [-4.6851, -1.345, 0.0, 1.345, 4.6851]
    squares = quad(lambda x: psi(x) ** 2 * norm.pdf(x), -10, 10, points=points, limit=200)[0]
    steepness = quad(lambda x: slope(x) * norm.pdf(x), -10, 10, points=points, limit=200)[0]
    assert steepness**2 / squares == pytest.approx(0.95, abs=5e-4)


def test_without_gross_errors_hardly_anything_changes() -> None:
    asked, _ = plant(4, {})
    plain = reconcile_linear(asked)
    for estimator in Estimator:
        robust = reconcile_robustly(asked, estimator).reconciliation
        assert np.abs((robust.values - plain.values) / asked.sds).max() < 0.6


def test_unmeasured_and_fixed_variables_have_no_weight_to_lose() -> None:
    asked = problem_of([[1, -1, -1, 0], [0, 1, 0, -1]], [10.0, 6.0, None, 6.2], [0.1, 0.1, None, 0])
    robust = reconcile_robustly(asked)
    assert np.isnan(robust.weights[2])
    assert robust.weights[3] == 1
    assert robust.reconciliation.sds[3] == 0
    assert robust.deviations[1] == pytest.approx(-2.0)
    assert robust.weights[1] == pytest.approx(1.345 / 2)


def test_a_bad_analysis_is_found_in_a_nonlinear_problem() -> None:
    measured = np.array([100.0, 40.3, 59.8, 0.5, 0.81, 0.2, 100.4, 0.441])
    truth = np.array([100.0, 40.0, 60.0, 0.44, 0.8, 0.2, 100.0, 0.44])
    sds = np.array([0.5, 0.3, 0.3, 0.004, 0.01, 0.004, 0.5, 0.005])
    asked = nonlinear_problem(
        lambda x: [x[0] - x[1] - x[2], x[0] * x[3] - x[1] * x[4] - x[2] * x[5], x[0] - x[6], x[3] - x[7]],
        list(truth),
        measured,
        sds,
    )
    robust = reconcile_robustly(asked, Estimator.WELSCH)
    assert robust.converged
    assert robust.weights[3] < 1e-6
    assert robust.reconciliation.values[3] == pytest.approx(0.44, abs=0.01)
