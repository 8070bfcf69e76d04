"""Drawing uncertain inputs: reproducible, correlated as stated, and contradictions named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from openrecp.economics.uncertainty import (
    Constant,
    Correlation,
    CorrelationKind,
    Discrete,
    Distribution,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    UncertainInput,
    Uniform,
    drawn_values,
    nearest_correlations,
    prepare_sampling,
    score_correlation,
)
from openrecp.errors import UnusableInput, Where
from openrecp.texts import render

PRICE = UncertainInput("price", Triangular(8.0, 10.0, 15.0))
CAPITAL = UncertainInput("capital", Pert(80.0, 100.0, 160.0))
LABOUR = UncertainInput("labour", Lognormal(-50.0, 1.5))
MOMENT = CorrelationKind.PRODUCT_MOMENT


def test_the_same_seed_gives_the_same_digits_and_another_seed_others() -> None:
    first, again = drawn_values([PRICE, CAPITAL], 500), drawn_values([PRICE, CAPITAL], 500)
    other = drawn_values([PRICE, CAPITAL], 500, seed=7)
    for key in ("price", "capital"):
        assert first[key].tolist() == again[key].tolist()
        assert not np.isin(first[key], other[key]).any()


def test_draws_do_not_depend_on_how_many_there_are_or_which_others_are_drawn() -> None:
    linked = [Correlation("price", "labour", 0.4)]
    short = drawn_values([PRICE, CAPITAL, LABOUR], 100, linked)
    longer = drawn_values([PRICE, CAPITAL, LABOUR], 20_000, linked)
    alone = drawn_values([CAPITAL], 20_000)
    for key, values in short.items():
        assert values.tolist() == longer[key][:100].tolist()
    assert alone["capital"].tolist() == longer["capital"].tolist()


def test_blocks_are_not_alike_and_can_be_drawn_in_any_order() -> None:
    sampling = prepare_sampling([PRICE])
    third, first = sampling.block(2)["price"], sampling.block(0)["price"]
    joined = drawn_values([PRICE], 3 * len(first))["price"]
    assert joined[: len(first)].tolist() == first.tolist()
    assert joined[2 * len(first) :].tolist() == third.tolist()
    assert len(np.unique(joined)) == len(joined)


@pytest.mark.parametrize("value", [-1.0, -0.6, 0.3, 0.9, 1.0])
def test_rank_correlation_comes_out_as_stated(value: float) -> None:
    drawn = drawn_values([PRICE, LABOUR], 100_000, [Correlation("price", "labour", value)])
    found = stats.spearmanr(drawn["price"], drawn["labour"]).statistic
    assert found == pytest.approx(value, abs=0.01)
    assert float(drawn["price"].mean()) == pytest.approx(11.0, abs=0.03)


@pytest.mark.parametrize("value", [-0.7, 0.25, 0.8])
@pytest.mark.parametrize("other", [LABOUR, CAPITAL, UncertainInput("u", Uniform(0.0, 1.0))])
def test_product_moment_correlation_comes_out_as_stated(other: UncertainInput, value: float) -> None:
    drawn = drawn_values([PRICE, other], 100_000, [Correlation("price", other.key, value, MOMENT)])
    assert float(np.corrcoef(drawn["price"], drawn[other.key])[0, 1]) == pytest.approx(value, abs=0.01)


def test_normal_scores_of_normals_are_correlated_as_the_values() -> None:
    pair = Normal(5.0, 2.0), Normal(-3.0, 0.1)
    assert score_correlation(Correlation("a", "b", 0.37, MOMENT), *pair) == pytest.approx(0.37, abs=1e-9)


def test_lognormals_are_correlated_by_the_known_formula() -> None:
    # Of two lognormals with s = 0.5 each: (exp(r s²) − 1) ÷ (exp(s²) − 1).
    distribution = Lognormal(1.0, float(np.exp(0.5 * stats.norm.ppf(0.95))))
    found = score_correlation(Correlation("a", "b", 0.5, MOMENT), distribution, distribution)
    assert np.expm1(0.25 * found) / np.expm1(0.25) == pytest.approx(0.5, abs=1e-6)


def test_three_inputs_keep_all_their_correlations() -> None:
    stated = [("price", "capital", 0.8), ("capital", "labour", -0.3), ("price", "labour", 0.2)]
    drawn = drawn_values([PRICE, CAPITAL, LABOUR], 100_000, [Correlation(*each) for each in stated])
    for first, second, value in stated:
        assert stats.spearmanr(drawn[first], drawn[second]).statistic == pytest.approx(value, abs=0.012)


def contradiction() -> tuple[dict[str, Distribution], list[Correlation]]:
    inputs: dict[str, Distribution] = {key: Uniform(0.0, 1.0) for key in ("gas", "power", "steam", "water")}
    return inputs, [
        Correlation("gas", "power", 0.9),
        Correlation("power", "steam", 0.9, source=Where(file="case.yaml", line=12)),
        Correlation("gas", "steam", -0.5),
        Correlation("steam", "water", 0.1),
    ]


def test_contradictory_correlations_are_named_and_the_nearest_offered() -> None:
    inputs, stated = contradiction()
    with pytest.raises(UnusableInput) as refused:
        prepare_sampling([UncertainInput(key, each) for key, each in inputs.items()], stated)
    (issue,) = refused.value.issues
    message = render(issue, "en")
    assert issue.code == "correlations-contradict"
    assert "gas with power: 0.9, power with steam: 0.9, gas with steam: -0.5;" in message
    for each in nearest_correlations(inputs, stated):
        assert f"{each.first} with {each.second}: {each.value}" in message


def test_the_nearest_correlations_can_be_used_and_are_near() -> None:
    inputs, stated = contradiction()
    nearest = nearest_correlations(inputs, stated)
    drawn_values([UncertainInput(key, each) for key, each in inputs.items()], 10, nearest)
    value = {(each.first, each.second): each.value for each in nearest}
    assert 0.4 < value["gas", "power"] < 0.9
    assert -0.5 < value["gas", "steam"] < 0.3
    # Without the contradiction nothing is moved.
    assert nearest_correlations(inputs, stated[2:]) == tuple(stated[2:])


def test_pairs_that_are_not_named_count_as_independent_and_can_contradict() -> None:
    inputs, stated = contradiction()
    with pytest.raises(UnusableInput, match="not named is independent"):
        prepare_sampling([UncertainInput(key, each) for key, each in inputs.items()], stated[:2])
    offered = {(each.first, each.second) for each in nearest_correlations(inputs, stated[:2])}
    assert offered == {("gas", "power"), ("gas", "steam"), ("power", "steam")}


@given(st.lists(st.floats(-1.0, 1.0), min_size=6, max_size=6))
def test_what_is_offered_instead_of_a_contradiction_always_holds(values: list[float]) -> None:
    inputs: dict[str, Distribution] = {key: Normal(0.0, 1.0) for key in "abcd"}
    pairs = [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")]
    stated = [Correlation(*pair, value) for pair, value in zip(pairs, values, strict=True)]
    offered = nearest_correlations(inputs, stated)
    prepare_sampling([UncertainInput(key, each) for key, each in inputs.items()], offered)


def test_four_inputs_can_contradict_where_no_three_do() -> None:
    # Each of four as opposed to all others as three may be, but four may not.
    keys = "abcd"
    stated = [Correlation(one, two, -0.45) for one in keys for two in keys if one < two]
    with pytest.raises(UnusableInput) as refused:
        prepare_sampling([UncertainInput(key, Uniform(0.0, 1.0)) for key in keys], stated)
    assert len(refused.value.issues[0].values["pairs"]) == 6


def test_every_problem_of_correlations_and_inputs_comes_at_once() -> None:
    inputs = [
        PRICE,
        PRICE,
        LABOUR,
        UncertainInput("fixed", Constant(1.0)),
        UncertainInput("life", Discrete((1.0, 2.0))),
    ]
    stated = [
        Correlation("price", "price", 0.5),
        Correlation("price", "oil", 0.5),
        Correlation("price", "labour", 1.5),
        Correlation("labour", "price", 0.2),
        Correlation("fixed", "price", 0.2),
        Correlation("life", "price", 0.2, MOMENT),
    ]
    with pytest.raises(UnusableInput) as refused:
        prepare_sampling(inputs, stated, seed=-1)
    assert [issue.code for issue in refused.value.issues] == [
        "seed-negative",
        "uncertain-input-twice",
        "correlation-with-itself",
        "correlation-unknown-input",
        "correlation-outside",
        "correlation-twice",
        "correlation-with-constant",
        "correlation-of-steps",
    ]


def test_a_product_moment_correlation_out_of_reach_is_refused_with_what_is_possible() -> None:
    inputs = [UncertainInput("a", Lognormal(1.0, 20.0)), UncertainInput("b", Lognormal(1.0, 20.0))]
    with pytest.raises(UnusableInput, match="allow -0") as refused:
        prepare_sampling(inputs, [Correlation("a", "b", -0.9, MOMENT)])
    assert refused.value.issues[0].code == "correlation-out-of-reach"


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(UnusableInput, match="at least one input"):
        prepare_sampling([])
    with pytest.raises(UnusableInput, match="at least once"):
        drawn_values([PRICE], 0)
