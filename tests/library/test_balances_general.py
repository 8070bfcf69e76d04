from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from general_problems import by_projection, problem_of, random_problem, random_problems, uncorrelated_problems
from hypothesis import given
from hypothesis import strategies as st

from openrecp.balances.general import ContradictoryBalances, reconcile_linear
from openrecp.balances.general import blocks as blocks_module
from openrecp.balances.problems import LinearProblem, VariableClass
from openrecp.errors import UnusableInput

# VDI 2048 part 1, feed water of a power plant: data as in dvrlib (commit 3fd26d5, src/vdi2048.cc); half-widths / 1.96.
FEED_WATER = [
    [1.0, 1.0, -1.0, -1.0, 0.4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, -1.0, 0.0],
]
FEED_WATER_MEASURED = [46.241, 45.668, 44.575, 44.319, 0.525, 69.978, 10.364, 3.744, 4.391, 18.498, 2.092]
HALF_WIDTHS = np.array([0.8, 0.79, 0.535, 0.532, 0.105, 0.854, 0.168, 0.058, 0.058, 0.205, 0.272])
ENLARGED = np.array([2.5, 2.5, *HALF_WIDTHS[2:]])


@pytest.mark.parametrize(
    ("half_widths", "correlations", "chi2", "first", "first_half_width"),
    [
        (HALF_WIDTHS, (), 24.483511222159063, 44.95950849840976, 0.618040012520282),
        (HALF_WIDTHS, ((0, 1, 0.2), (2, 3, 0.4)), 20.309588378331828, 44.96448920642914, 0.5756265705891294),
        (ENLARGED, (), 3.0602222889914676, 44.691789620715035, 1.789914865236142),
        (ENLARGED, ((0, 1, 0.2), (2, 3, 0.4)), 2.5370147924209556, 44.69595657253166, 1.610621937457101),
    ],
)
def test_the_feed_water_of_a_power_plant_is_reconciled_as_in_vdi_2048(
    half_widths: np.ndarray,
    correlations: tuple[tuple[int, int, float], ...],
    chi2: float,
    first: float,
    first_half_width: float,
) -> None:
    told = reconcile_linear(
        problem_of(FEED_WATER, FEED_WATER_MEASURED, half_widths / 1.96, correlations=correlations)
    )
    assert told.chi2 == pytest.approx(chi2, rel=1e-11)
    assert told.redundancy == 3
    assert told.values[0] == pytest.approx(first, rel=1e-12)
    assert told.sds[0] * 1.96 == pytest.approx(first_half_width, rel=1e-12)
    assert list(told.classes) == [VariableClass.REDUNDANT] * 10 + [VariableClass.JUST_MEASURED]


def test_the_reactor_of_ripps_shows_its_second_meter() -> None:
    # Ripps, CEP Symposium Series 61 (1965) 8; Romagnoli and Sanchez (2000), example 7.1.
    matrix = [[0.1, 0.6, -0.2, -0.7], [0.8, 0.1, -0.2, -0.1], [0.1, 0.3, -0.6, -0.2]]
    told = reconcile_linear(
        problem_of(matrix, [0.1858, 4.7935, 1.2295, 3.88], np.sqrt([0.000289, 0.0025, 0.000576, 0.04]))
    )
    assert told.chi2 == pytest.approx(8.454741723808434, rel=1e-10)
    assert np.abs(told.z) == pytest.approx(
        [1.0767780386344357, 2.7369878987309564, 2.623848706077294, 0.13177632361706218], rel=1e-10
    )


@given(random_problems)
def test_values_intervals_and_classes_are_those_of_an_independent_solution(asked: LinearProblem) -> None:
    told = reconcile_linear(asked)
    values, covariance, chi2, redundancy, classes = by_projection(asked)
    assert list(told.classes) == list(classes)
    assert told.redundancy == redundancy
    assert told.chi2 == pytest.approx(chi2, rel=1e-7, abs=1e-9)
    assert told.values == pytest.approx(values, rel=1e-8, abs=1e-8, nan_ok=True)
    assert told.covariance == pytest.approx(covariance, rel=1e-7, abs=1e-8, nan_ok=True)
    assert told.sds**2 == pytest.approx(np.diag(told.covariance), rel=1e-12, nan_ok=True)


