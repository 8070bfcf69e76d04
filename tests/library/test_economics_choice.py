"""Candidates, what a set of them is worth, and the order of adding them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from choice_sample import MONEY, candidate, lost, npv_of, portfolios, quantity_of
from hypothesis import given
from hypothesis import strategies as st

from openrecp.economics.choice import Candidate, LoadShare, best_set, loading_order, set_value
from openrecp.errors import UnusableInput
from openrecp.figures import Figure
from openrecp.texts import render, text

WATER = "rinse water"


def codes(*candidates: Candidate, **more: Any) -> list[str]:
    with pytest.raises(UnusableInput) as refused:
        best_set(candidates, more.pop("budget", 100.0), **more)
    for issue in refused.value.issues:
        assert render(issue, "zh-hant") != render(issue, "en")
    return [issue.code for issue in refused.value.issues]


def on(load: str, fraction: float, value: float, **more: Any) -> tuple[LoadShare, ...]:
    return (LoadShare(load, fraction, value, **more),)


@pytest.mark.parametrize(
    ("candidates", "code"),
    [
        ((), "no-candidates"),
        ((candidate("a"), candidate("a")), "duplicate-candidate"),
        ((candidate("a", npv=math.nan),), "not-a-number"),
        ((candidate("a", quantities={"t": math.inf}),), "not-a-number"),
        ((candidate("a", -1.0),), "negative-candidate-capital"),
        ((candidate("a", 5.0, capital_by_year=(2.0, 2.0)),), "capital-by-year"),
        ((candidate("a", 0.0, capital_by_year=(-2.0, 2.0)),), "negative-candidate-capital"),
        ((candidate("a", life=0.0),), "candidate-life"),
        ((candidate("a", excludes=("b",)),), "unknown-candidate"),
        ((candidate("a", requires=("a",)),), "refers-to-itself"),
        ((candidate("a", requires=("b",), excludes=("b",)), candidate("b")), "excludes-what-it-requires"),
        ((candidate("a"), replace(candidate("b"), currency="USD")), "several-currencies"),
        ((candidate("a", loads=on(WATER, 0.0, 1.0)),), "load-fraction"),
        ((candidate("a", loads=on(WATER, 1.1, 1.0)),), "load-fraction"),
        ((candidate("a", loads=on(WATER, math.nan, 1.0)),), "load-fraction"),
        ((candidate("a", loads=on(WATER, 0.5, -1.0)),), "load-value"),
        ((candidate("a", loads=on(WATER, 0.5, 1.0, annual_saving=math.nan)),), "load-not-a-number"),
        ((candidate("a", loads=on(WATER, 0.5, 1.0) * 2),), "load-twice"),
    ],
)
def test_what_cannot_be_compared_is_refused(candidates: tuple[Candidate, ...], code: str) -> None:
    assert codes(*candidates) == [code]


def test_all_findings_come_at_once() -> None:
    broken = (candidate("a", -1.0, requires=("x",)), candidate("b", npv=math.inf, loads=on(WATER, 2.0, 1.0)))
    assert codes(*broken) == [
        "negative-candidate-capital",
        "unknown-candidate",
        "not-a-number",
        "load-fraction",
    ]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"budget": -1.0}, "impossible-budget"),
        ({"budget": math.nan}, "impossible-budget"),
        ({"budgets_by_year": [10.0, math.inf]}, "impossible-budget"),
        ({"budgets_by_year": [10.0]}, "year-without-budget"),
        ({"minimum_quantities": {"t": 0.0}}, "impossible-minimum"),
        ({"minimum_quantities": {"kWh": 5.0}}, "unknown-quantity"),
    ],
)
def test_impossible_limits_are_refused(more: dict[str, Any], code: str) -> None:
    each = candidate("a", 5.0, 1.0, capital_by_year=(2.0, 3.0), quantities={"t": 1.0})
    assert codes(each, **more) == [code]


@pytest.mark.parametrize("more", [{"time_limit": 0.0}, {"gap": -0.1}, {"gap": 1.0}])
def test_impossible_settings_are_an_error_of_the_caller(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not possible"):
        best_set([candidate("a")], 1.0, **more)


def test_savings_on_one_load_do_not_add_up() -> None:
    # 1 - 0.5 x 0.6 x 0.8 = 0.76 of a load that is worth 100,000 to all three.
    options = [
        candidate(key, 10.0, 100_000 * fraction - 10.0, loads=on(WATER, fraction, 100_000 * fraction))
        for key, fraction in (("a", 0.5), ("b", 0.4), ("c", 0.2))
    ]
    found = set_value(options, ["a", "b", "c"])
    assert found.npv.value == pytest.approx(76_000 - 30)
    assert found.capital.value == 30.0
    [load] = found.loads
    assert load.saved.value == pytest.approx(76.0)
    assert load.value.value == pytest.approx(76_000)
    assert load.overlap.value == pytest.approx(110_000 - 76_000)


def test_a_saving_that_lasts_longer_is_counted_first() -> None:
    # One saves half of a load for ten years, the other half of what is left for six; the load costs 1 a year.
    long_, short = (
        candidate("long", npv=5.0, loads=on(WATER, 0.5, 5.0)),
        candidate("short", npv=3.0, loads=on(WATER, 0.5, 3.0)),
    )
    six_years_together, four_years_alone = 6 * 0.75, 4 * 0.5
    found = set_value([short, long_], ["short", "long"])
    assert found.npv.value == pytest.approx(six_years_together + four_years_alone)
    assert found.loads[0].members == ("long", "short")


@given(portfolios(), st.data())
def test_a_set_is_worth_the_same_however_it_is_listed(options: list[Candidate], data: st.DataObject) -> None:
    listed = data.draw(st.permutations(options))
    keys = [each.key for each in data.draw(st.permutations(options))]
    found, again = set_value(options, keys), set_value(listed, sorted(keys))
    assert found.npv.value == pytest.approx(again.npv.value, abs=1e-9)
    assert found.npv.value == pytest.approx(npv_of(options), abs=1e-9)
    assert found.capital.value == sum(each.capital for each in options)
    for name, figure in found.quantities.items():
        assert figure.value == pytest.approx(quantity_of(options, name), abs=1e-9)


@given(portfolios())
def test_each_further_saving_on_a_load_adds_something_but_never_more_than_alone(
    options: list[Candidate],
) -> None:
    for end in range(1, len(options) + 1):
        last, before = options[end - 1], options[: end - 1]
        worth = sum(share.value for share in last.loads)
        added = worth - (lost([*before, last], _value) - lost(before, _value))
        assert -1e-9 <= added <= worth + 1e-9


def _value(share: LoadShare) -> float:
    return share.value


@given(portfolios(), st.randoms(use_true_random=False))
def test_gains_of_a_loading_order_add_up_in_any_order(options: list[Candidate], source: Any) -> None:
    keys = [each.key for each in options]
    source.shuffle(keys)
    steps = loading_order(options, keys)
    total = set_value(options, keys).npv.value
    assert sum(float(step.gain.value or 0.0) for step in steps) == pytest.approx(total, abs=1e-9)
    assert steps[-1].total.value == pytest.approx(total, abs=1e-9)
    assert steps[-1].capital.value == sum(each.capital for each in options)


def test_the_loading_order_shows_what_each_finds_left() -> None:
    options = [
        candidate("source", 5.0, 60.0, loads=on(WATER, 0.6, 60.0)),
        candidate("reuse", 5.0, 50.0, loads=on(WATER, 0.5, 50.0)),
    ]
    first, second = loading_order(options, ["source", "reuse"])
    assert (first.gain.value, first.saved[WATER].value) == (60.0, 60.0)
    assert second.gain.value == pytest.approx(20.0)
    assert second.saved[WATER].value == pytest.approx(20.0)
    swapped = loading_order(options, ["reuse", "source"])
    assert [step.gain.value for step in swapped] == pytest.approx([50.0, 30.0])


@pytest.mark.parametrize(("keys", "code"), [(["x"], "unknown-key"), (["a", "a"], "key-twice")])
def test_unknown_and_doubled_keys_are_refused(keys: list[str], code: str) -> None:
    for listing in (set_value, loading_order):
        with pytest.raises(UnusableInput) as refused:
            listing([candidate("a")], keys)
        assert [issue.code for issue in refused.value.issues] == [code]


def test_annual_savings_and_quantities_overlap_too() -> None:
    share = LoadShare(WATER, 0.5, 40.0, annual_saving=8.0, quantities={"t": 2.0})
    options = [
        candidate(key, 1.0, 50.0, annual_saving=10.0, quantities={"t": 3.0, "kWh": 1.0}, loads=(share,))
        for key in ("a", "b")
    ]
    found = set_value(options, ["a", "b"])
    assert found.annual_saving.value == pytest.approx(20.0 - 4.0)
    assert found.quantities["t"].value == pytest.approx(6.0 - 1.0)
    assert found.quantities["kWh"].value == 2.0
    assert found.quantities["t"].unit == "t/yr"


def test_every_figure_of_a_set_shows_its_formula_and_inputs() -> None:
    options = [candidate(key, 1.0, 50.0, loads=on(WATER, 0.5, 40.0)) for key in ("a", "b")]
    found = set_value(options, ["a", "b"])
    figures = [found.npv, found.capital, found.annual_saving, found.loads[0].saved, found.loads[0].overlap]
    for figure in figures:
        assert figure.formula is not None
        assert figure.inputs
    assert found.npv.inputs[-1] is found.loads[0].overlap


def test_figures_of_an_option_are_kept_with_their_formula() -> None:
    worked_out = Figure(text("Net present value"), 50.0, MONEY, text("as evaluated"))
    option = candidate("a", 1.0, 50.0, figures={"npv": worked_out})
    shown = set_value([option], ["a"]).npv.inputs[0]
    assert shown.formula is worked_out.formula
    assert str(shown.name) == "A: Net present value"
