"""Options of which only one can be done: published increments, and where rates mislead."""

from __future__ import annotations

import math
from typing import Any

import pytest
from economics_sample import published
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics import net_present_value
from openrecp.economics.choice import ExclusiveOption, UnequalLives, compare_exclusive
from openrecp.errors import UnusableInput
from openrecp.texts import render

NEWNAN = published("choice_newnan_2004")["exclusive"]
RATE = NEWNAN["rate"]


def option(key: str, *flows: float, currency: str = "USD") -> ExclusiveOption:
    return ExclusiveOption(key, key, currency, tuple(map(float, flows)))


def alternative(each: dict[str, Any]) -> ExclusiveOption:
    years = each.get("years", NEWNAN["years"])
    flows = [each["benefit"]] * years
    flows[-1] += each["salvage"]
    return option(each["key"], -each["capital"], *flows)


@pytest.mark.parametrize("proposal", [NEWNAN["proposals"][0], NEWNAN["proposals"][2]])
def test_published_values_rates_and_increments(proposal: list[dict[str, Any]]) -> None:
    found = compare_exclusive([alternative(each) for each in proposal], RATE)
    ranked = {rank.key: rank for rank in found.ranks}
    for each in proposal:
        assert ranked[each["key"]].npv.value == pytest.approx(each["npv"], abs=0.006)
        assert ranked[each["key"]].irr.value == pytest.approx(each["irr"], abs=0.05)
    steps = {(step.challenger, step.defender): step for step in found.increments}
    for printed in NEWNAN["increments"]:
        step = steps.get((printed["challenger"], printed["defender"]))
        if step is not None:
            assert step.irr.value == pytest.approx(printed["irr"], abs=0.05)
    assert found.chosen == max(proposal, key=lambda each: each["npv"])["key"]
    assert len(found.increments) == len(proposal)


def test_the_highest_rate_need_not_win() -> None:
    found = compare_exclusive([option("small", -100, 150), option("large", -1000, 1300)], 0.1)
    assert found.chosen == "large"
    assert [rank.key for rank in found.ranks] == ["large", "small"]
    assert "small has the highest internal rate, 50 %, but large is the better choice" in str(
        found.explanation
    )
    again = compare_exclusive([option("small", -100, 150), option("large", -1000, 1100)], 0.1)
    assert again.chosen == "small"
    assert "highest internal rate as well" in str(again.explanation)


def test_a_challenger_meets_the_last_winner() -> None:
    found = compare_exclusive([option("a", -100, 130), option("b", -200, 210), option("c", -300, 360)], 0.08)
    assert [(step.defender, step.challenger, step.winner) for step in found.increments] == [
        (None, "a", "a"),
        ("a", "b", "a"),
        ("a", "c", "c"),
    ]
    assert found.increments[2].capital.value == 200.0


def test_doing_nothing_can_be_best_unless_one_is_needed() -> None:
    options = [option("a", -100, 90), option("b", -50, 20)]
    found = compare_exclusive(options, 0.1)
    assert found.chosen is None
    assert "doing nothing is better" in str(found.explanation)
    needed = compare_exclusive(options, 0.1, one_is_needed=True)
    assert needed.chosen == "a"


def test_several_rates_of_a_difference_are_flagged_and_the_value_decides() -> None:
    base, changed = option("base", -100, 120, 0), option("changed", -200, 350, -132)
    found = compare_exclusive([base, changed], 0.15)
    step = found.increments[1]
    assert step.irr.value is None
    assert "10.00%" in str(step.irr.reason)
    assert step.winner == "changed"
    assert "its present value" not in str(step.explanation)
    assert "no single internal rate" in str(step.explanation)
    low = compare_exclusive([base, changed], 0.05)
    assert low.increments[1].winner == "base"
    assert str(low.increments[1].explanation).endswith("it is no gain.")


def test_options_without_any_rate_are_judged_by_value() -> None:
    found = compare_exclusive([option("a", 0, 5), option("b", 0, 7)], 0.1)
    assert found.chosen == "b"
    assert "None of them has a single internal rate" in str(found.explanation)


