from itertools import combinations
from typing import Any

import numpy as np
import pytest
from general_problems import problem_of, random_problem, random_problems
from hypothesis import given
from hypothesis import strategies as st

from openrecp.balances.general import Unmeasurable, projected, reconcile_linear, smallest_additions
from openrecp.balances.problems import LinearProblem, VariableClass

Array = Any


def with_measured(asked: LinearProblem, places: tuple[int, ...]) -> LinearProblem:
    measured, sds = asked.measured.copy(), asked.sds.copy()
    measured[list(places)], sds[list(places)] = 1.0, 1.0
    return LinearProblem(asked.matrix, asked.constants, measured, sds)


def unknown(asked: LinearProblem) -> set[int]:
    return set(np.flatnonzero(reconcile_linear(asked).classes == VariableClass.UNOBSERVABLE).tolist())


def many_unmeasured(seed: int) -> LinearProblem:
    asked = random_problem(seed, correlated=False)
    hidden = np.random.default_rng(seed).random(asked.measured.size) < 0.5
    hidden &= asked.sds != 0
    return LinearProblem(
        asked.matrix,
        asked.constants,
        np.where(hidden, np.nan, asked.measured),
        np.where(hidden, np.nan, asked.sds),
    )


def cheapest(asked: LinearProblem, costs: Array, wanted: set[int]) -> float:
    """By trying every set."""
    choices = np.flatnonzero(np.isnan(asked.measured)).tolist()
    return min(
        float(costs[list(chosen)].sum())
        for size in range(len(choices) + 1)
        for chosen in combinations(choices, size)
        if not wanted & unknown(with_measured(asked, chosen))
    )


@pytest.mark.parametrize(
    "seed", [seed for seed in range(60) if 0 < np.isnan(many_unmeasured(seed).measured).sum() <= 6]
)
def test_no_set_of_meters_is_cheaper(seed: int) -> None:
    asked = many_unmeasured(seed)
    costs = np.random.default_rng(seed).integers(1, 9, asked.measured.size).astype(float)
    hidden = unknown(asked)
    added = smallest_additions(asked, costs)
    assert not unknown(with_measured(asked, added.variables))
    assert added.cost == pytest.approx(cheapest(asked, costs, hidden))
    for target in hidden:
        one = smallest_additions(asked, costs, target)
        assert one.proven
        assert target not in unknown(with_measured(asked, one.variables))
        assert one.cost == pytest.approx(cheapest(asked, costs, {target}))


@given(st.integers(0, 2**32 - 1))
def test_whatever_is_told_to_measure_makes_known(seed: int) -> None:
    asked = many_unmeasured(seed)
    costs = np.ones(asked.measured.size)
    added = smallest_additions(asked, costs)
    assert not unknown(with_measured(asked, added.variables))
    for target in unknown(asked):
        quick = smallest_additions(asked, costs, target, most_tried=1)
        assert target not in unknown(with_measured(asked, quick.variables))


def test_two_cheap_meters_are_taken_for_one_dear_one() -> None:
    # The feed of a furnace cannot well be weighed; its two products can.
    asked = problem_of([[1, -1, -1]], [None, None, None], [None, None, None])
    costs = np.array([900.0, 200.0, 300.0])
    one = smallest_additions(asked, costs, target=0)
    assert (one.variables, one.cost, one.proven) == ((1, 2), 500.0, True)
    dear = smallest_additions(asked, np.array([400.0, 200.0, 300.0]), target=0)
    assert (dear.variables, dear.cost) == ((0,), 400.0)


def test_what_is_known_needs_no_meter() -> None:
    asked = problem_of([[1, -1, -1]], [10.0, 4.0, None], [1.0, 1.0, None])
    for target in (None, 0, 2):
        assert smallest_additions(asked, np.ones(3), target).variables == ()


def test_a_search_that_is_given_up_is_not_called_proven() -> None:
    # Twelve streams leave one vessel; one of them is all the others.
    asked = problem_of([[1.0] + [-1.0] * 12], [None] * 13, [None] * 13)
    costs = np.concatenate([[100.0], np.full(12, 1.0)])
    quick = smallest_additions(asked, costs, 0, most_tried=50)
    assert not quick.proven
    assert quick.cost == 12.0
    thorough = smallest_additions(asked, costs, 0)
    assert thorough.proven
    assert thorough.variables == tuple(range(1, 13))


def test_what_no_meter_makes_known_is_named() -> None:
    asked = problem_of([[1, -1, -1, 0, 0]], [10.0, None, None, None, None], [1.0, None, None, None, None])
    costs = np.array([1.0, np.inf, np.inf, np.inf, 2.0])
    with pytest.raises(Unmeasurable) as raised:
        smallest_additions(asked, costs)
    assert raised.value.variables == (1, 2, 3)
    assert raised.value.issues[0].code == "measurements-not-enough"
    for target in (1, 3):
        with pytest.raises(Unmeasurable):
            smallest_additions(asked, costs, target)
    assert smallest_additions(asked, costs, 4).variables == (4,)
    with pytest.raises(ValueError, match="costs"):
        smallest_additions(asked, -costs)


@given(random_problems)
def test_the_projection_gives_the_test_statistic_of_the_reconciliation(asked: LinearProblem) -> None:
    told, left = reconcile_linear(asked), projected(asked)
    assert left.residuals.size == told.redundancy
    if told.redundancy:
        statistic = left.residuals @ np.linalg.solve(left.covariance, left.residuals)
        assert statistic == pytest.approx(told.chi2, rel=1e-6, abs=1e-9)
    whole = left.basis @ asked.matrix.toarray()
    free = asked.sds != 0
    assert whole[:, free] == pytest.approx(left.matrix[:, free], abs=1e-9)
    assert not np.any(left.matrix[:, told.classes != VariableClass.REDUNDANT])
    assert left.matrix @ np.nan_to_num(asked.measured) - left.constants == pytest.approx(
        left.residuals, abs=1e-8
    )
