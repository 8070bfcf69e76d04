"""Statistics of many draws: percentiles, shares with their error, histograms, and which input drives."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics.uncertainty import (
    Correlation,
    DriverMethod,
    Normal,
    UncertainInput,
    drawn_values,
    drivers_of,
    share_of,
    spread_of,
)

NUMBERS = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=60)


@given(NUMBERS, st.floats(0.0, 100.0))
def test_percentiles_are_numpys(values: list[float], percent: float) -> None:
    found = spread_of(values).percentile(percent)
    assert found == pytest.approx(float(np.percentile(values, percent)), rel=1e-9, abs=1e-6)


@given(NUMBERS)
def test_mean_and_spread_are_numpys(values: list[float]) -> None:
    found = spread_of(values)
    assert found.mean == pytest.approx(float(np.mean(values)), rel=1e-9, abs=1e-6)
    if len(values) > 1:
        assert found.sd == pytest.approx(float(np.std(values, ddof=1)), rel=1e-9, abs=1e-6)
    assert (found.minimum, found.maximum) == (min(values), max(values))


@given(NUMBERS, st.one_of(st.none(), st.integers(1, 40)))
def test_a_histogram_counts_every_draw_once(values: list[float], bins: int | None) -> None:
    found = spread_of(values).histogram(bins)
    assert found.below + sum(found.counts) + found.above == len(values)
    assert list(found.edges) == sorted(set(found.edges))
    assert len(found.counts) == len(found.edges) - 1
    for low, high, count in zip(found.edges, found.edges[1:], found.counts, strict=False):
        assert count == sum(1 for value in values if low <= value < high)


def test_histogram_edges_are_round() -> None:
    values = Normal(0.123, 0.05).draw(np.random.default_rng(5), 20_000)
    edges = spread_of(values).histogram(20).edges
    assert edges == tuple(round(edge, 2) for edge in edges)
    assert 10 <= len(edges) - 1 <= 30


def test_equal_draws_have_no_spread_and_exactly_their_value() -> None:
    found = spread_of([0.1] * 1001)
    assert (found.mean, found.sd, found.standard_error) == (0.1, 0.0, 0.0)
    assert {found.percentile(percent) for percent in (0.0, 5.0, 33.3, 100.0)} == {0.1}
    assert sum(found.histogram().counts) == 1001


def test_one_draw_has_a_mean_and_no_spread() -> None:
    found = spread_of([3.0])
    assert (found.mean, found.sd, found.standard_error, found.percentile(95.0)) == (3.0, None, None, 3.0)


def test_what_never_comes_counts_as_latest_and_what_is_missing_not_at_all() -> None:
    found = spread_of([math.nan, 2.0, math.inf, 4.0, math.inf, 1.0, 3.0])
    assert (found.count, found.beyond, found.missing) == (7, 2, 1)
    assert found.mean == 2.5
    assert found.percentile(50.0) == 3.5
    assert found.percentile(80.0) == math.inf
    assert found.share_above(3.0).value == pytest.approx(3 / 7)
    assert found.share_below(3.0).value == pytest.approx(2 / 7)
    assert found.maximum == 4.0


def test_without_any_value_there_are_no_statistics() -> None:
    found = spread_of([math.nan, math.nan])
    assert (found.mean, found.percentile(50.0), found.minimum, found.place_of(1.0)) == (
        None,
        None,
        None,
        None,
    )
    assert found.share_above(0.0).value == 0.0
    assert found.histogram().counts == ()
    assert spread_of([math.inf]).percentile(50.0) == math.inf


def test_the_place_of_a_value_is_its_percentile() -> None:
    found = spread_of([1.0, 2.0, 2.0, 3.0])
    assert found.place_of(0.0) == 0.0
    assert found.place_of(2.0) == 50.0
    assert found.place_of(9.0) == 100.0


def test_impossible_percentiles_and_classes_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        spread_of([1.0]).percentile(101.0)
    with pytest.raises(ValueError, match="at least 1 class"):
        spread_of([1.0]).histogram(0)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_limits_of_a_share_hold_it(count: int, draws: int) -> None:
    found = share_of(min(count, draws), draws)
    assert 0.0 <= found.low <= found.value <= found.high <= 1.0
    assert found.high - found.low > 0.0


def test_the_limits_of_a_share_hold_the_truth_as_often_as_said() -> None:
    counts = np.random.default_rng(2).binomial(400, 0.97, 4000)
    held = [found.low <= 0.97 <= found.high for found in (share_of(int(count), 400) for count in counts)]
    assert sum(held) / len(held) == pytest.approx(0.95, abs=0.02)


def linear_model(correlations: tuple[Correlation, ...] = ()) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Three normals that enter with variances 1, 4 and 9 (1/14, 4/14, 9/14 of all), and one that does not."""
    inputs = [UncertainInput(key, Normal(10.0, 1.0)) for key in ("one", "two", "three", "none")]
    drawn = dict(drawn_values(inputs, 60_000, correlations))
    return drawn, drawn["one"] - 2.0 * drawn["two"] + 3.0 * drawn["three"]


