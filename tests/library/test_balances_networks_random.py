"""Engines for networks and for compositions, called directly: random plants, and what holds at any size."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from balance_comparison import compare_with_reference
from balance_plants import OUTSIDE, large_network, random_component_plant, random_plant
from hypothesis import given
from hypothesis import strategies as st
from reference_balances import solve_linear, solve_nonlinear

from openrecp.balances.compositions import reconcile_compositions
from openrecp.balances.networks import reconcile_network
from openrecp.balances.problems import LinearProblem, Reconciliation, VariableClass


@given(st.integers(0, 2**32 - 1), st.integers(4, 12))
def test_a_network_is_reconciled_as_by_the_dense_reference(seed: int, processes: int) -> None:
    plant = random_plant(seed, processes)
    tails = np.array([edge.start for edge in plant.edges])
    heads = np.array([edge.end for edge in plant.edges])
    found = reconcile_network(plant.processes, tails, heads, plant.measured, plant.sds)
    problem = LinearProblem(
        sp.csr_array(plant.incidence()), np.zeros(plant.processes), plant.measured, plant.sds
    )
    compare_with_reference(
        Reconciliation(
            found.values,
            found.sds,
            found.classes,
            found.adjustments,
            found.adjustment_sds,
            found.z,
            found.chi2,
            found.redundancy,
            problem,
        ),
        solve_linear(problem),
    )


@pytest.mark.parametrize("seed", range(30))
def test_flows_and_compositions_are_reconciled_as_by_the_dense_reference(seed: int) -> None:
    """Here everything is measured; shares that are not are the general engine's."""
    plant = random_component_plant(seed, gaps=False)
    streams = len(plant.edges)
    tails = np.array([edge.start for edge in plant.edges])
    heads = np.array([edge.end for edge in plant.edges])
    measured, sds = (part.reshape(-1, streams).T for part in (plant.measured, plant.sds))
    found = reconcile_compositions(plant.processes, tails, heads, measured, sds)
    assert found.convergence.converged
    reference = solve_nonlinear(plant.problem(), plant.true)
    parts = (found.values, found.sds, found.classes, found.adjustments, found.adjustment_sds, found.z)
    values, deviations, classes, adjustments, adjustment_sds, z = (part.T.ravel() for part in parts)
    turned = Reconciliation(
        values,
        deviations,
        classes,
        adjustments,
        adjustment_sds,
        z,
        found.chi2,
        found.redundancy,
        reference.problem,
    )
    compare_with_reference(turned, reference)


@pytest.mark.parametrize(("streams", "share"), [(1_000, 0.0), (20_000, 0.3), (100_000, 0.3)])
def test_the_variances_of_a_large_network_add_up_exactly(streams: int, share: float) -> None:
    network = large_network(7, streams, share)
    found = reconcile_network(network.nodes, network.tails, network.heads, network.measured, network.sds)
    known = network.sds > 0
    total = float(np.sum((found.sds[known] / network.sds[known]) ** 2))
    assert total == pytest.approx(np.count_nonzero(known) - found.redundancy, rel=1e-10)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """300 sets of measurements of a network of 10,000 streams, 30 % of which nobody measures."""
    network = large_network(11, 10_000, 0.3)
    draw = np.random.default_rng(12)
    held, intervals, squares = 0, 0, []
    for _ in range(300):
        measured = network.true + network.sds * draw.standard_normal(len(network.true))
        found = reconcile_network(network.nodes, network.tails, network.heads, measured, network.sds)
        seen = found.classes != VariableClass.UNOBSERVABLE
        inside = np.abs(found.values[seen] - network.true[seen]) <= 1.959964 * found.sds[seen]
        held, intervals = held + int(np.count_nonzero(inside)), intervals + inside.size
        squares.append(found.chi2)
    assert found.redundancy > 1_000
    assert np.count_nonzero(found.classes == VariableClass.OBSERVABLE) > 100
    assert 0.945 <= held / intervals <= 0.955
    expected, spread = found.redundancy, np.sqrt(2.0 * found.redundancy / 300)
    assert np.mean(squares) == pytest.approx(expected, abs=4.0 * spread)


def test_streams_that_end_in_the_environment_are_no_nodes_of_their_own() -> None:
    network = large_network(7, 400)
    assert np.count_nonzero(network.tails == OUTSIDE) == np.count_nonzero(network.heads == OUTSIDE) == 10
