"""Distributions of uncertain inputs: inverses, moments and refusals, beside scipy's and closed forms."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from openrecp.economics.uncertainty import (
    Constant,
    Discrete,
    Distribution,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
)
from openrecp.errors import UnusableInput

SHARES = np.array([1e-12, 1e-6, 0.001, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.999, 1 - 1e-6, 1 - 1e-12])
EXAMPLES: list[tuple[Distribution, object]] = [
    (Uniform(-3.0, 5.0), stats.uniform(-3.0, 8.0)),
    (Triangular(8.0, 10.0, 15.0), stats.triang(2.0 / 7.0, 8.0, 7.0)),
    (Triangular(8.0, 8.0, 15.0), stats.triang(0.0, 8.0, 7.0)),
    (Triangular(8.0, 15.0, 15.0), stats.triang(1.0, 8.0, 7.0)),
    (Pert(8.0, 10.0, 18.0), stats.beta(1.8, 4.2, 8.0, 10.0)),
    (Pert(0.0, 0.0, 1.0, shape=2.0), stats.beta(1.0, 3.0)),
    (Normal(100.0, 15.0), stats.norm(100.0, 15.0)),
    (Normal(100.0, 15.0, low=90.0, high=140.0), stats.truncnorm(-2.0 / 3.0, 8.0 / 3.0, 100.0, 15.0)),
    (Normal(0.0, 1.0, low=2.0), stats.truncnorm(2.0, math.inf)),
    (Normal(0.0, 1.0, high=-2.0), stats.truncnorm(-math.inf, -2.0)),
    (Lognormal(100.0, 2.0), stats.lognorm(math.log(2.0) / stats.norm.ppf(0.95), 0.0, 100.0)),
]
EVERY: list[Distribution] = [
    *(each for each, _ in EXAMPLES),
    Lognormal(-50.0, 1.5),
    Discrete((10.0, 6.0, 8.0), (0.25, 0.25, 0.5)),
    Constant(7.0),
]


def named(value: object) -> str:
    return str(value) if isinstance(value, Distribution) else ""


@pytest.mark.parametrize(("ours", "scipys"), EXAMPLES, ids=named)
def test_inverse_and_moments_agree_with_scipy(
    ours: Distribution, scipys: stats.distributions.rv_frozen
) -> None:
    assert ours.quantile(SHARES) == pytest.approx(scipys.ppf(SHARES), rel=1e-9, abs=1e-12)
    assert ours.mean == pytest.approx(scipys.mean(), rel=1e-9)
    assert ours.sd == pytest.approx(scipys.std(), rel=1e-6)


@pytest.mark.parametrize("each", EVERY, ids=named)
def test_inverse_rises_from_limit_to_limit(each: Distribution) -> None:
    found = each.quantile(np.linspace(0.0, 1.0, 2001))
    assert (np.diff(found[1:-1]) >= 0).all()
    assert (float(found[0]), float(found[-1])) == pytest.approx(each.limits)


@pytest.mark.parametrize("each", EVERY, ids=named)
def test_draws_have_the_mean_and_spread_they_should(each: Distribution) -> None:
    count = 200_000
    drawn = each.draw(np.random.default_rng(7), count)
    assert drawn.shape == (count,)
    assert float(drawn.mean()) == pytest.approx(each.mean, abs=5.0 * each.sd / math.sqrt(count))
    assert float(drawn.std()) == pytest.approx(each.sd, rel=0.02)
    assert each.limits[0] <= drawn.min() <= drawn.max() <= each.limits[1]


@pytest.mark.parametrize("each", EVERY, ids=named)
def test_scores_give_the_values_of_their_shares(each: Distribution) -> None:
    scores = np.linspace(-5.0, 5.0, 4001)
    low, high = each.limits
    # Tables are good to 1e-6 of the range, or of the stated spread where there is none.
    scale = high - low if math.isfinite(high - low) else getattr(each, "spread", each.sd)
    difference = np.abs(each.of_scores(scores) - each.quantile(stats.norm.cdf(scores)))
    assert difference.max() <= 1e-6 * scale


@given(
    st.floats(0.0, 1.0),
    st.floats(0.0, 200.0),
    st.floats(-6.0, 6.0),
)
def test_pert_draws_within_a_millionth_of_the_range(mode: float, shape: float, score: float) -> None:
    found = float(Pert(0.0, mode, 1.0, shape).of_scores(np.array([score]))[0])
    share = stats.norm.cdf(score) if score < 0 else stats.norm.sf(score)
    first, second = 1.0 + shape * mode, 1.0 + shape * (1.0 - mode)
    beta = stats.beta(first, second)
    assert found == pytest.approx(beta.ppf(share) if score < 0 else beta.isf(share), abs=1e-6)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(0.0, 1.0))
def test_triangle_mean_is_the_mean_of_its_corners(low: float, width: float, place: float) -> None:
    mode, high = low + place * width, low + width
    found = Triangular(low, min(max(mode, low), high), high)
    assert found.mean == pytest.approx((low + mode + high) / 3.0, abs=1e-9 * max(1.0, abs(low)))
    assert found.sd <= Uniform(low, high).sd


def test_drawing_needs_no_scipy() -> None:
    # It takes longer to import than a million draws take.
    code = """
