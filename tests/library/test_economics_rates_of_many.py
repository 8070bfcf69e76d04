"""Many cash flows at once: the same answers as one by one, whatever they look like."""

from __future__ import annotations

import itertools
import math
import os
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from economics_sample import published
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from openrecp.economics.profitability import (
    InternalRates,
    RootCount,
    internal_rate_of_return,
    internal_rates_of_return,
    net_present_value,
)
from openrecp.economics.profitability.ordinary_rows import Block, whole_pieces
from openrecp.economics.profitability.rows import shared_out

NAN = math.nan


def table(*rows: list[float]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Rows of different lengths as a table, with years without flows at the end."""
    width = max(map(len, rows))
    return np.array([row + [0.0] * (width - len(row)) for row in rows])


def assert_as_one_by_one(found: InternalRates, flows: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    for row, flow in enumerate(flows):
        alone = internal_rate_of_return(flow.tolist())
        assert found.count(row) is alone.count, flow
        assert found.sign_changes[row] == alone.sign_changes, flow
        if alone.value is None:
            assert math.isnan(found.value[row])
        else:
            assert found.value[row] == pytest.approx(alone.value, abs=1e-12 * (1 + alone.value)), flow


SEVERAL_RATES = published("economics_several_rates")
ISSUE_44 = published("economics_numpy_financial")["issue_44"]


@pytest.mark.parametrize("repeated", [1, 40])
def test_each_row_has_its_own_answer(repeated: int) -> None:
    cases = [
        ([-100.0, 110.0], RootCount.ONE, 0.10),
        ([-100.0, 230.0, -132.0], RootCount.SEVERAL, NAN),
        ([-1000.0, 3000.0, -2500.0], RootCount.NONE, NAN),
        ([1.0, 2.0, 3.0], RootCount.NO_SIGN_CHANGE, NAN),
        ([0.0, 0.0, 0.0], RootCount.NO_SIGN_CHANGE, NAN),
        ([0.0, -100.0, 0.0, 121.0], RootCount.ONE, 0.10),
        ([100.0, -50.0], RootCount.ONE, -0.5),
        ([-1.0, 3.0, -3.0, 1.0], RootCount.ONE, 0.0),  # three times the same rate
        ([-100.0, 1e9], RootCount.ONE, 1e7 - 1),
        ([-1e9, 100.0], RootCount.ONE, 1e-7 - 1),
    ]
    flows = table(*[flow for flow, _, _ in cases] * repeated)
    found = internal_rates_of_return(flows)
    for row, (_, count, value) in enumerate(cases * repeated):
        assert found.count(row) is count
        assert found.value[row] == pytest.approx(value, rel=1e-12, abs=1e-14, nan_ok=True)
    assert found.having(RootCount.SEVERAL).sum() == repeated


def test_all_rates_of_a_row_are_found_when_asked_for() -> None:
    found = internal_rates_of_return(table([-100.0, 230.0, -132.0], [-100.0, 60.0, 60.0]))
    assert list(found.roots_of(0).roots) == pytest.approx([0.10, 0.20])
    assert "several rates" in str(found.roots_of(0).reason)
    assert found.roots_of(1).value == pytest.approx(found.value[1], abs=1e-12)


@pytest.mark.parametrize("case", SEVERAL_RATES["several"], ids=lambda case: str(case["name"]))
def test_published_flows_with_several_rates(case: dict[str, Any]) -> None:
    found = internal_rates_of_return(table(*[list(map(float, case["flows"]))] * 20))
    assert found.having(RootCount.SEVERAL).all()
    assert list(found.roots_of(7).roots) == pytest.approx(case["rates"], abs=1e-9)


def test_the_flow_of_issue_44_of_numpy_financial_has_two_rates() -> None:
    alone = internal_rate_of_return(ISSUE_44["flows"])
    assert alone.count is RootCount.SEVERAL
    # As the corrected development version is quoted to have returned, in the thread of the issue.
    assert alone.roots[-1] == pytest.approx(1.004269848720547, abs=1e-12)
    assert net_present_value(alone.roots[-1], ISSUE_44["flows"]) == pytest.approx(0.0, abs=1e-9)
    found = internal_rates_of_return(table(*[ISSUE_44["flows"]] * 20))
    assert found.having(RootCount.SEVERAL).all()


def test_a_rate_of_numpy_financial_is_one_of_several_and_not_singled_out() -> None:
    npf = pytest.importorskip("numpy_financial", reason="the peer numpy-financial is not installed")
    returned = float(npf.irr(ISSUE_44["flows"]))
    assert returned == pytest.approx(-0.99979, abs=1e-5)
    assert abs(float(npf.npv(returned, ISSUE_44["flows"]))) > 1e12
    assert returned == pytest.approx(internal_rate_of_return(ISSUE_44["flows"]).roots[0], abs=1e-9)


def test_peers_give_each_another_of_the_two_rates_of_a_flow() -> None:
    npf = pytest.importorskip("numpy_financial", reason="the peer numpy-financial is not installed")
    pyxirr = pytest.importorskip("pyxirr", reason="the peer pyxirr is not installed")
    flow = [-100.0, 230.0, -132.0]
    answers = {round(float(npf.irr(flow)), 6), round(pyxirr.irr(flow), 6)}
    assert answers == {0.10, 0.20}
    assert set(np.round(internal_rate_of_return(flow).roots, 6)) == answers


MADE: dict[str, Callable[[np.random.Generator, int, int], Any]] = {
    "projects": lambda r, n, p: np.hstack([-r.uniform(0.1, 2 * p, (n, 1)), r.uniform(0, 1, (n, p - 1))]),
    "loans": lambda r, n, p: np.hstack([r.uniform(0.1, 2 * p, (n, 1)), -r.uniform(0, 1, (n, p - 1))]),
    "far rates": lambda r, n, p: np.hstack([-(10 ** r.uniform(-8, 8, (n, 1))), r.uniform(0, 1, (n, p - 1))]),
    "any signs": lambda r, n, p: r.normal(size=(n, p)),
    "whole numbers": lambda r, n, p: r.integers(-3, 4, size=(n, p)).astype(float),
    "dismantled": lambda r, n, p: np.hstack(
        [-r.uniform(1, p, (n, 1)), r.uniform(0, 1, (n, p - 2)), -np.ones((n, 1))]
    ),
    "sizes far apart": lambda r, n, p: (
        np.hstack([-np.ones((n, 1)), np.ones((n, p - 1))]) * 10.0 ** r.uniform(-90, 90, (n, p))
    ),
    "all sizes": lambda r, n, p: (
        np.hstack([-np.ones((n, 1)) * p, r.uniform(0, 2, (n, p - 1))]) * 10.0 ** r.uniform(-300, 300, (n, 1))
    ),
}


@pytest.mark.parametrize("periods", [2, 3, 10, 60])
@pytest.mark.parametrize("kind", MADE)
def test_many_are_as_one_by_one(kind: str, periods: int) -> None:
    rows = 200 if periods < 60 else 40
    flows = MADE[kind](np.random.default_rng(1988), rows, periods)
    assert_as_one_by_one(internal_rates_of_return(flows), flows)


plain_amounts = st.one_of(
    st.just(0.0), st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda x: round(x, 2))
)


@given(
    arrays.arrays(np.float64, st.tuples(st.integers(7, 12), st.integers(1, 12)), elements=plain_amounts),
    st.integers(-6, 12),
)
def test_any_rows_are_as_one_by_one_at_any_scale(flows: Any, size: int) -> None:
    assert_as_one_by_one(internal_rates_of_return(flows * 10.0**size), flows * 10.0**size)


@given(
    st.lists(st.floats(-0.9, 9.0), min_size=1, max_size=4),
    st.integers(0, 3),
    st.integers(0, 3),
)
@example([0.1, 0.1], 0, 0)
@example([-0.5, 0.0, 0.5], 2, 1)
def test_rates_put_in_come_out_however_many_times(rates: list[float], before: int, after: int) -> None:
    flow = np.array([-1000.0])
    for rate in rates:
        flow = np.convolve(flow, [1.0, -(1.0 + rate)])
    flows = np.array([[*[0.0] * before, *flow, *[0.0] * after]] * 8)
    found = internal_rates_of_return(flows)
    assert_as_one_by_one(found, flows)
    apart = sorted(rates)
    if all(b - a > 0.05 for a, b in itertools.pairwise(apart)):
        assert list(found.roots_of(0).roots) == pytest.approx(apart, rel=1e-6, abs=1e-6)
        assert (found.count(0) is RootCount.ONE) == (len(rates) == 1)


@given(
    arrays.arrays(
        np.float64, st.tuples(st.integers(7, 20), st.integers(2, 30)), elements=st.floats(0.01, 1.0)
    )
)
def test_the_rate_makes_the_present_value_zero(flows: Any) -> None:
    flows[:, 0] *= -flows.shape[1] / 2
    found = internal_rates_of_return(flows)
    assert found.having(RootCount.ONE).all()
    terms = flows / (1.0 + found.value[:, None]) ** np.arange(flows.shape[1])
    assert (np.abs(terms.sum(axis=1)) <= 1e-14 * np.abs(terms).sum(axis=1)).all()


def test_rates_agree_with_pyxirr() -> None:
    pyxirr = pytest.importorskip("pyxirr", reason="the peer pyxirr is not installed")
    source = np.random.default_rng(7)
    flows = np.hstack([-source.uniform(1e4, 1e6, (500, 1)), source.uniform(5e4, 4e5, (500, 9))])
    theirs = [pyxirr.irr(flow) for flow in flows]
    assert internal_rates_of_return(flows).value == pytest.approx(np.array(theirs), abs=1e-9)


def test_shape_and_order_of_the_table_change_nothing() -> None:
    flows = MADE["projects"](np.random.default_rng(5), 50, 8)
    expected = internal_rates_of_return(flows).value
    for same in (np.asfortranarray(flows), list(flows.T), np.repeat(flows, 2, axis=0)[::2]):
        assert np.array_equal(internal_rates_of_return(same).value, expected)


def test_a_year_may_be_the_same_number_for_all_rows() -> None:
    inflow = np.array([110.0, 120.0, 130.0] * 5)
    found = internal_rates_of_return([-100.0, inflow])
    assert found.value == pytest.approx(np.array([0.1, 0.2, 0.3] * 5))
    assert found.roots_of(1).value == pytest.approx(0.2)
    assert internal_rates_of_return([-100.0, 110.0]).value == pytest.approx(np.array([0.1]))


def test_many_rows_in_two_threads_are_as_few() -> None:
    few = MADE["projects"](np.random.default_rng(3), 1_000, 6)
    few[::7, -1] = -2.0
    many = np.tile(few, (120, 1))
    assert np.array_equal(
        internal_rates_of_return(many).value,
        np.tile(internal_rates_of_return(few).value, 120),
        equal_nan=True,
    )
    assert np.array_equal(
        net_present_value(0.1, list(many.T)), np.tile(net_present_value(0.1, list(few.T)), 120)
    )


def test_a_mistake_in_a_thread_is_not_lost() -> None:
    flows = MADE["projects"](np.random.default_rng(3), 120_000, 3)
    flows[110_000, 2] = NAN
    with pytest.raises(ValueError, match="finite"):
        internal_rates_of_return(flows)


@pytest.mark.parametrize("rows", [1, 3, 20, 100_000])
def test_all_rows_are_shared_out_once(rows: int) -> None:
    seen: list[int] = []
    shared_out(lambda start, stop: seen.extend(range(start, stop)), rows)
    assert sorted(seen) == list(range(rows))


@given(st.integers(2, 700), st.integers(1, 48_000))
@example(7, 48_000)
def test_blocks_divide_into_pieces_almost_whole(periods: int, rows: int) -> None:
    rows = min(rows, 480_000 // periods)
    whole = whole_pieces(periods, rows)
    assert rows - 20 <= whole <= rows
    assert Block(periods, whole).flows.shape == (periods, whole)


@pytest.mark.parametrize("wrong", [NAN, math.inf, -math.inf])
@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_flows_that_are_no_numbers_are_refused(wrong: float, rows: int, place: int) -> None:
    flows = table(*[[-100.0, 60.0, 60.0]] * rows)
    flows[-1, place] = wrong
    with pytest.raises(ValueError, match="finite"):
        internal_rates_of_return(flows)
    flows = table(*[[100.0, 60.0, 60.0]] * rows)  # no change of sign
    flows[-1, place] = wrong
    with pytest.raises(ValueError, match="finite"):
        internal_rates_of_return(flows)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="two dimensions"):
        internal_rates_of_return(np.zeros((2, 2, 2)))
    with pytest.raises(ValueError, match="different numbers of rows"):
        internal_rates_of_return([np.zeros(2), np.zeros(3)])
    with pytest.raises(ValueError, match="rows as a table"):
        internal_rates_of_return([[-100.0, 110.0], [-100.0, 120.0]])


@pytest.mark.parametrize("flows", [np.zeros((0, 5)), np.zeros((4, 0)), np.zeros((9, 1))])
def test_nothing_has_no_rate(flows: Any) -> None:
    found = internal_rates_of_return(flows)
    assert found.value.shape == (len(flows),)
    assert found.having(RootCount.NO_SIGN_CHANGE).all()


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two processors")
def test_nothing_is_said_on_the_way() -> None:
    flows = MADE["all sizes"](np.random.default_rng(2), 120_000, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert internal_rates_of_return(flows).having(RootCount.ONE).all()


# Present values


def test_present_values_of_tables_years_and_rates_are_as_one_by_one() -> None:
    source = np.random.default_rng(1)
    flows, rates = source.normal(size=(40, 12)), source.uniform(-0.5, 2.0, 40)
    by_rate = [net_present_value(float(rate), flow.tolist()) for rate, flow in zip(rates, flows, strict=True)]
    at_10 = [net_present_value(0.1, flow.tolist()) for flow in flows]
    for same in (flows, np.asfortranarray(flows), list(flows.T)):
        assert net_present_value(0.1, same) == pytest.approx(np.array(at_10), rel=1e-12)
        assert net_present_value(rates, same) == pytest.approx(np.array(by_rate), rel=1e-12)
    many_rates = net_present_value(rates, flows[0].tolist())
    assert many_rates == pytest.approx([net_present_value(float(rate), flows[0].tolist()) for rate in rates])


@given(st.lists(plain_amounts, min_size=1, max_size=12), st.floats(-0.9, 5.0), st.floats(-100, 100))
def test_present_value_scales_and_adds(flow: list[float], rate: float, times: float) -> None:
    flows = np.array([flow, flow[::-1]])
    size = float(net_present_value(rate, np.abs(flows)).max())
    one, other = net_present_value(rate, flows)
    assert net_present_value(rate, flows * times)[0] == pytest.approx(
        one * times, abs=1e-12 * size * abs(times) + 1e-12
    )
    together = net_present_value(rate, [a + b for a, b in zip(*flows, strict=True)])
    assert together == pytest.approx(one + other, abs=1e-11 * size + 1e-12)


def test_present_values_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="above -1"):
        net_present_value(np.array([0.1, -1.0]), [1.0, 1.0])
    with pytest.raises(ValueError, match="3 cash flows and 2 rates"):
        net_present_value(np.array([0.1, 0.2]), np.ones((3, 4)))
    with pytest.raises(ValueError, match="finite"):
        net_present_value(0.1, np.array([[1.0, NAN]]))
    with pytest.raises(ValueError, match="dimensions"):
        net_present_value(np.ones((2, 2)), [1.0, 1.0])
