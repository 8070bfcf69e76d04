"""Closing a balance: input = output + accumulation (工業減廢評估, section 3.1.2)."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrecp.balances.closure import ClosureState, Member, Side, balance_closure
from openrecp.texts import LANGUAGES, render, text

AMOUNTS = st.floats(0, 1e9)


def test_the_evaporation_of_a_cleaning_tank_is_the_difference_of_what_goes_in_and_out() -> None:
    # The manual's own example of what a balance is for (3.1.2): solvent in, solvent out, the rest evaporates.
    found = balance_closure(
        (Member("solvent bought", Side.IN, 1000.0), Member("solvent poured out", Side.OUT, 620.0)), "kg/yr"
    )
    assert found.unaccounted.value == 380.0
    assert found.unaccounted.unit == "kg/yr"
    assert found.share.value == pytest.approx(38.0)
    assert found.state is ClosureState.GAP
    assert "38 % of the input leaves unseen" in render(found.note, "en")


def test_accumulation_counts_as_neither_loss_nor_output() -> None:
    found = balance_closure(
        (
            Member("in", Side.IN, 100.0),
            Member("out", Side.OUT, 70.0),
            Member("put in stock", Side.ACCUMULATED, 30.0),
        ),
        "t/yr",
    )
    assert found.unaccounted.value == 0.0
    assert found.state is ClosureState.WITHIN


def test_a_stock_drawn_down_feeds_the_output() -> None:
    members = (
        Member("in", Side.IN, 100.0),
        Member("out", Side.OUT, 130.0),
        Member("stock", Side.ACCUMULATED, -30.0),
    )
    assert balance_closure(members, "t/yr").unaccounted.value == 0.0


def test_more_out_than_in_is_flagged() -> None:
    found = balance_closure((Member("in", Side.IN, 100.0), Member("out", Side.OUT, 150.0)), "kg/yr")
    assert found.state is ClosureState.EXCESS
    assert found.share.value == pytest.approx(-50.0)
    assert "by 50 % of the input" in render(found.note, "en")


@pytest.mark.parametrize(
    ("out", "state"), [(95.0, ClosureState.WITHIN), (105.0, ClosureState.WITHIN), (94.9, ClosureState.GAP)]
)
def test_a_small_difference_cannot_be_told_from_measuring_error(out: float, state: ClosureState) -> None:
    found = balance_closure((Member("in", Side.IN, 100.0), Member("out", Side.OUT, out)), "kg/yr")
    assert found.state is state


def test_the_threshold_is_the_callers() -> None:
    members = (Member("in", Side.IN, 100.0), Member("out", Side.OUT, 97.0))
    assert balance_closure(members, "kg/yr", threshold=0.02).state is ClosureState.GAP


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ((), "no input is given"),
        ((Member("out", Side.OUT, 5.0),), "no input is given"),
        ((Member("in", Side.IN, 5.0),), "no output is given"),
        ((Member("in", Side.IN, 0.0), Member("out", Side.OUT, 5.0)), "no input is given"),
    ],
)
def test_one_side_alone_closes_nothing(members: tuple[Member, ...], reason: str) -> None:
    found = balance_closure(members, "kg/yr")
    assert found.state is ClosureState.OPEN
    assert found.unaccounted.value is None
    assert render(found.unaccounted.reason, "en") == reason


def test_what_is_known_to_be_missing_keeps_the_balance_open() -> None:
    members = (Member("in", Side.IN, 100.0), Member("out", Side.OUT, 60.0))
    found = balance_closure(
        members, "kg/yr", missing=text("what is left out has no amount on the common basis")
    )
    assert found.state is ClosureState.OPEN
    assert found.share.value is None
    assert found.inputs.value == 100.0


def test_every_figure_shows_what_it_was_made_from() -> None:
    found = balance_closure((Member("acid", Side.IN, 100.0), Member("sludge", Side.OUT, 80.0)), "kg/yr")
    names = {render(figure.name, "en") for _, figure in found.share.walk()}
    assert {"acid", "sludge", "Inputs", "Outputs", "Accumulated", "Unaccounted"} <= names


@pytest.mark.parametrize("amount", [math.nan, math.inf])
def test_amounts_must_be_numbers(amount: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        balance_closure((Member("in", Side.IN, amount),), "kg/yr")


@pytest.mark.parametrize("threshold", [-0.1, 1.0])
def test_a_threshold_is_a_part_of_the_input(threshold: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        balance_closure((), "kg/yr", threshold=threshold)


@given(
    st.lists(AMOUNTS, min_size=1, max_size=8), st.lists(AMOUNTS, min_size=1, max_size=8), st.floats(-1e6, 1e6)
)
def test_the_parts_always_add_up(inputs: list[float], outputs: list[float], stock: float) -> None:
    members = (
        *(Member("i", Side.IN, amount) for amount in inputs),
        *(Member("o", Side.OUT, amount) for amount in outputs),
        Member("s", Side.ACCUMULATED, stock),
    )
    found = balance_closure(members, "kg/yr")
    if found.unaccounted.value is None:
        assert sum(inputs) <= 0
        return
    parts = [found.inputs.value, found.outputs.value, found.accumulated.value]
    total = math.fsum(inputs) - math.fsum(outputs) - stock
    assert None not in parts
    assert float(found.unaccounted.value) == pytest.approx(total, rel=1e-9, abs=1e-6)
    assert all(render(found.note, language) for language in LANGUAGES)


@given(st.lists(AMOUNTS.filter(bool), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_same_amounts_in_another_order_leave_exactly_nothing(
    amounts: list[float], random: Random
) -> None:
    shuffled = list(amounts)
    random.shuffle(shuffled)
    found = balance_closure(
        (*(Member("i", Side.IN, a) for a in amounts), *(Member("o", Side.OUT, a) for a in shuffled)), "kg/yr"
    )
    assert found.unaccounted.value == 0.0
