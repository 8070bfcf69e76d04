from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from false_alarms import false_alarm_rates, naming_rate, plants
from gross_error_plants import STEAM_ARCS, STEAM_SDS, heat_exchanger, network, random_plant, recycle

from openrecp.balances.gross_errors import (
    CriticalMethod,
    bonferroni_critical_value,
    candidates,
    checks_of,
    critical_value,
    critical_value_of_pairs,
    detectable_shift,
    detection_power,
    identification_power,
    measurement_test,
    sidak_critical_value,
    spanning_pairs,
)

Array = Any


def meters(problem: Any) -> Array:
    return candidates(checks_of(problem), np.zeros((problem.matrix.shape[0], 0))).directions


def exceeded(directions: Array, value: float, runs: int, seed: int) -> float:
    generator = np.random.default_rng(seed)
    hits = 0
    for _ in range(runs // 10_000):
        z = generator.standard_normal((10_000, directions.shape[0])) @ directions
        hits += int(np.count_nonzero(np.max(np.abs(z), axis=1) > value))
    return hits / runs


def test_independent_tests_have_the_critical_value_of_sidak() -> None:
    for tests in (3, 10, 100):
        found = critical_value(np.eye(tests))
        assert found.value == pytest.approx(sidak_critical_value(tests).value, abs=0.002)
        assert found.error <= 0.002
        assert found.method is CriticalMethod.JOINT


def test_equal_tests_count_once() -> None:
    same = np.repeat(np.array([[1.0], [0.0], [0.0]]), 5, axis=1) * [1, -1, 1, 1, -1]
    assert critical_value(same).value == pytest.approx(1.959964, abs=1e-6)
    assert critical_value(same).tests == 1


def test_three_meters_at_two_nodes_are_exact() -> None:
    # In the plane the chance is a mean of exp(-c²/2cos²) over the angle to the nearest of n equal directions.
    angles = np.arange(6) * math.pi / 6
    value = critical_value(np.array([np.cos(angles), np.sin(angles)])).value
    turn = (np.arange(200_000) + 0.5) / 200_000 * math.pi / 12
    assert float(np.mean(np.exp(-0.5 * (value / np.cos(turn)) ** 2))) == pytest.approx(0.05, abs=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_the_joint_value_does_not_hang_on_its_draws(seed: int) -> None:
    directions = meters(random_plant(11, 30, 75))
    close = critical_value(directions, error=0.0004)
    assert critical_value(directions, seed=seed).value == pytest.approx(close.value, abs=0.003)


@pytest.mark.parametrize(
    ("name", "level"), [("bypass", 0.05), ("steam", 0.05), ("steam", 0.10), ("correlated", 0.05)]
)
def test_the_joint_value_is_exceeded_at_the_level(name: str, level: float) -> None:
    directions = meters(plants()[name])
    # Five standard errors of 200,000 draws.
    tolerance = 5 * math.sqrt(level * (1 - level) / 200_000)
    assert exceeded(directions, critical_value(directions, level).value, 200_000, 3) == pytest.approx(
        level, abs=tolerance
    )


def test_the_bounds_lie_in_their_order() -> None:
    for problem in plants().values():
        directions = meters(problem)
        joint = critical_value(directions)
        bound = sidak_critical_value(joint.tests)
        assert joint.value <= bound.value + 0.002
        assert bound.value < bonferroni_critical_value(joint.tests).value


def test_neighbouring_pairs_come_close_to_the_joint_value() -> None:
    directions = meters(random_plant(12, 40, 100))
    correlations = directions.T @ directions
    first, second = np.triu_indices(directions.shape[1], 1)
    pairs = spanning_pairs(directions.shape[1], first, second, correlations[first, second])
    found = critical_value_of_pairs(directions.shape[1], pairs)
    joint = critical_value(directions).value
    assert found.method is CriticalMethod.PAIRS
    assert joint - 0.002 < found.value < sidak_critical_value(directions.shape[1]).value
    assert found.value - joint < 0.02


def test_tests_beyond_counting_are_taken_by_pairs() -> None:
    generator = np.random.default_rng(1)
    directions = generator.standard_normal((40, 1300))
    found = critical_value(directions / np.linalg.norm(directions, axis=0))
    assert found.method is CriticalMethod.PAIRS
    assert found.tests == 1300


@pytest.mark.parametrize("name", list(plants()))
def test_clean_data_alarm_at_the_stated_rate(name: str) -> None:
    runs = 4000
    # Four standard errors of a share of 5 % in 4,000; the full count is a step of ./run verify.
    tolerance = 4 * math.sqrt(0.05 * 0.95 / runs)
    for rate in false_alarm_rates(plants()[name], 0.05, runs, seed=5).values():
        assert rate == pytest.approx(0.05, abs=tolerance)


def test_serial_elimination_names_nothing_in_clean_data_at_the_stated_rate() -> None:
    runs = 600
    tolerance = 4 * math.sqrt(0.05 * 0.95 / runs)
    assert naming_rate(recycle(), 0.05, runs, seed=6) == pytest.approx(0.05, abs=tolerance)


# Overall power of the measurement test in 2,500 runs, one gross error of 2 to 7 standard deviations, false alarms in
# 10 %: Câmara do Valle et al., Data reconciliation and gross error detection benchmarks (problems 4, 6 and 15).
PUBLISHED_POWER = {
    "bypass": (0.764, 0.768, 0.765, 0.766, 0.778, 0.754),
    "recycle": (0.721, 0.725, 0.708, 0.632, 0.676, 0.615, 0.718),
    "steam": (
        0.0044, 0.004, 0.6712, 0.6716, 0.6588, 0.7248, 0.004, 0.7788, 0.0028, 0.6712, 0.0424, 0.7328, 0.7032, 0.6364,
        0.5408, 0.0616, 0.0496, 0.0392, 0.006, 0.0076, 0.5908, 0.0068, 0.002, 0.3568, 0.6916, 0.6676, 0.5672, 0.438,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(PUBLISHED_POWER))
def test_the_power_agrees_with_the_published_study(name: str) -> None:
    problem = plants()[name]
    found = candidates(checks_of(problem), np.zeros((problem.matrix.shape[0], 0)))
    level = critical_value(found.directions, 0.10)
    powers = identification_power(found.directions, found.lengths * problem.sds, level.value, (2.0, 7.0))
    assert powers == pytest.approx(np.array(PUBLISHED_POWER[name]), abs=0.05)


def test_the_power_agrees_with_the_maximum_test_done_on_simulated_readings() -> None:
    # Independent: readings are drawn, reconciled by their normal equations, and the largest adjustment is tested at
    # the critical value that a million clean draws give.
    problem = network(STEAM_ARCS, [0.0] * 28, STEAM_SDS)
    matrix, sds = problem.matrix.toarray(), problem.sds
    adjusting = np.diag(sds**2) @ matrix.T @ np.linalg.inv(matrix @ np.diag(sds**2) @ matrix.T) @ matrix
    adjustment_sds = np.sqrt(np.diag(adjusting @ np.diag(sds**2) @ adjusting.T))
    generator = np.random.default_rng(2)
    clean = [
        np.max(np.abs((generator.standard_normal((20_000, 28)) * sds) @ adjusting.T / adjustment_sds), axis=1)
        for _ in range(20)
    ]
    critical = float(np.quantile(np.concatenate(clean), 0.90))
    found = candidates(checks_of(problem), np.zeros((11, 0)))
    assert critical_value(found.directions, 0.10).value == pytest.approx(critical, abs=0.01)
    powers = identification_power(
        found.directions, found.lengths * sds, critical_value(found.directions, 0.10).value, (2.0, 7.0)
    )
    for stream in (0, 2, 7, 14, 23, 27):
        readings = generator.standard_normal((20_000, 28)) * sds
        readings[:, stream] += generator.uniform(2.0, 7.0, 20_000) * sds[stream]
        z = np.abs(readings @ adjusting.T / adjustment_sds)
        hit = np.mean((np.argmax(z, axis=1) == stream) & (z[:, stream] > critical))
        assert powers[stream] == pytest.approx(hit, abs=0.02)


def test_ties_are_misses() -> None:
    pump = checks_of(network(((0, 1), (1, 0)), (1.0, 1.0), (1.0, 1.0)))
    found = candidates(pump, np.zeros((1, 0)))
    assert identification_power(found.directions, found.lengths, 1.96, (50.0, 60.0), runs=10).tolist() == [
        0,
        0,
    ]


def test_a_bias_of_the_smallest_size_is_seen_with_its_power() -> None:
    checks = checks_of(heat_exchanger())
    critical = measurement_test(checks).critical
    assert critical is not None
    shift = detectable_shift(critical.value, 0.8)
    assert float(detection_power(shift, critical.value)) == pytest.approx(0.8)
    generator = np.random.default_rng(4)
    seen = np.abs(generator.standard_normal(200_000) + shift) > critical.value
    assert float(np.mean(seen)) == pytest.approx(0.8, abs=0.005)


def test_impossible_levels_and_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing to test"):
        sidak_critical_value(0)
    with pytest.raises(ValueError, match="level"):
        bonferroni_critical_value(3, 0.0)
    with pytest.raises(ValueError, match="forest"):
        critical_value_of_pairs(2, np.array([0.1, 0.2]))
    with pytest.raises(ValueError, match="power"):
        detectable_shift(1.96, 0.01)
    with pytest.raises(ValueError, match="draw"):
        identification_power(np.eye(2), np.ones(2), 2.0, (1.0, 2.0), runs=0)
