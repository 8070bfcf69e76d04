"""Networks wired at random: told before they are factored, solved by iteration, intervals by simulation."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from test_balances_factors import laplacian, whole
from test_balances_networks import random_network

from openrecp.balances.factors import Iteration, NotSolved, fills_in
from openrecp.balances.factors import fill as fill_module
from openrecp.balances.networks import eliminate_errors, network, reconcile_network


def symbolic_entries(graph: np.ndarray) -> int:
    """Entries of the factor in the given order, by eliminating node after node."""
    links = (graph != 0).copy()
    count = 0
    for node in range(links.shape[0]):
        later = np.flatnonzero(links[node, node + 1 :]) + node + 1
        count += later.size
        links[np.ix_(later, later)] = True
    return count


@pytest.mark.parametrize("seed", range(5))
def test_entries_are_counted_as_elimination_would_make_them(seed: int) -> None:
    graph = whole(laplacian(60, 90, seed))
    order = np.random.default_rng(seed).permutation(60)
    permuted = graph[order][:, order]
    counted = fill_module.factor_entries(sp.csr_matrix(graph), order, enough=10**9)
    assert counted == symbolic_entries(permuted)


def test_random_wiring_is_told_from_a_plant_of_the_same_size() -> None:
    wired = laplacian(6_000, 15_000, seed=1)
    plant = laplacian(6_000, 15_000, seed=1, reach=20)
    assert fills_in(wired, largest=200_000)
    assert not fills_in(plant, largest=200_000)
    assert not fills_in(laplacian(200, 600, seed=1), largest=10)


def test_iteration_solves_what_a_factor_would() -> None:
    upper = laplacian(400, 900, seed=2)
    right = np.random.default_rng(2).standard_normal((400, 3))
    right[:, 1] = 0.0
    found = Iteration(upper).solve(right)
    assert whole(upper) @ found == pytest.approx(right, abs=1e-8)
    assert found[:, 1].tolist() == [0.0] * 400


def test_iteration_that_does_not_end_says_so() -> None:
    with pytest.raises(NotSolved):
        Iteration(sp.csc_array(np.array([[1.0, 2.0], [0.0, 1.0]]))).solve(np.array([1.0, -1.0]) * np.nan)


def test_intervals_by_simulation_are_those_of_the_factor_within_their_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant = random_network(seed=6, nodes=60, density=2.6, unmeasured=0.25, fixed=0.05)
    exact = reconcile_network(*plant)
    monkeypatch.setattr(network, "fills_in", lambda _: True)
    found = reconcile_network(*plant)
    assert exact.sampling_error == 0.0
    assert found.sampling_error == pytest.approx(1 / 800**0.5)
    assert found.classes.tolist() == exact.classes.tolist()
    assert found.values == pytest.approx(exact.values, rel=1e-8, abs=1e-7, nan_ok=True)
    assert found.chi2 == pytest.approx(exact.chi2, rel=1e-8)
    uncertain = exact.sds > 1e-6
    ratio = found.sds[uncertain] / exact.sds[uncertain]
    assert np.abs(ratio - 1.0).max() < 5.0 * found.sampling_error
    assert abs(ratio.mean() - 1.0) < 2.0 * found.sampling_error
    (first, *_) = eliminate_errors(found, critical=3.0)
    (best, *_) = eliminate_errors(exact, critical=3.0)
    assert first.streams.tolist() == best.streams.tolist()
