from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import scipy.linalg as sl
import scipy.sparse as sp
from gross_error_plants import heat_exchanger, network, random_plant
from hypothesis import given
from hypothesis import strategies as st

from openrecp.balances.placement import NewMeter, best_pair, meter_sequence, next_meters
from openrecp.balances.problems import LinearProblem

Array = Any


def sd_of(problem: LinearProblem, target: Array, added: Sequence[NewMeter] = ()) -> float:
    """Standard deviation of a target with meters added, from the Lagrange equations of the whole; infinite if unknown."""
    matrix = problem.matrix.toarray()
    weights = np.zeros(matrix.shape[1])
    known = ~np.isnan(problem.measured)
    weights[known] = problem.sds[known] ** -2
    for meter in added:
        old = 0.0 if meter.replaces else weights[meter.variable]
        weights[meter.variable] = max(old + meter.sd**-2, weights[meter.variable])
    free = sl.null_space(np.vstack([matrix, np.diag(weights > 0).astype(float)]))
    if np.linalg.norm(target @ free) > 1e-9:
        return math.inf
    # On what balances leave free, plus what nothing determines, the weights give the covariance.
    basis = sl.null_space(matrix)
    covariance = basis @ np.linalg.pinv(basis.T @ (weights[:, None] * basis), rcond=1e-12) @ basis.T
    return math.sqrt(max(float(target @ covariance @ target), 0.0))


def test_a_meter_lowers_the_variance_of_a_loss_as_the_closed_form_says() -> None:
    # Loss = in - out with variances 4 and 1; a second meter of variance 4 on the inlet halves that of the inlet.
    loss = np.array([1.0, -1.0])
    plant = LinearProblem(sp.csr_array((0, 2)), np.zeros(0), np.array([100.0, 90.0]), np.array([2.0, 1.0]))
    best, other = next_meters(plant, loss, [NewMeter(1, 1.0), NewMeter(0, 2.0)])
    assert (best.meters, other.meters) == ((1,), (0,))
    assert best.sd_before == pytest.approx(math.sqrt(5))
    assert best.sd_after == pytest.approx(math.sqrt(3))
    assert best.variance_saved == pytest.approx(2.0)
    assert other.sd_after == pytest.approx(math.sqrt(4.5))


def test_a_meter_that_costs_less_comes_first_by_cost() -> None:
    loss = np.array([1.0, -1.0])
    plant = LinearProblem(sp.csr_array((0, 2)), np.zeros(0), np.array([100.0, 90.0]), np.array([2.0, 1.0]))
    meters = [NewMeter(1, 1.0, cost=1.0), NewMeter(0, 2.0, cost=10.0)]
    assert next_meters(plant, loss, meters)[0].meters == (1,)
    cheapest = next_meters(plant, loss, meters, by_cost=True)[0]
    assert cheapest.meters == (0,)
    assert cheapest.saved_per_cost == pytest.approx(0.5)


def test_a_better_meter_in_the_place_of_the_old_one_gives_its_own_precision() -> None:
    plant = LinearProblem(sp.csr_array((0, 1)), np.zeros(0), np.array([100.0]), np.array([2.0]))
    beside, instead = NewMeter(0, 1.0), NewMeter(0, 1.0, replaces=True)
    worse = NewMeter(0, 3.0, replaces=True)
    found = {each.meters: each.sd_after for each in next_meters(plant, np.ones(1), [beside, instead, worse])}
    assert found[0,] == pytest.approx(math.sqrt(0.8))
    assert found[1,] == pytest.approx(1.0)
    assert found[2,] == pytest.approx(2.0)


def test_a_target_that_nothing_gives_needs_the_meter_that_opens_it() -> None:
    # Two unmeasured streams side by side: only a meter on one of them tells both.
    arcs = ((0, 1), (1, 2), (1, 2), (2, 0))
    plant = network(arcs, (100.0, np.nan, np.nan, 100.0), (1.0, np.nan, np.nan, 1.0))
    target = np.array([0.0, 1.0, 0.0, 0.0])
    found = next_meters(plant, target, [NewMeter(0, 0.1), NewMeter(2, 2.0), NewMeter(1, 1.5)])
    assert [each.meters for each in found] == [(2,), (1,), (0,)]
    assert found[0].sd_before == math.inf
    assert found[0].sd_after == pytest.approx(1.5)
    # The whole, known within sqrt(1/2), less the other line.
    assert found[1].sd_after == pytest.approx(math.sqrt(0.5 + 4.0))
    assert found[2].sd_after == math.inf
    assert found[2].variance_saved == found[2].saved_per_cost == 0.0


