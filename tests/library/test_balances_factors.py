"""Sparse factors: solves and entries of the inverse, held against dense linear algebra."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from openrecp.balances.factors import Factor, NotPositiveDefinite, ranges


def laplacian(nodes: int, edges: int, seed: int, reach: int | None = None) -> Any:
    """Upper triangle of a grounded Laplacian: random links within ``reach``, everybody linked to the ground a little."""
    source = np.random.default_rng(seed)
    first = source.integers(0, nodes, edges)
    second = source.integers(0, nodes, edges)
    if reach is not None:
        second = np.clip(first + source.integers(-reach, reach + 1, edges), 0, nodes - 1)
    apart = first != second
    first, second, weight = first[apart], second[apart], source.uniform(0.1, 2.0, int(apart.sum()))
    diagonal = np.bincount(first, weight, nodes) + np.bincount(second, weight, nodes) + 0.01
    rows = np.concatenate([np.minimum(first, second), np.arange(nodes)])
    columns = np.concatenate([np.maximum(first, second), np.arange(nodes)])
    return sp.coo_array((np.concatenate([-weight, diagonal]), (rows, columns)), shape=(nodes, nodes)).tocsc()


def whole(upper: Any) -> Any:
    dense = upper.toarray()
    return dense + np.triu(dense, 1).T


@pytest.mark.parametrize("nodes", [1, 2, 60, 101, 150, 400, 900])
@pytest.mark.parametrize("reach", [None, 3, 40])
def test_entries_of_the_inverse_are_those_of_the_dense_one(nodes: int, reach: int | None) -> None:
    upper = laplacian(nodes, 2 * nodes, seed=nodes, reach=reach)
    entries = upper.tocoo()
    rows, columns = entries.coords
    inverse = np.linalg.inv(whole(upper))
    factor = Factor(upper)
    scale = np.abs(inverse).max()
    assert np.abs(factor.inverse_at(rows, columns) - inverse[rows, columns]).max() < 1e-12 * scale
    assert np.abs(factor.inverse_at(columns, rows) - inverse[rows, columns]).max() < 1e-12 * scale


@given(st.integers(101, 260), st.floats(0.6, 3.0), st.integers(0, 2**32 - 1))
def test_the_trace_of_the_product_with_the_inverse_is_the_number_of_rows(
    nodes: int, density: float, seed: int
) -> None:
    upper = laplacian(nodes, int(density * nodes), seed)
    entries = upper.tocoo()
    rows, columns = entries.coords
    found = Factor(upper).inverse_at(rows, columns)
    twice = np.where(rows == columns, 1.0, 2.0)
    assert float((found * entries.data * twice).sum()) == pytest.approx(nodes, rel=1e-11)


def test_a_wide_separator_is_handled() -> None:
    """A grid, whose last pieces are wider than any piece is cut to, so that fronts are gathered from fronts."""
    side = 60
    place = np.arange(side * side).reshape(side, side)
    first = np.concatenate([place[:, :-1].ravel(), place[:-1].ravel()])
    second = np.concatenate([place[:, 1:].ravel(), place[1:].ravel()])
    count = side * side
    diagonal = np.bincount(first, minlength=count) + np.bincount(second, minlength=count) + 0.1
    rows, columns = np.concatenate([first, np.arange(count)]), np.concatenate([second, np.arange(count)])
    data = np.concatenate([-np.ones(first.size), diagonal])
    upper = sp.coo_array((data, (rows, columns)), shape=(count, count)).tocsc()
    factor = Factor(upper)
    unit = np.zeros(count)
    unit[1234] = 1.0
    column = factor.solve(unit)
    near = np.array([1234, 1235, 1234 + side])
    assert factor.inverse_at(np.full(3, 1234), near) == pytest.approx(column[near], rel=1e-10)


def test_an_explicit_zero_makes_room_for_an_entry() -> None:
    upper = laplacian(300, 300, seed=1, reach=2)
    far = sp.coo_array(([0.0], ([0], [299])), shape=(300, 300)).tocsc()
    joined = sp.coo_array(
        (
            np.append(upper.tocoo().data, far.data),
            (np.append(upper.tocoo().coords[0], 0), np.append(upper.tocoo().coords[1], 299)),
        ),
        shape=(300, 300),
    ).tocsc()
    inverse = np.linalg.inv(whole(upper))
    found = Factor(joined).inverse_at(np.array([0]), np.array([299]))
    assert found[0] == pytest.approx(inverse[0, 299], rel=1e-9, abs=1e-12 * np.abs(inverse).max())


def test_an_entry_outside_the_pattern_is_refused() -> None:
    factor = Factor(laplacian(300, 300, seed=1, reach=1))
    with pytest.raises(ValueError, match="outside the pattern"):
        factor.inverse_at(np.arange(150), np.arange(299, 149, -1))


@pytest.mark.parametrize("nodes", [5, 200])
def test_a_matrix_that_is_not_positive_definite_is_refused(nodes: int) -> None:
    broken = laplacian(nodes, nodes, seed=3).tolil()
    broken[2, 2] = -5.0
    with pytest.raises(NotPositiveDefinite):
        Factor(broken.tocsc())
    with pytest.raises(NotPositiveDefinite):
        Factor(sp.csc_array((nodes, nodes)))


@pytest.mark.parametrize("nodes", [40, 300])
def test_factoring_anew_with_other_values_solves_the_new_matrix(nodes: int) -> None:
    upper = laplacian(nodes, 2 * nodes, seed=5)
    factor = Factor(upper)
    other = upper.copy()
    other.data = other.data * 2.0
    factor.refactor(other)
    right = np.arange(nodes, dtype=float)
    assert whole(other) @ factor.solve(right) == pytest.approx(right, rel=1e-9, abs=1e-9)
    diagonal = np.arange(nodes)
    assert factor.inverse_at(diagonal, diagonal) == pytest.approx(np.diag(np.linalg.inv(whole(other))))


def test_ranges_count_on_from_each_start() -> None:
    assert ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