def test_drivers_of_a_linear_model_have_the_shares_of_their_variances() -> None:
    found = drivers_of(*linear_model())
    assert [each.key for each in found.drivers] == ["three", "two", "one", "none"]
    assert [each.share for each in found.drivers] == pytest.approx([9 / 14, 4 / 14, 1 / 14, 0.0], abs=0.02)
    assert [each.rank_correlation > 0 for each in found.drivers[:3]] == [True, False, True]
    assert found.method is DriverMethod.RANK_REGRESSION
    assert found.draws == 50_000
    # Of ranks it is a little less than of values: the sum of (6 ÷ π × asin(r ÷ 2))² over the three.
    assert found.explained == pytest.approx(0.9525, abs=0.005)
    assert "50,000 draws" in str(found.note)


def test_without_correlation_both_ways_of_sharing_agree() -> None:
    apart, evenly = drivers_of(*linear_model()), drivers_of(*linear_model(), correlated=True)
    assert evenly.method is DriverMethod.LMG
    assert [each.key for each in apart.drivers] == [each.key for each in evenly.drivers]
    for one, other in zip(apart.drivers, evenly.drivers, strict=True):
        assert one.share == pytest.approx(other.share, abs=0.01)


def test_inputs_that_go_together_share_what_they_do_together() -> None:
    drawn, _ = linear_model((Correlation("one", "two", 1.0),))
    found = drivers_of(drawn, drawn["one"], correlated=True)
    share = {each.key: each.share for each in found.drivers}
    assert share["one"] == pytest.approx(0.5, abs=0.01)
    assert share["two"] == pytest.approx(0.5, abs=0.01)


def test_more_than_eight_overlapping_inputs_have_correlations_alone() -> None:
    generator = np.random.default_rng(4)
    inputs = {f"input {number}": generator.standard_normal(2000) for number in range(9)}
    found = drivers_of(inputs, inputs["input 4"], correlated=True)
    assert found.method is DriverMethod.RANK_CORRELATION
    assert found.drivers[0].key == "input 4"
    assert found.drivers[0].rank_correlation == pytest.approx(1.0)
    assert {each.share for each in found.drivers} == {None}
    assert found.explained is None
    assert "cannot be divided" in str(found.note)


def test_what_does_not_vary_drives_nothing() -> None:
    constant = np.full(500, 3.0)
    varied = np.random.default_rng(6).standard_normal(500)
    found = drivers_of({"fixed": constant, "price": varied}, 2.0 * varied)
    assert [(each.key, each.share) for each in found.drivers] == [("price", 1.0), ("fixed", 0.0)]
    still = drivers_of({"price": varied}, constant)
    assert still.drivers[0].rank_correlation == 0.0
    assert still.explained == 0.0


def test_draws_without_a_result_are_left_out_of_the_drivers() -> None:
    varied = np.random.default_rng(6).standard_normal(500)
    result = np.where(np.arange(500) % 5 == 0, math.nan, varied)
    found = drivers_of({"price": varied}, result)
    assert found.draws == 400
    assert found.drivers[0].rank_correlation == pytest.approx(1.0)
    assert found.standard_error == pytest.approx(1.0 / math.sqrt(399.0))
    assert drivers_of({"price": varied[:1]}, varied[:1]).standard_error is None
