"""The two ways of solving the system of the processes say the same."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from openrecp.balances.costs.systems import StepwiseSystem, build_system


def wired_at_random(count: int, kept: float) -> sp.csc_array:
    """1 less shares: every process hands ``kept`` of its costs on to three others, drawn at random."""
    rng = np.random.default_rng(5)
    rows = rng.integers(0, count, 3 * count)
    columns = np.repeat(np.arange(count), 3)
    turn = sp.csc_array((np.full(3 * count, kept / 3), (rows, columns)), shape=(count, count))
    system: sp.csc_array = (sp.eye_array(count, format="csc") - turn).tocsc()
    return system


def wired_in_a_line(count: int) -> sp.csc_array:
    """1 less shares: each process hands 0.7 on to the next and 0.2 back by ten."""
    places = np.arange(count)
    rows = np.concatenate([places[1:], places[:-10]])
    columns = np.concatenate([places[:-1], places[10:]])
    shares = np.concatenate([np.full(count - 1, 0.7), np.full(count - 10, 0.2)])
    turn = sp.csc_array((shares, (rows, columns)), shape=(count, count))
    system: sp.csc_array = (sp.eye_array(count, format="csc") - turn).tocsc()
    return system


@pytest.mark.parametrize("trans", ["N", "T"])
@pytest.mark.parametrize("kept", [0.5, 0.9, 0.999])
def test_step_by_step_is_as_exact_as_the_factors(trans: str, kept: float) -> None:
    matrix = wired_at_random(400, kept)
    right = np.random.default_rng(1).uniform(0, 100, (400, 2))
    expected = np.linalg.solve(matrix.toarray().T if trans == "T" else matrix.toarray(), right)
    found = StepwiseSystem(matrix).solve(right, trans)
    assert found == pytest.approx(expected, rel=1e-11)
    assert StepwiseSystem(matrix).solve(right[:, 0], trans) == pytest.approx(expected[:, 0], rel=1e-11)


def test_random_wiring_is_solved_step_by_step_and_a_plant_is_factorised() -> None:
    assert isinstance(build_system(wired_at_random(12_000, 0.8)), StepwiseSystem)
    plant = wired_in_a_line(12_000)
    assert not isinstance(build_system(plant), StepwiseSystem)
    assert isinstance(build_system(plant), type(splu(plant)))


def test_a_system_without_solution_is_not_answered() -> None:
    with pytest.raises(ArithmeticError):
        StepwiseSystem(wired_at_random(50, 1.0)).solve(np.ones(50))
