"""Flows and compositions together, held against least squares on the kernel of the balances."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_balances_networks import incidence

from openrecp.balances.compositions import IncompleteMeasurements, reconcile_compositions
from openrecp.balances.compositions.local import derivatives, seen_from
from openrecp.balances.problems import VariableClass


def plant(seed: int, nodes: int, components: int, hidden: float) -> tuple[Any, ...]:
    """A plant with true flows: links between processes, each process closed by a stream in and a stream out."""
    source = np.random.default_rng(seed)
    links = nodes + int(source.integers(0, nodes + 1))
    tails, heads = source.integers(-1, nodes, links), source.integers(-1, nodes, links)
    flows = source.uniform(2.0, 50.0, (links, components))
    balance = incidence(nodes, tails, heads) @ flows
    base = source.uniform(1.0, 5.0, (nodes, components))
    tails = np.concatenate([tails, np.full(nodes, -1), np.arange(nodes)])
    heads = np.concatenate([heads, np.arange(nodes), np.full(nodes, -1)])
    flows = np.concatenate([flows, np.maximum(-balance, 0) + base, np.maximum(balance, 0) + base])
    truth = seen_from(flows)
    sds = truth * np.where(np.arange(components + 1) == 0, 0.03, 0.04)
    measured = truth + sds * source.standard_normal(truth.shape)
    missing = source.random(tails.size) < hidden
    measured[missing], sds[missing] = np.nan, np.nan
    return nodes, tails, heads, measured, sds


def solved_freely(nodes: int, tails: Any, heads: Any, measured: Any, sds: Any) -> tuple[Any, Any, float, Any]:
    """Values and standard deviations by least squares over the kernel of the balances, step by step."""
    components = measured.shape[1] - 1
    matrix = incidence(nodes, tails, heads)
    _, sizes, right = np.linalg.svd(matrix)
    kernel = right[int((sizes > 1e-9).sum()) :].T
    given_ = ~np.isnan(measured)

    def flows_of(free: Any) -> Any:
        return (kernel @ free.reshape(kernel.shape[1], components)).reshape(-1, components)

    def gap(free: Any) -> Any:
        return ((seen_from(flows_of(free)) - measured) / sds)[given_]

    def slope(free: Any) -> Any:
        wide = np.einsum("smc,sk->smkc", derivatives(flows_of(free)), kernel)
        return (wide.reshape(*measured.shape, -1) / sds[:, :, None])[given_]

    begin = np.where(given_, measured, 1.0 / components)
    begin = np.where(np.isnan(measured[:, :1]), 20.0, begin[:, :1]) * begin[:, 1:]
    free = (np.linalg.pinv(kernel) @ begin).ravel()
    for _ in range(100):
        free = free - np.linalg.lstsq(slope(free), gap(free), rcond=1e-10)[0]
    _, sizes, right = np.linalg.svd(slope(free), full_matrices=True)
    rank = int((sizes > 1e-9 * sizes[0]).sum())
    root = right[:rank].T / sizes[:rank]
    wide = np.einsum("smc,sk->smkc", derivatives(flows_of(free)), kernel).reshape(*measured.shape, -1)
    spread = np.sqrt((np.matmul(wide, root) ** 2).sum(axis=2))
    unseen = (np.abs(np.matmul(wide, right[rank:].T)) > 1e-7).any(axis=2)
    values = np.where(unseen, np.nan, seen_from(flows_of(free)))
    return values, np.where(unseen, np.nan, spread), float((gap(free) ** 2).sum()), rank


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 4), st.sampled_from([0.0, 0.15, 0.3]))
def test_random_plants_agree_with_an_independent_solver(
    seed: int, nodes: int, components: int, hidden: float
) -> None:
    data = plant(seed, nodes, components, hidden)
    if np.isnan(data[3]).all():
        return
    found = reconcile_compositions(*data)
    values, sds, chi2, rank = solved_freely(*data)
    seen = found.classes[:, 0] != VariableClass.UNOBSERVABLE
    assert found.convergence.converged
    assert found.values[seen] == pytest.approx(values[seen], rel=2e-6, abs=1e-7)
    assert found.sds[seen] == pytest.approx(sds[seen], rel=2e-5, abs=1e-7)
    assert np.isnan(values[~seen][:, 0]).all()
    assert found.chi2 == pytest.approx(chi2, rel=1e-7, abs=1e-9)
    assert found.redundancy == int((~np.isnan(data[3])).sum()) - rank


def test_balances_hold_exactly_at_the_end() -> None:
    nodes, tails, heads, measured, sds = plant(4, 30, 5, 0.2)
    found = reconcile_compositions(nodes, tails, heads, measured, sds)
    known = np.isfinite(found.component_flows[:, 0])
    open_nodes = {
        node
        for stream in np.flatnonzero(~known)
        for node in (int(tails[stream]), int(heads[stream]))
        if node >= 0
    }
    left = incidence(nodes, tails, heads)[:, known] @ found.component_flows[known]
    closed = [node for node in range(nodes) if node not in open_nodes]
    assert len(closed) > 10
    assert np.abs(left[closed]).max() < 1e-10
    assert found.values[known][:, 1:].sum(axis=1) == pytest.approx(np.ones(int(known.sum())))


def test_the_sum_of_the_shares_of_variance_is_the_redundancy() -> None:
    found = reconcile_compositions(*plant(9, 40, 3, 0.1))
    _, _, _, measured, sds = plant(9, 40, 3, 0.1)
    taken = (found.adjustment_sds / sds)[~np.isnan(measured)]
    assert float((taken**2).sum()) == pytest.approx(found.redundancy, rel=1e-9)


def test_a_share_nobody_measured_is_what_the_others_leave() -> None:
    measured = [[100.0, 0.3, np.nan], [60.0, 0.1, 0.9], [40.0, 0.6, 0.4]]
    sds = [[2.0, 0.01, np.nan], [1.0, 0.01, 0.02], [1.0, 0.02, 0.02]]
    found = reconcile_compositions(1, [-1, 0, 0], [0, -1, -1], measured, sds)
    assert found.classes[0].tolist() == [
        VariableClass.REDUNDANT,
        VariableClass.REDUNDANT,
        VariableClass.OBSERVABLE,
    ]
    assert found.values[0, 2] == pytest.approx(1.0 - found.values[0, 1])
    assert found.sds[0, 2] == pytest.approx(found.sds[0, 1])


def test_a_stream_of_which_too_little_is_known_is_named() -> None:
    measured = [[100.0, np.nan, np.nan], [60.0, 0.1, 0.9], [np.nan, 0.6, 0.4]]
    sds = [[2.0, np.nan, np.nan], [1.0, 0.01, 0.02], [np.nan, 0.02, 0.02]]
    with pytest.raises(IncompleteMeasurements) as refused:
        reconcile_compositions(1, [-1, 0, 0], [0, -1, -1], measured, sds)
    assert refused.value.streams.tolist() == [0, 2]


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="flow and the shares"):
        reconcile_compositions(1, [-1], [0], [[1.0]], [[1.0]])
    with pytest.raises(ValueError, match="above zero"):
        reconcile_compositions(1, [-1], [0], [[1.0, 1.0]], [[0.0, 1.0]])
