"""Gross errors in networks, one after the other by updates of rank one, held against reconciling anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from test_balances_networks import incidence, random_network

from openrecp.balances.networks import eliminate_errors, reconcile_network


def network_with_truth(seed: int, nodes: int = 30, density: float = 2.5) -> tuple[Any, ...]:
    nodes, tails, heads, _, _ = random_network(seed, nodes, density, 0.0, 0.0)
    apart = tails != heads
    tails, heads = tails[apart], heads[apart]
    source = np.random.default_rng(seed)
    _, sizes, right = np.linalg.svd(incidence(nodes, tails, heads))
    kernel = right[int((sizes > 1e-9).sum()) :]
    truth = source.uniform(5, 50, kernel.shape[0]) @ kernel
    sds = source.uniform(0.5, 1.5, tails.size)
    return nodes, tails, heads, truth + sds * source.standard_normal(tails.size), sds


def test_a_planted_error_is_found_with_its_size_and_what_chi_square_becomes() -> None:
    nodes, tails, heads, measured, sds = network_with_truth(5)
    clean = reconcile_network(nodes, tails, heads, measured, sds)
    place = int(np.nanargmax(clean.shares))
    measured[place] += 30.0 * sds[place]
    found = reconcile_network(nodes, tails, heads, measured, sds)
    (step, *_) = eliminate_errors(found, critical=3.8)
    assert step.streams.tolist() == [place]
    assert step.z == pytest.approx(float(np.nanmax(np.abs(found.z))))
    assert abs(step.sizes[0] - 30.0 * sds[place]) < 3.0 * step.sds[0]
    without = np.where(np.arange(tails.size) == place, np.nan, measured)
    again = reconcile_network(nodes, tails, heads, without, np.where(np.isnan(without), np.nan, sds))
    assert step.chi2_after == pytest.approx(again.chi2, rel=1e-9)
    assert step.redundancy_after == again.redundancy
    assert step.sizes[0] == pytest.approx(measured[place] - again.values[place], rel=1e-9)
    assert step.sds[0] == pytest.approx(float(np.hypot(again.sds[place], sds[place])), rel=1e-9)


def test_several_errors_are_found_one_after_the_other() -> None:
    nodes, tails, heads, measured, sds = network_with_truth(12, nodes=150)
    shares = reconcile_network(nodes, tails, heads, measured, sds).shares
    places = np.flatnonzero(shares > 0.6)[::12][:5]
    measured[places] += 25.0 * sds[places]
    steps = eliminate_errors(reconcile_network(nodes, tails, heads, measured, sds), critical=4.2)
    assert {int(each) for step in steps for each in step.streams} >= set(places.tolist())
    hidden = measured.copy()
    hidden[[int(step.streams[0]) for step in steps]] = np.nan
    again = reconcile_network(nodes, tails, heads, hidden, np.where(np.isnan(hidden), np.nan, sds))
    assert steps[-1].chi2_after == pytest.approx(again.chi2, rel=1e-8)


def test_a_leak_is_told_from_a_bias_where_the_node_has_several_neighbours() -> None:
    """A node with three meters: what it loses moves no single meter's balance the way a bias would."""
    tails, heads = [-1, 0, 0, 1, 2], [0, 1, 2, -1, -1]
    flows, sds = np.array([100.0, 60.0, 30.0, 60.0, 30.0]), np.ones(5)
    found = reconcile_network(3, tails, heads, flows, sds)
    (step,) = eliminate_errors(found, critical=2.5)
    assert step.groups.tolist() == [0]
    assert step.streams.tolist() == [0]  # a leak beside the meter of the only inlet does what its bias does
    assert step.sizes.tolist() == pytest.approx([10.0, 10.0])
    tails, heads = [-1, -1, 0, 0, 1, 2], [0, 0, 1, 2, -1, -1]
    found = reconcile_network(3, tails, heads, np.array([50.0, 50.0, 60.0, 30.0, 60.0, 30.0]), np.ones(6))
    (step,) = eliminate_errors(found, critical=2.5)
    assert step.groups.tolist() == [0]
    assert step.streams.tolist() == [0, 1]


def test_parallel_meters_are_named_as_a_set() -> None:
    tails, heads = [-1, 0, 0, 0], [0, 1, 1, -1]
    found = reconcile_network(2, [*tails, 1], [*heads, -1], [100.0, 30.0, 55.0, 20.0, 80.0], np.ones(5))
    steps = eliminate_errors(found, critical=2.0)
    assert any(step.streams.tolist()[:2] == [1, 2] for step in steps)


def test_clean_data_name_nothing() -> None:
    found = reconcile_network(*network_with_truth(21))
    assert eliminate_errors(found, critical=4.0) == ()
    assert eliminate_errors(reconcile_network(1, [-1], [0], [np.nan], [np.nan]), critical=2.0) == ()
