"""Marginal abatement cost curve, its trap, and what rankings leave behind."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from choice_sample import candidate, kept_sets, portfolios
from economics_sample import published
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics.choice import (
    Candidate,
    LoadShare,
    abatement_curve,
    filled_budget,
    ranking_by_npv_per_budget,
)
from openrecp.errors import UnusableInput
from openrecp.texts import render

CARBON = "t CO2e"


def saver(key: str, capital: float, npv: float, yearly: float, life: float = 10.0, **more: Any) -> Candidate:
    return candidate(key, capital, npv, life=life, quantities={CARBON: yearly}, **more)


def test_bars_stand_in_order_of_unit_cost_and_next_to_each_other() -> None:
    options = [saver("a", 100, 300, 3), saver("b", 100, -400, 2), saver("c", 50, 10, 10)]
    curve = abatement_curve([*options, candidate("d", 1, 1)], CARBON)
    assert [bar.key for bar in curve.bars] == ["a", "c", "b"]
    assert [bar.unit_cost.value for bar in curve.bars] == pytest.approx([-10.0, -0.1, 20.0])
    assert [bar.start.value for bar in curve.bars] == [0.0, 3.0, 13.0]
    assert [bar.end.value for bar in curve.bars] == [3.0, 13.0, 15.0]
    assert curve.bars[0].unit_cost.unit == "TWD/t CO2e"
    assert curve.without_bar == ("d",)
    assert "not discounted" in str(curve.convention)
    assert curve.best is None
    assert curve.fillings == ()


def test_what_is_avoided_can_be_discounted() -> None:
    curve = abatement_curve([saver("a", 1, -100, 2, life=3.5)], CARBON, discount_rate=0.1)
    years = 1 / 1.1 + 1 / 1.1**2 + 1 / 1.1**3 + 0.5 / 1.1**4
    assert curve.bars[0].unit_cost.value == pytest.approx(100 / (2 * years))
    assert "discounted at 10 %" in str(curve.convention)
    undiscounted = abatement_curve([saver("a", 1, -100, 2, life=3.5)], CARBON, discount_rate=0.0)
    assert undiscounted.bars[0].unit_cost.value == pytest.approx(100 / 7)


def test_the_trap_names_the_pair_that_differs_most() -> None:
    options = [saver("little", 10, 300, 1), saver("much", 10, 400, 5), saver("more", 10, 300, 6)]
    curve = abatement_curve(options, CARBON)
    assert [bar.key for bar in curve.bars] == ["little", "much", "more"]
    assert curve.misleading == ("much", "little")
    said = str(curve.trap)
    assert "MUCH gains 400 TWD and avoids 5 t CO2e/yr, LITTLE gains 300 and avoids 1" in said
    assert render(curve.trap, "zh-hant") != said


def test_the_trap_is_explained_where_it_does_no_harm() -> None:
    harmless = abatement_curve([saver("a", 1, 300, 1), saver("b", 1, 100, 2)], CARBON)
    costly = abatement_curve([saver("a", 1, -300, 1)], CARBON)
    assert harmless.misleading == costly.misleading == ()
    assert "means nothing" in str(harmless.trap)
    assert str(costly.trap).startswith("No option here gains money.")


@given(
    st.lists(st.tuples(st.integers(1, 300), st.integers(1, 40), st.integers(1, 20)), min_size=2, max_size=12)
)
def test_a_misleading_pair_is_found_whenever_there_is_one(rows: list[tuple[int, int, int]]) -> None:
    options = [saver(f"s{n}", 1, npv, yearly, life) for n, (npv, yearly, life) in enumerate(rows)]
    found = abatement_curve(options, CARBON).misleading
    pairs = {
        (better.key, worse.key)
        for better in options
        for worse in options
        if _no_worse(better, worse) and _cost(better) > _cost(worse)
    }
    assert (found in pairs) if pairs else (found == ())


def _no_worse(better: Candidate, worse: Candidate) -> bool:
    mine, theirs = (
        (each.npv, each.quantities[CARBON], each.quantities[CARBON] * (each.life or 0.0))
        for each in (better, worse)
    )
    return all(a >= b for a, b in zip(mine, theirs, strict=True)) and mine[:2] != theirs[:2]


def _cost(each: Candidate) -> float:
    return -each.npv / (each.quantities[CARBON] * (each.life or 0.0))


def test_under_a_budget_the_curve_chooses_worse_than_the_best_set() -> None:
    options = [
        saver("little", 60, 300, 1),
        saver("much", 50, 290, 9),
        saver("some", 50, 200, 3),
        saver("costly", 1, -5, 9),
    ]
    curve = abatement_curve(options, CARBON, budget=100.0)
    assert curve.best is not None
    assert curve.best.chosen == ("much", "some")
    by_cost, by_ratio = curve.fillings
    assert (by_cost.chosen, by_cost.shortfall.value) == (("little",), 190.0)
    assert (by_ratio.chosen, by_ratio.shortfall.value) == (("much", "some"), 0.0)
    assert by_cost.shortfall.inputs == (curve.best.value and curve.best.value.npv, by_cost.value.npv)


def test_without_a_best_set_nothing_is_compared() -> None:
    law = saver("law", 60, 300, 1, required_by_law=True)
    [by_cost, _] = abatement_curve([law], CARBON, budget=10.0).fillings
    assert by_cost.shortfall.value is None
    assert by_cost.shortfall.reason is not None


def test_what_the_curve_counts_twice_is_noted() -> None:
    share = (LoadShare("air", 0.2, 5.0),)
    options = [
        saver("a", 1, 30, 1, excludes=("b",)),
        saver("b", 1, 30, 1),
        saver("c", 1, 30, 1, loads=share),
        saver("d", 1, 30, 1, loads=share),
    ]
    assert [issue.code for issue in abatement_curve(options, CARBON).issues] == [
        "curve-counts-rivals",
        "curve-counts-overlap",
    ]


def test_missing_lives_and_quantities_are_refused_at_once() -> None:
    options = [candidate(key, 1, 1, quantities={CARBON: 1.0}) for key in ("a", "b")]
    with pytest.raises(UnusableInput) as refused:
        abatement_curve(options, CARBON)
    assert [issue.code for issue in refused.value.issues] == ["no-life", "no-life"]
    with pytest.raises(UnusableInput) as unknown:
        abatement_curve(options, "kWh")
    assert [issue.code for issue in unknown.value.issues] == ["nothing-avoided"]


@pytest.mark.parametrize("rate", [-1.0, math.inf])
def test_an_impossible_rate_is_an_error_of_the_caller(rate: float) -> None:
    with pytest.raises(ValueError, match="above -1"):
        abatement_curve([saver("a", 1, 1, 1)], CARBON, discount_rate=rate)


def test_ranking_puts_free_gains_first_and_losses_last() -> None:
    options = [
        candidate("loses", 10, -5),
        candidate("free", 0, 3),
        candidate("good", 10, 30),
        candidate("fair", 10, 20),
        candidate("free-loss", 0, -50),
        candidate("free-too", 0, 9),
    ]
    ranking = ranking_by_npv_per_budget(options)
    assert [each.key for each in ranking] == ["free-too", "free", "good", "fair", "loses", "free-loss"]
    assert ranking[2].ratio.value == 3.0
    assert ranking[0].ratio.value is None
    assert ranking[0].ratio.reason is not None
    assert [each.rank for each in ranking] == [1, 2, 3, 4, 5, 6]


def test_published_projects_ranked_by_value_per_capital() -> None:
    given_ = published("choice_newnan_2004")["independent"]
    options = [candidate(each["key"], each["capital"], each["npv"]) for each in given_["projects"]]
    order = [each.key for each in ranking_by_npv_per_budget(options)]
    assert order[:4] == ["5", "6", "1", "4"]
    assert set(filled_budget(options, given_["budget"], order)) == set(given_["chosen"])


def test_filling_takes_what_is_required_along_and_passes_over_what_does_not_fit() -> None:
    options = [
        candidate("top", 30, 90, requires=("base",)),
        candidate("base", 10, -5),
        candidate("rival", 5, 60, excludes=("top",)),
        candidate("big", 90, 80),
        candidate("choosy", 1, 9, requires_any=("rival",)),
        candidate("law", 20, -3, required_by_law=True),
        candidate("small", 30, 8),
    ]
    order = ["top", "rival", "big", "choosy", "small"]
    assert filled_budget(options, 100.0, order) == ("top", "base", "law", "small")
    assert filled_budget(options, None, order) == ("top", "base", "big", "law", "small")


@given(portfolios(), st.integers(0, 80).map(float))
def test_filling_keeps_the_budget_and_never_beats_the_best_set(
    options: list[Candidate], budget: float
) -> None:
    free = [replace(each, required_by_law=False, life=8.0) for each in options]
    order = [each.key for each in ranking_by_npv_per_budget(free)]
    chosen = tuple(each for each in free if each.key in filled_budget(free, budget, order))
    assert chosen in set(kept_sets(free, budget, (), {}))
    if any(each.quantities["t"] > 0 for each in free):
        for filling in abatement_curve(free, "t", budget=budget).fillings:
            assert float(filling.shortfall.value or 0.0) >= -1e-9
