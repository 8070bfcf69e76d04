"""Payback, net present value and internal rate, published and at the edges."""

from __future__ import annotations

import itertools
import math

import pytest
from economics_sample import published
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics import (
    RootCount,
    internal_rate_of_return,
    net_present_value,
    simple_payback,
)

# Flows of a project that is dismantled at a cost: two rates, the larger one 12 %.
DISMANTLED = [-217_500.0, -217_500.0] + [108_466.80462450592 - 7_336.840361217 * year for year in range(25)]


@pytest.mark.parametrize(
    "option", published("payback_appendix_3")["options"], ids=lambda option: option["name"]
)
def test_published_paybacks(option: dict[str, float]) -> None:
    found = simple_payback(option["capital"], option["savings"] - option["costs"])
    assert found.years is not None
    assert round(found.years, int(option["decimals"])) == option["payback"]


def test_no_saving_never_pays_back_and_says_so() -> None:
    for saving in (0.0, -5.0):
        found = simple_payback(100.0, saving)
        assert found.years is None
        assert "no yearly net saving" in str(found.reason)


def test_no_capital_is_paid_back_at_once_even_without_saving() -> None:
    assert simple_payback(0.0, 0.0).years == 0.0


@pytest.mark.parametrize("numbers", [(math.nan, 1.0), (1.0, math.inf)])
def test_payback_of_no_number_is_refused(numbers: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        simple_payback(*numbers)


def test_present_value_refuses_a_rate_of_minus_one() -> None:
    with pytest.raises(ValueError, match="above -1"):
        net_present_value(-1.0, [1.0])


@pytest.mark.parametrize(
    ("flows", "roots"),
    [
        ([-100, 110], [0.10]),
        ([-100, 50], [-0.5]),
        ([100, -50], [-0.5]),
        ([-100, 230, -132], [0.10, 0.20]),
        ([1, -6, 11, -6], [0.0, 1.0, 2.0]),
        ([-1, 2, -1], [0.0]),  # touches zero without crossing it
        ([0, 0, -100, 110], [0.10]),
        ([-100, 110, 0, 0], [0.10]),
        ([-1e-9, 1.1e-9], [0.10]),
        ([-1e300, 1.1e300], [0.10]),
        ([-5e-324, 1e-323], [1.0]),  # the smallest numbers there are
        ([-1e-310, 3e-310, -1e-310], [-0.6180339887498949, 1.618033988749895]),
        ([-100, 1e9], [1e7 - 1]),
        ([-1e9, 100], [-1 + 1e-7]),
        ([-100.0] + [0.0] * 479 + [1e9], [1e7 ** (1 / 480) - 1]),
        # Sizes so far apart that powers underflow, with years without flows at both ends.
        ([0.0, -4e-6, *[0.0] * 5, 0.8, 0.0, 0.0], [(0.8 / 4e-6) ** (1 / 6) - 1]),
        ([0.0, -1e-80, 1.0, 0.0, 0.0], [1e80]),
        ([0.0, -1.0, 1e-80, 0.0], [-1.0]),
        ([-1e-120, -100.0, 110.0], [0.10]),  # nothing beside the rest
    ],
)
def test_all_rates_are_found(flows: list[float], roots: list[float]) -> None:
    found = internal_rate_of_return(flows)
    assert list(found.roots) == pytest.approx(roots, rel=1e-9, abs=1e-9)
    assert (found.value is None) == (len(roots) > 1)
    assert found.count is (RootCount.ONE if len(roots) == 1 else RootCount.SEVERAL)


def test_a_dismantled_plant_has_two_rates_and_neither_is_singled_out() -> None:
    found = internal_rate_of_return(DISMANTLED)
    assert found.count is RootCount.SEVERAL
    assert found.roots[-1] == pytest.approx(0.12, abs=1e-4)
    for root in found.roots:
        assert net_present_value(root, DISMANTLED) == pytest.approx(0.0, abs=1e-6)
    assert "several rates" in str(found.reason)


@pytest.mark.parametrize("flows", [[], [0.0], [0.0, 0.0], [1.0, 2.0], [-1.0, -2.0]])
def test_no_change_of_sign_no_rate(flows: list[float]) -> None:
    found = internal_rate_of_return(flows)
    assert (found.value, found.count, found.sign_changes) == (None, RootCount.NO_SIGN_CHANGE, 0)
    assert found.reason is not None


def test_sign_changes_without_a_rate() -> None:
    found = internal_rate_of_return([-1000.0, 3000.0, -2500.0])
    assert (found.value, found.count, found.sign_changes) == (None, RootCount.NONE, 2)


@pytest.mark.parametrize("flow", [math.nan, math.inf, -math.inf])
def test_flows_that_are_no_numbers_are_refused(flow: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        internal_rate_of_return([-1.0, flow])


flows_of_any_kind = st.lists(
    st.one_of(st.just(0.0), st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda flow: round(flow, 2))),
    max_size=12,
)


@given(flows_of_any_kind)
def test_every_rate_makes_the_present_value_zero(flows: list[float]) -> None:
    found = internal_rate_of_return(flows)
    assert len(found.roots) <= found.sign_changes
    for root in found.roots:
        size = sum(abs(flow) / (1 + root) ** time for time, flow in enumerate(flows))
        assert abs(net_present_value(root, flows)) <= 1e-7 * size


@given(flows_of_any_kind)
def test_an_odd_number_of_sign_changes_always_has_a_rate(flows: list[float]) -> None:
    found = internal_rate_of_return(flows)
    if found.sign_changes % 2:
        assert found.roots


@given(
    st.floats(1.0, 1e6),
    st.lists(st.floats(0.0, 1e6), min_size=1, max_size=20).filter(lambda inflows: max(inflows) >= 1.0),
)
def test_an_investment_has_one_rate_and_its_sign_is_that_of_the_gain(
    spent: float, inflows: list[float]
) -> None:
    found = internal_rate_of_return([-spent, *inflows])
    assert found.value is not None
    gain = math.fsum(inflows) - spent
    if abs(gain) > 1e-9 * spent:
        assert (found.value > 0) == (gain > 0)


@given(st.lists(st.floats(0.02, 5.0), min_size=1, max_size=4, unique_by=lambda rate: round(rate, 1)))
def test_rates_put_in_come_out(rates: list[float]) -> None:
    flows = [-1.0]
    for rate in rates:
        # times (x - 1/(1+r)) in x = 1/(1+rate)
        root = 1 / (1 + rate)
        flows = [b - root * a for a, b in zip([*flows, 0.0], [0.0, *flows], strict=True)]
    apart = sorted(rates)
    if all(b - a > 0.05 for a, b in itertools.pairwise(apart)):
        assert list(internal_rate_of_return(flows).roots) == pytest.approx(apart, rel=1e-6)


@given(flows_of_any_kind, st.integers(-300, 300))
def test_the_size_of_the_flows_does_not_matter(flows: list[float], power: int) -> None:
    found, scaled = (
        internal_rate_of_return(flows),
        internal_rate_of_return([flow * 2.0**power for flow in flows]),
    )
    assert scaled.count is found.count
    assert list(scaled.roots) == pytest.approx(list(found.roots), rel=1e-12, abs=1e-12)


@given(flows_of_any_kind, st.integers(0, 5), st.integers(0, 5))
def test_years_without_flows_at_the_ends_do_not_matter(flows: list[float], before: int, after: int) -> None:
    found = internal_rate_of_return(flows)
    longer = internal_rate_of_return([0.0] * before + flows + [0.0] * after)
    assert longer.count is found.count
    assert list(longer.roots) == pytest.approx(list(found.roots), rel=1e-9, abs=1e-9)


@given(flows_of_any_kind)
def test_rates_backwards_are_rates_of_growth_backwards(flows: list[float]) -> None:
    found, backwards = internal_rate_of_return(flows), internal_rate_of_return(flows[::-1])
    assert backwards.count is found.count
    expected = sorted(1 / (1 + root) - 1 for root in found.roots)
    assert list(backwards.roots) == pytest.approx(expected, rel=1e-6, abs=1e-6)


@given(
    st.floats(1e4, 1e6),
    st.lists(st.floats(1e3, 1e6), min_size=1, max_size=59),
    st.sampled_from([1e-6, 1.0, 1e6]),
)
def test_ordinary_rates_agree_with_pyxirr(spent: float, inflows: list[float], size: float) -> None:
    pyxirr = pytest.importorskip("pyxirr", reason="the peer pyxirr is not installed")
    flows = [-spent * size, *(inflow * size for inflow in inflows)]
    theirs, ours = pyxirr.irr(flows), internal_rate_of_return(flows).value
    assert ours is not None
    # It stops at a present value of a thousandth, whatever the size of the flows (its issue 61).
    if theirs is not None and abs(net_present_value(theirs, flows)) <= 1e-12 * spent * size:
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9)
    assert abs(net_present_value(ours, flows)) <= 1e-12 * spent * size


def test_a_rate_next_to_minus_one_stays_above_it() -> None:
    found = internal_rate_of_return([-1.0, 1e-80])
    assert found.value is not None
    assert found.value > -1
