"""Gross errors in networks of any size, held against the dense search of the same networks."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from gross_error_plants import random_plant

from openrecp.balances.gross_errors import (
    Candidate,
    CandidateKind,
    Findings,
    StopReason,
    Suspect,
    checks_of,
    likelihood_ratio_test,
    serial_elimination,
    sidak_critical_value,
)
from openrecp.balances.gross_errors.large_networks import network_critical_value, network_findings
from openrecp.balances.networks import NetworkReconciliation, reconcile_network
from openrecp.balances.problems import LinearProblem
from openrecp.balances.reconciling import solve

BIAS, LEAK = CandidateKind.BIAS, CandidateKind.LEAK


def spoiled(seed: int, streams: int, unmeasured: float, errors: int) -> tuple[LinearProblem, set[int]]:
    """A random network with some well checked readings wrong by 20 standard deviations."""
    plant = random_plant(seed, 2 * streams // 5, streams, unmeasured)
    draw = np.random.default_rng(seed)
    checked = np.flatnonzero(np.nan_to_num(network_in(plant).shares) > 0.3)
    wrong = draw.choice(checked, errors, replace=False)
    measured = plant.measured.copy()
    measured[wrong] += 20.0 * plant.sds[wrong] * draw.choice([-1.0, 1.0], errors)
    return replace(plant, measured=measured), set(wrong.tolist())


def network_in(problem: LinearProblem) -> NetworkReconciliation:
    found = solve(problem).network
    assert found is not None
    return found


def assert_same_suspect(one: Suspect, other: Suspect) -> None:
    assert set(one.members) == set(other.members)
    assert set(one.rivals) == set(other.rivals)
    assert one.z == pytest.approx(abs(other.z), rel=1e-7)
    assert one.chi2_before == pytest.approx(other.chi2_before, rel=1e-7)
    assert one.chi2_after == pytest.approx(other.chi2_after, rel=1e-7, abs=1e-7)
    assert one.redundancy_after == other.redundancy_after
    dense = dict(zip(other.members, other.estimates, strict=True))
    for member, estimate in zip(one.members, one.estimates, strict=True):
        assert estimate.value == pytest.approx(dense[member].value, rel=1e-7)
        assert estimate.sd == pytest.approx(dense[member].sd, rel=1e-7)


@pytest.mark.parametrize("unmeasured", [0.0, 0.2, 0.3])
@pytest.mark.parametrize("streams", [40, 80, 120, 200])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_errors_of_a_network_are_those_the_dense_search_names(
    seed: int, streams: int, unmeasured: float
) -> None:
    problem, wrong = spoiled(seed, streams, unmeasured, 3)
    found, dense = network_findings(network_in(problem)), serial_elimination(checks_of(problem))
    assert found.before.chi2 == pytest.approx(dense.before.chi2, rel=1e-9)
    assert found.before.redundancy == dense.before.redundancy
    assert found.after.chi2 == pytest.approx(dense.after.chi2, rel=1e-7, abs=1e-7)
    assert found.stop == dense.stop
    assert found.suspects
    for one, other in zip(found.suspects, dense.suspects, strict=True):
        assert_same_suspect(one, other)
    named = {each.index for one in found.suspects for each in one.members if each.kind is BIAS}
    assert wrong & named


def test_a_suspect_that_was_named_for_others_does_not_stand() -> None:
    plant, draw = random_plant(27, 9, 24), np.random.default_rng(27)
    wrong = draw.choice(24, 4, replace=False)
    measured = plant.measured.copy()
    measured[wrong] += 20.0 * plant.sds[wrong] * draw.choice([-1.0, 1.0], 4)
    problem = replace(plant, measured=measured)
    found, dense = network_findings(network_in(problem)), serial_elimination(checks_of(problem))
    assert [one.stands for one in found.suspects] == [True, False, True, True]
    assert abs(found.suspects[1].z) > found.suspects[1].critical.value
    for one, other in zip(found.suspects, dense.suspects, strict=True):
        assert_same_suspect(one, other)


def test_clean_data_name_nothing_and_everything_agrees() -> None:
    found = network_findings(network_in(random_plant(3, 40, 100)))
    assert found == Findings(found.before, found.before, (), StopReason.AGREE)
    assert found.before.passed


def test_nothing_is_tested_where_nothing_is_checked() -> None:
    alone = reconcile_network(1, [-1, 0], [0, -1], [10.0, np.nan], [1.0, np.nan])
    assert network_critical_value(alone) is None
    assert network_findings(alone).suspects == ()


def test_no_more_are_named_than_were_asked_for() -> None:
    problem, _ = spoiled(1, 120, 0.0, 3)
    found = network_findings(network_in(problem), most=2)
    assert len(found.suspects) == 2
    assert found.stop is StopReason.MOST


def test_one_check_is_used_up_by_one_error() -> None:
    found = network_findings(reconcile_network(1, [-1, 0], [0, -1], [20.0, 10.0], [1.0, 1.0]))
    (suspect,) = found.suspects
    assert set(suspect.members) == {Candidate(BIAS, 0), Candidate(BIAS, 1), Candidate(LEAK, 0)}
    assert [each.value for each in suspect.estimates] == pytest.approx([10.0, -10.0, 10.0])
    assert [each.sd for each in suspect.estimates] == pytest.approx([math.sqrt(2)] * 3)
    assert found.stop is StopReason.NOTHING_LEFT


def test_a_leak_at_processes_between_which_nobody_measures_may_be_at_any_of_them() -> None:
    # 0 and 1 are joined by a stream that nobody measures; 2 stands by itself.
    tails, heads = [-1, -1, 0, 0, 1, 1, 2, 2, 2], [0, 1, 1, 2, 2, 2, -1, -1, -1]
    flows = [50.0, 40.0, np.nan, 20.0, 10.0, 25.0, 15.0, 20.0, 20.0]
    sds = [np.nan if math.isnan(flow) else 1.0 for flow in flows]
    found = network_findings(reconcile_network(3, tails, heads, flows, sds))
    (suspect,) = found.suspects
    leaks = [each for each in suspect.members if each.kind is LEAK]
    assert leaks == [Candidate(LEAK, 0), Candidate(LEAK, 1)]
    sizes = [
        each.value
        for member, each in zip(suspect.members, suspect.estimates, strict=True)
        if member.kind is LEAK
    ]
    assert sizes == pytest.approx([35.0, 35.0])  # 90 in, 55 out; the process after it closes by itself


@pytest.mark.parametrize("unmeasured", [0.0, 0.3])
def test_the_critical_value_lies_between_the_exact_one_and_that_of_independent_tests(
    unmeasured: float,
) -> None:
    problem = random_plant(5, 60, 150, unmeasured)
    found = network_critical_value(network_in(problem))
    assert found is not None
    exact = likelihood_ratio_test(checks_of(problem)).critical
    assert exact is not None
    assert exact.value - 2 * exact.error < found.value <= sidak_critical_value(found.tests).value + 1e-9


@pytest.mark.parametrize("level", [0.05, 0.2])
@pytest.mark.parametrize("unmeasured", [0.0, 0.3])
def test_the_chance_of_a_false_alarm_is_no_more_than_stated(level: float, unmeasured: float) -> None:
    runs, draw = 800, np.random.default_rng(7)
    problem = random_plant(11, 32, 80, unmeasured)
    clean = network_in(problem)
    critical = network_critical_value(clean, level)
    assert critical is not None
    ends = clean.balances.tails, clean.balances.heads
    nodes, alarms = problem.matrix.shape[0], 0
    for _ in range(runs):
        measured = np.where(np.isnan(problem.sds), np.nan, draw.normal(0.0, np.nan_to_num(problem.sds)))
        found = reconcile_network(nodes, *ends, measured, problem.sds)
        largest = max(np.nanmax(np.abs(found.z)), np.nanmax(np.abs(found.leak_z)))
        alarms += bool(largest > critical.value)
    tolerance = 3.0 * math.sqrt(level * (1.0 - level) / runs)
    assert alarms / runs < level + tolerance
    assert alarms / runs > 0.25 * level  # careful, but not blind