def test_unequal_lives_are_named_and_can_be_repeated() -> None:
    short, long_ = option("short", -100, 60, 60), option("long", -100, 40, 40, 40, 40)
    given_ = compare_exclusive([short, long_], 0.08)
    assert given_.chosen == "long"
    assert [issue.code for issue in given_.issues] == ["unequal-lives"]
    worth = compare_exclusive([short, long_], 0.08, lives=UnequalLives.ANNUAL_WORTH)
    common = compare_exclusive([short, long_], 0.08, lives=UnequalLives.COMMON_HORIZON)
    assert [issue.code for issue in worth.issues] == ["lives-repeated"]
    assert worth.horizon == common.horizon == 4
    for found in (worth, common):
        assert [rank.key for rank in found.ranks] == ["long", "short"]
    own, repeated = (next(rank for rank in each.ranks if rank.key == "short") for each in (worth, common))
    once = net_present_value(0.08, short.flows)
    assert own.npv.value == pytest.approx(once)
    assert repeated.npv.value == pytest.approx(once * (1 + 1.08**-2))
    assert own.annual_worth.value == pytest.approx(repeated.annual_worth.value)


@given(
    st.lists(
        st.tuples(st.integers(1, 900), st.lists(st.integers(0, 400), min_size=1, max_size=4)),
        min_size=2,
        max_size=5,
    ),
    st.floats(0.0, 0.5),
    st.sampled_from(list(UnequalLives)),
)
def test_increments_lead_to_the_highest_value(
    rows: list[tuple[int, list[int]]], rate: float, lives: UnequalLives
) -> None:
    options = [option(f"o{number}", -capital, *flows) for number, (capital, flows) in enumerate(rows)]
    found = compare_exclusive(options, rate, lives=lives)
    best = found.ranks[0]
    measure = best.annual_worth if lives is UnequalLives.ANNUAL_WORTH else best.npv
    top = float(measure.value or 0.0)
    if found.chosen is None:
        assert top <= 1e-6
    else:
        chosen = next(rank for rank in found.ranks if rank.key == found.chosen)
        won = chosen.annual_worth if lives is UnequalLives.ANNUAL_WORTH else chosen.npv
        assert won.value == pytest.approx(top, rel=1e-9, abs=1e-6)
    for text_ in (found.explanation, *(step.explanation for step in found.increments)):
        assert render(text_, "zh-hant") != render(text_, "en")


def test_annual_worth_without_interest_is_the_mean() -> None:
    found = compare_exclusive([option("a", -100, 60, 60), option("b", -100, 50, 50)], 0.0)
    assert found.ranks[0].annual_worth.value == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("options", "lives", "code"),
    [
        ([option("a", -1, 2)], UnequalLives.AS_GIVEN, "too-few-exclusive"),
        ([option("a", -1, 2), option("a", -1, 3)], UnequalLives.AS_GIVEN, "duplicate-exclusive"),
        ([option("a", -1), option("b", -1, 3)], UnequalLives.AS_GIVEN, "exclusive-flows"),
        ([option("a", -1), option("b", -1, 3)], UnequalLives.ANNUAL_WORTH, "exclusive-flows"),
        ([option("a", -1, math.nan), option("b", -1, 3)], UnequalLives.AS_GIVEN, "exclusive-flows"),
        (
            [option("a", -1, 2), option("b", -1, 3, currency="TWD")],
            UnequalLives.AS_GIVEN,
            "several-currencies",
        ),
        (
            [option("a", -1, *[1] * 31), option("b", -1, *[1] * 29)],
            UnequalLives.COMMON_HORIZON,
            "horizon-too-long",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(
    options: list[ExclusiveOption], lives: UnequalLives, code: str
) -> None:
    with pytest.raises(UnusableInput) as refused:
        compare_exclusive(options, 0.1, lives=lives)
    assert [issue.code for issue in refused.value.issues] == [code]


def test_an_impossible_rate_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="above -1"):
        compare_exclusive([option("a", -1, 2), option("b", -1, 3)], -1.0)


def test_figures_show_their_formula_and_cash_flows() -> None:
    found = compare_exclusive([option("a", -100, 60, 60), option("b", -150, 95, 95)], 0.1)
    for rank in found.ranks:
        assert rank.npv.formula is not None
        assert next(figure.value for figure in rank.irr.inputs) == -float(rank.capital.value or 0.0)
    assert found.increments[1].npv.inputs[1].value == -50.0