@given(random_problems)
def test_the_balances_hold_and_adjustments_lose_the_variance_that_is_gained(asked: LinearProblem) -> None:
    told = reconcile_linear(asked)
    seen = ~np.isnan(told.values)
    matrix = asked.matrix.toarray()
    whole = ~np.any(matrix[:, ~seen] != 0, axis=1)
    misses = matrix[:, seen] @ told.values[seen] - asked.constants
    assert misses[whole] == pytest.approx(np.zeros(int(whole.sum())), abs=1e-8)
    measured = told.classes <= VariableClass.JUST_MEASURED
    assert told.adjustment_sds[measured] ** 2 + told.sds[measured] ** 2 == pytest.approx(
        asked.sds[measured] ** 2, rel=1e-11
    )
    assert np.array_equal(np.isnan(told.z), told.classes != VariableClass.REDUNDANT)


@given(uncorrelated_problems)
def test_shares_of_variance_add_up_to_the_measurements_less_the_redundancy(asked: LinearProblem) -> None:
    told = reconcile_linear(asked)
    measured = told.classes <= VariableClass.JUST_MEASURED
    shares = np.sum((told.sds[measured] / asked.sds[measured]) ** 2)
    assert shares == pytest.approx(measured.sum() - told.redundancy, abs=1e-11)
    checked = told.classes == VariableClass.REDUNDANT
    assert told.z[checked] == pytest.approx(
        told.adjustments[checked] / told.adjustment_sds[checked], rel=1e-6, abs=1e-6
    )


@given(random_problems, st.integers(0, 2**32 - 1))
def test_units_and_the_scale_of_balances_change_nothing(asked: LinearProblem, seed: int) -> None:
    draw = np.random.default_rng(seed)
    rows = 10 ** draw.uniform(-9, 9, asked.matrix.shape[0])
    units = 10 ** draw.uniform(-9, 9, asked.matrix.shape[1])
    other = replace(
        asked,
        matrix=sp.csr_array(asked.matrix.toarray() * rows[:, None] / units),
        constants=asked.constants * rows,
        measured=asked.measured * units,
        sds=asked.sds * units,
    )
    told, again = reconcile_linear(asked), reconcile_linear(other)
    assert list(told.classes) == list(again.classes)
    assert again.chi2 == pytest.approx(told.chi2, rel=1e-7, abs=1e-9)
    assert again.sds / units == pytest.approx(told.sds, rel=1e-7, abs=1e-7, nan_ok=True)
    assert again.values / units == pytest.approx(told.values, rel=1e-7, abs=1e-7, nan_ok=True)


@given(random_problems)
def test_repeated_balances_add_nothing(asked: LinearProblem) -> None:
    again = replace(
        asked,
        matrix=sp.csr_array(np.vstack([asked.matrix.toarray(), 3 * asked.matrix.toarray()])),
        constants=np.concatenate([asked.constants, 3 * asked.constants]),
    )
    told, twice = reconcile_linear(asked), reconcile_linear(again)
    assert twice.redundancy == told.redundancy
    assert twice.values == pytest.approx(told.values, rel=1e-9, abs=1e-9, nan_ok=True)
    assert twice.sds == pytest.approx(told.sds, rel=1e-7, abs=1e-9, nan_ok=True)


def test_meters_of_very_different_quality_keep_their_digits() -> None:
    # in = out + loss: a poor meter takes its value from the two good ones, and they hardly notice it.
    told = reconcile_linear(problem_of([[1, -1, -1]], [1000.0, 990.0, 5.0], [1e6, 1e-3, 1e-6]))
    poor, good, best = 1e12, 1e-6, 1e-12
    total = poor + good + best
    exact = np.sqrt(
        [poor * (good + best) / total, good * (poor + best) / total, best * (poor + good) / total]
    )
    assert told.sds == pytest.approx(exact, rel=1e-14)
    assert told.adjustment_sds == pytest.approx(np.array([poor, good, best]) / np.sqrt(total), rel=1e-14)


def test_an_unmeasured_loss_has_an_interval() -> None:
    told = reconcile_linear(problem_of([[1, -1, -1]], [100.0, 92.0, None], [3.0, 4.0, None]))
    assert told.values[2] == pytest.approx(8.0)
    assert told.sds[2] == pytest.approx(5.0, rel=1e-15)
    assert told.classes[2] == VariableClass.OBSERVABLE