import sys
from openrecp.economics.uncertainty import *
kinds = [Uniform(0, 1), Triangular(0, 1, 2), Pert(0, 1, 3), Normal(0, 1), Normal(0, 1, -1), Lognormal(1, 2)]
inputs = [UncertainInput(str(place), each) for place, each in enumerate([*kinds, Discrete((1, 2))])]
drawn_values(inputs, 1000, [Correlation("0", "1", 0.5), Correlation("2", "4", 0.5)])
print([name for name in sys.modules if name.startswith("scipy")])
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_factor_says_where_nine_in_ten_lie() -> None:
    drawn = Lognormal(40.0, 3.0).draw(np.random.default_rng(3), 100_000)
    assert float(((drawn > 40.0 / 3.0) & (drawn < 120.0)).mean()) == pytest.approx(0.9, abs=0.005)


def test_a_negative_median_mirrors_the_lognormal() -> None:
    shares = np.array([0.05, 0.5, 0.95])
    assert Lognormal(-40.0, 2.0).quantile(shares) == pytest.approx([-80.0, -40.0, -20.0])
    assert Lognormal(-40.0, 2.0).mean == pytest.approx(-Lognormal(40.0, 2.0).mean)


def test_discrete_values_come_as_often_as_said_and_impossible_ones_never() -> None:
    distribution = Discrete((12.0, 6.0, 8.0, 99.0), (0.2, 0.3, 0.5, 0.0))
    values, counts = np.unique(distribution.draw(np.random.default_rng(1), 100_000), return_counts=True)
    assert values.tolist() == [6.0, 8.0, 12.0]
    assert counts / 100_000 == pytest.approx([0.3, 0.5, 0.2], abs=0.006)
    assert distribution.limits == (6.0, 12.0)
    assert Discrete((1.0, 2.0)).mean == 1.5


def test_thirds_written_with_three_digits_are_thirds() -> None:
    assert Discrete((1e6, 2e6, 3e6), (0.333, 0.333, 0.333)).mean == pytest.approx(2e6, rel=1e-12)


def test_stated_parameters_can_be_shown() -> None:
    shown = {str(name): value for name, value in Normal(5.0, 1.0, low=2.0).parameters}
    assert shown == {"mean": 5.0, "standard deviation": 1.0, "lowest": 2.0}
    assert [str(name) for name, _ in Discrete((8.0, 6.0), (0.25, 0.75)).parameters] == [
        "75 % of cases",
        "25 % of cases",
    ]


BAD: list[tuple[Callable[[], Distribution], set[str]]] = [
    (lambda: Constant(math.nan), {"distribution-not-a-number"}),
    (lambda: Uniform(5.0, 5.0), {"distribution-limits-reversed"}),
    (lambda: Uniform(math.inf, 5.0), {"distribution-not-a-number", "distribution-limits-reversed"}),
    (lambda: Triangular(5.0, 9.0, 8.0), {"distribution-mode-outside"}),
    (lambda: Pert(5.0, 6.0, 8.0, shape=-1.0), {"distribution-shape-outside"}),
    (lambda: Pert(5.0, 9.0, 8.0, shape=-1.0), {"distribution-mode-outside", "distribution-shape-outside"}),
    (lambda: Normal(5.0, 0.0), {"distribution-sd-not-positive"}),
    (lambda: Normal(math.nan, -1.0), {"distribution-not-a-number", "distribution-sd-not-positive"}),
    (lambda: Normal(5.0, 1.0, low=7.0, high=6.0), {"distribution-limits-reversed"}),
    (lambda: Normal(5.0, 1.0, low=11.0), {"distribution-limits-too-far"}),
    (lambda: Lognormal(0.0, 0.5), {"distribution-median-zero", "distribution-factor-too-small"}),
    (lambda: Lognormal.of_moments(0.0, 0.0), {"distribution-mean-zero", "distribution-sd-not-positive"}),
    (lambda: Discrete(()), {"distribution-without-values"}),
    (
        lambda: Discrete((1.0, 1.0), (0.5, 0.4)),
        {"distribution-value-twice", "distribution-probabilities-sum"},
    ),
    (lambda: Discrete((1.0, 2.0), (1.0,)), {"distribution-probabilities-number"}),
    (lambda: Discrete((1.0, 2.0), (1.5, -0.5)), {"distribution-probabilities-sum"}),
]


@pytest.mark.parametrize(("make", "codes"), BAD)
def test_impossible_parameters_are_refused_all_at_once(
    make: Callable[[], Distribution], codes: set[str]
) -> None:
    with pytest.raises(UnusableInput) as refused:
        make()
    assert {issue.code for issue in refused.value.issues} == codes
