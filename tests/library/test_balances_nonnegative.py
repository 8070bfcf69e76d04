"""Networks whose flows may not be negative, held against a general solver for quadratic problems."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, minimize
from test_balances_networks import incidence, random_network

from openrecp.balances.networks import ContradictoryFlows, Unsettled, reconcile_nonnegative


@given(st.integers(0, 2**32 - 1), st.integers(1, 7), st.floats(1.0, 3.0), st.sampled_from([0.0, 0.25]))
def test_random_networks_satisfy_the_conditions_of_the_best_nonnegative_flows(
    seed: int, nodes: int, density: float, unmeasured: float
) -> None:
    nodes, tails, heads, measured, sds = random_network(seed, nodes, density, unmeasured, 0.0)
    measured = measured * np.where(np.random.default_rng(seed).random(measured.size) < 0.4, 0.02, 1.0)
    try:
        found, held = reconcile_nonnegative(nodes, tails, heads, measured, sds)
    except (Unsettled, ContradictoryFlows):
        assume(False)
    known = ~np.isnan(measured)
    weight = np.where(known, 1.0 / np.where(known, sds, 1.0) ** 2, 0.0)
    target = np.where(known, measured, 0.0)
    solve: Any = minimize
    peer = solve(
        lambda x: float((weight * (x - target) ** 2).sum()),
        np.full(measured.size, 10.0),
        jac=lambda x: 2.0 * weight * (x - target),
        bounds=[(0.0, None)] * measured.size,
        constraints=[LinearConstraint(incidence(nodes, tails, heads), 0.0, 0.0)],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    assume(peer.success)
    best = float((weight[known] * (found.values[known] - measured[known]) ** 2).sum())
    assert (found.values[~np.isnan(found.values)] > -1e-6).all()
    assert best <= peer.fun * (1.0 + 1e-6) + 1e-6
    assert (found.values[held] == 0.0).all()


def test_a_flow_that_would_run_backwards_is_held_at_nothing_and_the_rest_found_anew() -> None:
    """Cutting the third stream off at 0 would leave 9.25 in and 9.75 out; held at 0, both are the weighted mean."""
    tails, heads = [-1, 0, 0], [0, -1, -1]
    found, held = reconcile_nonnegative(1, tails, heads, [9.0, 10.0, 0.1], [1.0, 1.0, 1.0])
    assert held.tolist() == [False, False, True]
    assert found.values.tolist() == pytest.approx([9.5, 9.5, 0.0])
    assert found.sds.tolist() == pytest.approx([0.5**0.5, 0.5**0.5, 0.0])


def test_a_computed_loss_that_would_be_negative_is_held_too() -> None:
    found, held = reconcile_nonnegative(1, [-1, 0, 0], [0, -1, -1], [9.0, 10.0, np.nan], [1.0, 1.0, np.nan])
    assert held.tolist() == [False, False, True]
    assert found.values.tolist() == pytest.approx([9.5, 9.5, 0.0])