def test_two_meters_together_open_what_neither_does_alone() -> None:
    arcs = ((0, 1), (1, 0), (1, 0), (1, 0))
    plant = network(arcs, (100.0, np.nan, np.nan, np.nan), (1.0, np.nan, np.nan, np.nan))
    target = np.array([0.0, 0.0, 0.0, 1.0])
    meters = [NewMeter(1, 1.0), NewMeter(2, 1.0), NewMeter(0, 0.5)]
    assert all(math.isinf(each.sd_after) for each in next_meters(plant, target, meters))
    pair = best_pair(plant, target, meters)
    assert pair is not None
    assert pair.meters == (0, 1)
    assert pair.sd_after == pytest.approx(math.sqrt(3.0))
    first, second = meter_sequence(plant, target, meters, 5)
    assert first.meters == (0, 1)
    assert second.meters == (0, 1, 2)
    assert second.sd_after == pytest.approx(math.sqrt(2.0 + 1.0 / (1.0 + 4.0)))
    assert (first.sd_before, second.cost) == (math.inf, 3.0)


def test_three_meters_are_found_one_after_the_other() -> None:
    arcs = ((0, 1), (1, 0), (1, 0), (1, 0), (1, 0), (0, 2), (2, 0))
    plant = network(arcs, (100.0, *[np.nan] * 6), (1.0, *[np.nan] * 6))
    target = np.array([0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    found = meter_sequence(plant, target, [NewMeter(place, 1.0) for place in (5, 1, 2, 3)], 3)
    assert sorted(found[-1].meters) == [1, 2, 3]
    assert found[-1].sd_after == pytest.approx(2.0)
    assert meter_sequence(plant, target, [NewMeter(5, 1.0)], 3) == ()


def test_meters_that_help_nothing_are_not_installed() -> None:
    plant = heat_exchanger()
    apart = LinearProblem(
        sp.csr_array(sp.block_diag([plant.matrix, sp.csr_array([[1.0, -1.0]])])),
        np.zeros(5),
        np.append(plant.measured, [5.0, 5.0]),
        np.ones(8),
    )
    target = np.eye(8)[6]
    assert meter_sequence(apart, target, [NewMeter(0, 0.1), NewMeter(3, 0.1)], 2) == ()
    (only,) = meter_sequence(apart, target, [NewMeter(0, 0.1), NewMeter(7, 1.0)], 2)
    assert only.meters == (1,)


def test_one_meter_is_replaced_once() -> None:
    plant = LinearProblem(sp.csr_array((0, 1)), np.zeros(0), np.array([100.0]), np.array([2.0]))
    meters = [NewMeter(0, 1.0, replaces=True), NewMeter(0, 0.5, replaces=True)]
    assert best_pair(plant, np.ones(1), meters) is None
    (step,) = meter_sequence(plant, np.ones(1), meters, 2)
    assert step.meters == (1,)


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.4, 0.7]))
def test_every_meter_does_what_solving_anew_says(seed: int, unmeasured: float) -> None:
    plant = random_plant(seed, 6, 14, unmeasured)
    dice = np.random.default_rng(seed)
    target = np.where(dice.random(14) < 0.3, dice.choice([-1.0, 1.0], 14), 0.0)
    meters = [
        NewMeter(stream, float(dice.uniform(0.3, 2.0)), replaces=bool(dice.random() < 0.3))
        for stream in range(14)
    ]
    before = sd_of(plant, target)
    for each in next_meters(plant, target, meters):
        assert each.sd_before == pytest.approx(before, abs=1e-6)
        assert each.sd_after == pytest.approx(sd_of(plant, target, [meters[each.meters[0]]]), abs=1e-6)
    few = meters[::2]
    pair = best_pair(plant, target, few)
    assert pair is not None
    best = min(sd_of(plant, target, [one, other]) for place, one in enumerate(few) for other in few[:place])
    assert pair.sd_after == pytest.approx(best, abs=1e-6)
    assert pair.sd_after == pytest.approx(
        sd_of(plant, target, [few[place] for place in pair.meters]), abs=1e-6
    )
    for step in meter_sequence(plant, target, meters, 4):
        chosen = [meters[place] for place in step.meters]
        assert step.sd_after == pytest.approx(sd_of(plant, target, chosen), abs=1e-6)


def test_impossible_meters_are_refused() -> None:
    plant = heat_exchanger()
    with pytest.raises(ValueError, match="one number a variable"):
        next_meters(plant, np.ones(5), [])
    with pytest.raises(ValueError, match="standard deviation"):
        next_meters(plant, np.ones(6), [NewMeter(0, 0.0)])
    with pytest.raises(ValueError, match="variable"):
        next_meters(plant, np.ones(6), [NewMeter(6, 1.0)])
    tied = LinearProblem(plant.matrix, plant.constants, plant.measured, plant.sds, ((0, 1, 0.5),))
    with pytest.raises(ValueError, match="correlated"):
        next_meters(tied, np.ones(6), [NewMeter(0, 0.5, replaces=True)])
