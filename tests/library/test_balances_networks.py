"""Networks of flows: classes, values and intervals, held against dense linear algebra on random networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from openrecp.balances.general import reconcile_linear, smallest_additions
from openrecp.balances.networks import (
    ContradictoryFlows,
    cheapest_additions,
    network_covariance,
    reconcile_network,
)
from openrecp.balances.problems import LinearProblem, VariableClass

R, J, O, U, F = (int(each) for each in VariableClass)  # noqa: E741


def incidence(nodes: int, tails: Any, heads: Any) -> Any:
    matrix = np.zeros((nodes, len(tails)))
    for stream, (tail, head) in enumerate(zip(tails, heads, strict=True)):
        if head >= 0:
            matrix[head, stream] += 1
        if tail >= 0:
            matrix[tail, stream] -= 1
    return matrix


def dense_solution(nodes: int, tails: Any, heads: Any, measured: Any, sds: Any) -> dict[str, Any]:
    """Projection of the unmeasured streams by singular values, then least squares: slow and obvious."""
    matrix = incidence(nodes, tails, heads)
    open_, fixed = np.isnan(measured), sds == 0
    known = ~open_ & ~fixed
    left, sizes, right = np.linalg.svd(matrix[:, open_])
    rank = int((sizes > 1e-9).sum())
    projected = left[:, rank:].T @ matrix
    constants = -projected[:, fixed] @ measured[fixed]
    rows, sizes, columns = np.linalg.svd(projected[:, known], full_matrices=False)
    redundancy = int((sizes > 1e-9).sum())
    balances = np.diag(sizes[:redundancy]) @ columns[:redundancy]
    gap = balances @ measured[known] - rows[:, :redundancy].T @ constants
    covariance = np.diag(sds[known] ** 2)
    weight = np.linalg.inv(balances @ covariance @ balances.T)
    values, classes = np.where(fixed, measured, np.nan), np.full(measured.size, U)
    spread = np.where(fixed, 0.0, np.nan)
    values[known] = measured[known] - covariance @ balances.T @ weight @ gap
    after = covariance - covariance @ balances.T @ weight @ balances @ covariance
    spread[known] = np.diag(after)
    classes[known] = np.where((np.abs(balances) > 1e-9).any(axis=0), R, J)
    classes[fixed] = F
    inverse = np.linalg.pinv(matrix[:, open_])
    ours = -inverse @ matrix[:, ~open_] @ values[~open_]
    share = inverse @ matrix[:, known]
    seen = (np.abs(right[rank:]) < 1e-9).all(axis=0)
    places = np.flatnonzero(open_)[seen]
    values[places], classes[places] = ours[seen], O
    spread[places] = np.diag(share @ after @ share.T)[seen]
    return {
        "values": values,
        "sds": np.sqrt(np.maximum(spread, 0.0)),
        "classes": classes,
        "chi2": float(gap @ weight @ gap),
        "redundancy": redundancy,
    }


def random_network(seed: int, nodes: int, density: float, unmeasured: float, fixed: float) -> tuple[Any, ...]:
    source = np.random.default_rng(seed)
    streams = max(int(density * nodes), 1)
    tails, heads = source.integers(-1, nodes, streams), source.integers(-1, nodes, streams)
    measured, sds = source.uniform(1, 100, streams), source.uniform(0.1, 5, streams)
    sds[source.random(streams) < fixed] = 0.0
    hidden = source.random(streams) < unmeasured
    measured[hidden], sds[hidden] = np.nan, np.nan
    return nodes, tails, heads, measured, sds


def agree(network: tuple[Any, ...]) -> None:
    found, expected = reconcile_network(*network), dense_solution(*network)
    assert found.classes.tolist() == expected["classes"].tolist()
    assert found.redundancy == expected["redundancy"]
    assert found.values == pytest.approx(expected["values"], rel=1e-9, abs=1e-8, nan_ok=True)
    assert found.sds == pytest.approx(expected["sds"], rel=1e-7, abs=2e-5, nan_ok=True)
    assert found.chi2 == pytest.approx(expected["chi2"], rel=1e-9, abs=1e-9)


@given(
    st.integers(0, 2**32 - 1), st.integers(1, 14), st.floats(0.5, 3.5), st.sampled_from([0.0, 0.25, 0.5, 0.8])
)
def test_random_networks_agree_with_dense_linear_algebra(
    seed: int, nodes: int, density: float, unmeasured: float
) -> None:
    agree(random_network(seed, nodes, density, unmeasured, fixed=0.0))


@given(st.integers(0, 2**32 - 1), st.integers(2, 14), st.floats(1.5, 3.5))
def test_exactly_known_flows_are_taken_as_they_are(seed: int, nodes: int, density: float) -> None:
    network = random_network(seed, nodes, density, unmeasured=0.2, fixed=0.15)
    try:
        agree(network)
    except ContradictoryFlows as error:
        refused = error.nodes
        tails, heads, sds = network[1], network[2], network[4]
        beside = np.isin(tails, refused) | np.isin(heads, refused)
        assert (sds[beside] == 0).any()


@pytest.mark.parametrize("unmeasured", [0.0, 0.3, 0.5])
def test_networks_too_large_for_the_dense_way_within_the_factor_agree_too(unmeasured: float) -> None:
    agree(random_network(seed=11, nodes=260, density=2.5, unmeasured=unmeasured, fixed=0.0))


def test_a_splitter_is_reconciled_as_published() -> None:
    """Rao and Narasimhan (1996), Industrial and Engineering Chemistry Research 35:1362, their first three streams."""
    found = reconcile_network(1, [-1, 0, 0], [0, -1, -1], [9.22, 4.83, 3.22], [0.2766, 0.1449, 0.0966])
    assert found.values == pytest.approx([8.38213098444304, 5.059936835383642, 3.322194149059397], rel=1e-12)
    assert found.sds == pytest.approx([0.147371648400403, 0.129883496793261, 0.092284835761114], rel=1e-12)
    assert found.z == pytest.approx([3.579553191531395] + [-3.579553191531395] * 2, rel=1e-12)
    assert found.leak_z[0] == pytest.approx(3.579553191531395, rel=1e-12)
    assert found.imbalances[0] / found.imbalance_sds[0] == pytest.approx(3.579553191531397, rel=1e-12)


def test_a_recycle_nobody_measures_stays_unobservable_and_spoils_nothing_else() -> None:
    tails, heads = [-1, 0, 1, 1], [0, 1, 0, -1]
    found = reconcile_network(2, tails, heads, [10.0, np.nan, np.nan, 11.0], [1.0, np.nan, np.nan, 1.0])
    assert found.classes.tolist() == [R, U, U, R]
    assert found.values[[0, 3]].tolist() == [10.5, 10.5]
    assert np.isnan(found.sds[[1, 2]]).all()


def test_a_loss_is_computed_with_its_interval() -> None:
    """feed - product - waste - loss = 0 in closed form: 30 with the root of 10² + 5² + 2²."""
    found = reconcile_network(
        1, [-1, 0, 0, 0], [0, -1, -1, -1], [1000.0, 930.0, 40.0, np.nan], [10.0, 5.0, 2.0, np.nan]
    )
    assert found.classes.tolist() == [J, J, J, O]
    assert found.values[3] == pytest.approx(30.0)
    assert found.sds[3] == pytest.approx(129.0**0.5, rel=1e-12)


def test_a_stream_that_alone_enters_must_be_nothing() -> None:
    found = reconcile_network(1, [-1], [0], [3.0], [1.0])
    assert found.values.tolist() == [0.0]
    assert found.sds.tolist() == [0.0]
    assert found.classes.tolist() == [R]


def test_a_part_without_the_environment_is_solved_and_counted_once() -> None:
    found = reconcile_network(2, [0, 1], [1, 0], [10.0, 12.0], [1.0, 1.0])
    assert found.redundancy == 1
    assert found.values == pytest.approx([11.0, 11.0])


def test_exactly_known_flows_that_contradict_each_other_are_named_by_their_nodes() -> None:
    with pytest.raises(ContradictoryFlows) as refused:
        reconcile_network(2, [-1, 0, 1], [0, -1, -1], [5.0, 4.0, np.nan], [0.0, 0.0, np.nan])
    assert refused.value.nodes.tolist() == [0]


def test_streams_past_the_drawing_and_round_a_node_are_in_no_balance() -> None:
    found = reconcile_network(
        1,
        [-1, -1, 0, 0, -1],
        [-1, -1, 0, 0, 0],
        [4.0, np.nan, 5.0, np.nan, np.nan],
        [1.0, np.nan, 1.0, np.nan, np.nan],
    )
    assert found.classes.tolist() == [J, U, J, U, O]
    assert found.values[4] == 0.0


def test_a_long_chain_of_unmeasured_streams_is_computed_from_its_end() -> None:
    """Each stream of the chain is the sum of what entered before it, and so are the variances."""
    length = 300
    tails = np.concatenate([np.arange(length) - 1, np.full(length, -1)])
    heads = np.concatenate([np.arange(length), np.arange(length)])
    measured = np.concatenate([np.full(length, np.nan), np.ones(length)])
    sds = np.concatenate([np.full(length, np.nan), np.full(length, 0.1)])
    tails = np.append(tails, length - 1)
    heads = np.append(heads, -1)
    found = reconcile_network(length, tails, heads, np.append(measured, np.nan), np.append(sds, np.nan))
    assert found.classes[-1] == U
    tails[0] = heads[0] = -1  # nothing comes from outside at the beginning of the chain
    found = reconcile_network(length, tails, heads, np.append(measured, np.nan), np.append(sds, np.nan))
    assert found.values[-1] == pytest.approx(length)
    assert found.sds[-1] == pytest.approx(0.1 * length**0.5)
    assert found.sds[100] == pytest.approx(0.1 * 100**0.5)


def test_more_than_fits_is_refused() -> None:
    with pytest.raises(ValueError, match="outside 0 to 0"):
        reconcile_network(1, [-1], [1], [3.0], [1.0])
    with pytest.raises(ValueError, match="one entry"):
        reconcile_network(1, [-1], [0, 0], [3.0], [1.0])
    with pytest.raises(ValueError, match="finite"):
        reconcile_network(1, [-1], [0], [3.0], [-1.0])


def test_coverage_of_the_intervals_is_what_they_say() -> None:
    """In 400 replicates of a network of 60 streams, of which a third is unmeasured."""
    nodes, tails, heads, _, _ = random_network(3, 25, 2.4, 0.0, 0.0)
    source = np.random.default_rng(8)
    kernel = np.linalg.svd(incidence(nodes, tails, heads))[2][nodes:]
    truth = source.uniform(5, 50, kernel.shape[0]) @ kernel
    hidden = source.random(tails.size) < 0.33
    sds = source.uniform(0.5, 3.0, tails.size)
    inside, counted = 0, 0
    for _ in range(400):
        measured = np.where(hidden, np.nan, truth + sds * source.standard_normal(tails.size))
        found = reconcile_network(nodes, tails, heads, measured, np.where(hidden, np.nan, sds))
        known = found.sds > 0
        inside += int((np.abs(found.values - truth)[known] <= 1.959964 * found.sds[known]).sum())
        counted += int(known.sum())
    assert inside / counted == pytest.approx(0.95, abs=0.012)


@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.floats(0.8, 3.0))
def test_the_cheapest_additions_make_everything_known_and_none_of_them_can_be_spared(
    seed: int, nodes: int, density: float
) -> None:
    nodes, tails, heads, measured, sds = random_network(seed, nodes, density, 0.7, 0.0)
    costs = np.random.default_rng(seed).integers(1, 50, tails.size).astype(float)
    known = ~np.isnan(measured)
    chosen = cheapest_additions(nodes, tails, heads, known, costs)
    assert not known[chosen].any()

    def unknown(with_: Any) -> int:
        now = known.copy()
        now[with_] = True
        found = reconcile_network(
            nodes,
            tails,
            heads,
            np.where(now, np.nan_to_num(measured, nan=1.0), np.nan),
            np.where(now, 1.0, np.nan),
        )
        return int((found.classes == U).sum())

    assert unknown(chosen) == 0
    matrix = incidence(nodes, tails, heads)[:, ~known]
    assert chosen.size == matrix.shape[1] - np.linalg.matrix_rank(matrix)
    asked = LinearProblem(sp.csr_array(incidence(nodes, tails, heads)), np.zeros(nodes), measured, sds)
    assert costs[chosen].sum() == pytest.approx(smallest_additions(asked, costs).cost)


@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.floats(0.8, 3.0), st.sampled_from([0.0, 0.3, 0.6]))
def test_the_whole_covariance_is_that_of_the_dense_way(
    seed: int, nodes: int, density: float, unmeasured: float
) -> None:
    network = random_network(seed, nodes, density, unmeasured, 0.1)
    nodes, tails, heads, measured, sds = network
    try:
        found = reconcile_network(*network)
    except ContradictoryFlows:
        return
    asked = LinearProblem(sp.csr_array(incidence(nodes, tails, heads)), np.zeros(nodes), measured, sds)
    expected = reconcile_linear(asked).covariance
    assert network_covariance(found) == pytest.approx(expected, rel=1e-8, abs=1e-9, nan_ok=True)