def test_a_measurement_correlated_with_a_checked_one_is_adjusted_with_it() -> None:
    told = reconcile_linear(
        problem_of([[1, -1, 0]], [10.0, 12.0, 7.0], [1.0, 1.0, 2.0], correlations=[(0, 2, 0.5)])
    )
    assert told.classes[2] == VariableClass.JUST_MEASURED
    # cov(x2, x0 - x1) / var(x0 - x1) * gap = 1 / 2 * -2
    assert told.adjustments[2] == pytest.approx(-1.0)
    assert told.adjustment_sds[2] == pytest.approx(np.sqrt(0.5))
    assert np.isnan(told.z[2])


def test_all_balances_that_contradict_each_other_are_named_at_once() -> None:
    matrix = [[1, -1, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 2, 2, 0], [0, 0, 0, 0, 1]]
    with pytest.raises(ContradictoryBalances) as raised:
        reconcile_linear(
            problem_of(matrix, [5.0, 6.0, 1.0, None, 3.0], [0, 0, 1, None, 1], constants=[0, 1, 5, 3])
        )
    assert raised.value.rows == (0, 1, 2)
    assert [issue.code for issue in raised.value.issues] == ["balances-contradict"]


def test_a_balance_of_exact_values_that_holds_is_welcome() -> None:
    told = reconcile_linear(problem_of([[0.1, 0.2, -0.3]], [1.0, 1.0, 1.0], [0, 0, 0]))
    assert list(told.classes) == [VariableClass.FIXED] * 3
    assert list(told.sds) == [0.0] * 3


def test_complete_and_contradictory_correlations_are_refused() -> None:
    pairs = [(0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9)]
    with pytest.raises(UnusableInput, match="contradict each other"):
        reconcile_linear(problem_of([[1, 1, 1]], [1.0, 2.0, 3.0], [1, 1, 1], correlations=pairs))


def test_a_measurement_without_an_uncertainty_is_refused() -> None:
    for sd in (None, -1.0):
        with pytest.raises(ValueError, match="standard deviation"):
            reconcile_linear(problem_of([[1, 1]], [1.0, 2.0], [1, sd]))


def test_too_large_a_block_is_refused_and_many_small_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks_module, "LARGEST_BLOCK", 3)
    pair = np.kron(np.eye(4), [[1.0, -1.0]])
    assert reconcile_linear(problem_of(pair, np.arange(8.0), np.ones(8))).redundancy == 4
    with pytest.raises(UnusableInput, match="4 quantities"):
        reconcile_linear(problem_of([[1, 1, -1, -1]], np.arange(4.0), np.ones(4)))


def test_problems_without_balances_or_without_variables_are_solved() -> None:
    nothing = reconcile_linear(
        LinearProblem(sp.csr_array((0, 2)), np.zeros(0), np.array([1.0, np.nan]), np.array([1.0, np.nan]))
    )
    assert list(nothing.classes) == [VariableClass.JUST_MEASURED, VariableClass.UNOBSERVABLE]
    assert (
        reconcile_linear(LinearProblem(sp.csr_array((0, 0)), np.zeros(0), np.zeros(0), np.zeros(0))).variables
        == 0
    )


def test_parts_that_do_not_hang_together_are_not_correlated() -> None:
    first, second = random_problem(5), random_problem(6)
    both = LinearProblem(
        sp.csr_array(sp.block_diag([first.matrix, second.matrix])),
        np.concatenate([first.constants, second.constants]),
        np.concatenate([first.measured, second.measured]),
        np.concatenate([first.sds, second.sds]),
        first.correlations
        + tuple((i + first.measured.size, j + first.measured.size, r) for i, j, r in second.correlations),
    )
    told, parts = reconcile_linear(both), [reconcile_linear(first), reconcile_linear(second)]
    assert told.chi2 == pytest.approx(sum(part.chi2 for part in parts))
    assert told.values == pytest.approx(np.concatenate([part.values for part in parts]), nan_ok=True)
    assert told.covariance is not None
    cross = told.covariance[: first.measured.size, first.measured.size :]
    assert np.all((cross == 0) | np.isnan(cross))
