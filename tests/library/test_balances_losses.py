"""Gaps of balances as measured and losses in mass and money: which are told from measuring error."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from dense_reconciliation import solve
from drawn_flowsheets import random_flowsheet
from hypothesis import given
from hypothesis import strategies as st

from openrecp.balances.closure import ClosureState
from openrecp.balances.equations import Layer, System, equations_of
from openrecp.balances.flowsheet import (
    Component,
    Correlation,
    Flowsheet,
    Measurement,
    Medium,
    Process,
    Quantity,
    Reaction,
    Ref,
    Role,
    Stock,
    Stream,
    StreamKind,
)
from openrecp.balances.losses import (
    LossOrigin,
    MeasuredClosure,
    UnaccountedLoss,
    closures,
    unaccounted_losses,
)
from openrecp.balances.problems import LinearProblem, Reconciliation
from openrecp.texts import render

_UNIT = Process("u", "Unit")
_HALF = 1.959964


def _m(value: float, sd: float = 1.0) -> Measurement:
    return Measurement(value, sd)


def _feed(**changes: object) -> Flowsheet:
    """Closed form: 1000 ± 10 enter, 930 ± 5 and 40 ± 2 leave; the gap is 30 with sd sqrt(129)."""
    streams = (
        Stream("feed", "Feed", None, "u", flow=_m(1000, 10), price=3.0),
        Stream("product", "Product", "u", None, flow=_m(930, 5)),
        Stream("waste", "Waste", "u", None, flow=_m(40, 2)),
    )
    sheet = Flowsheet("Plant", (_UNIT,), streams, currency="TWD")
    return replace(sheet, **changes)  # type: ignore[arg-type]


def _with_loss(**changes: object) -> Flowsheet:
    loss = Stream("loss", "Evaporation", "u", None, role=Role.LOSS)
    return _feed(streams=(*_feed().streams, replace(loss, **changes)))  # type: ignore[arg-type]


def _closure(
    sheet: Flowsheet, process: str | None, layer: Layer, component: str | None = None
) -> MeasuredClosure:
    (found,) = (
        each
        for each in closures(sheet)
        if (each.process, each.layer, each.component) == (process, layer, component)
    )
    return found


def _reconciled(system: System) -> Reconciliation:
    found = solve(system.problem)
    nothing = np.full(len(found.values), np.nan)
    problem = system.problem
    touching = problem if isinstance(problem, LinearProblem) else None
    return Reconciliation(
        found.values,
        found.sds,
        np.zeros(len(nothing), np.int8),
        nothing,
        nothing,
        nothing,
        found.chi2,
        found.redundancy,
        touching,  # type: ignore[arg-type]
    )


def _losses(sheet: Flowsheet) -> tuple[UnaccountedLoss, ...]:
    system = equations_of(sheet)
    return unaccounted_losses(sheet, system, _reconciled(system))


def test_a_gap_beyond_the_error_of_the_meters_is_a_loss() -> None:
    found = _closure(_feed(), "u", Layer.TOTAL)
    assert (found.inputs, found.outputs, found.gap) == (1000.0, 970.0, 30.0)
    assert found.sd == pytest.approx(11.357816691600547, rel=1e-12)
    assert (found.low, found.high) == pytest.approx((7.739088341455059, 52.26091165854494), rel=1e-6)
    assert found.state is ClosureState.GAP
    assert found.share == pytest.approx(0.03)
    assert "30.0 kg/yr are unaccounted for, between 7.74 and 52.3 at 95 % confidence" in render(
        found.note, "en"
    )


def test_the_same_gap_of_worse_meters_is_within_their_error() -> None:
    worse = tuple(
        replace(stream, flow=replace(stream.flow, sd=stream.flow.sd * 2))
        for stream in _feed().streams
        if stream.flow is not None
    )
    found = _closure(_feed(streams=worse), "u", Layer.TOTAL)
    assert found.state is ClosureState.WITHIN
    assert "± 44.5 kg/yr at 95 %" in render(found.note, "en")


def test_more_that_leaves_than_enters_is_an_excess() -> None:
    streams = (replace(_feed().streams[0], flow=_m(900, 10)), *_feed().streams[1:])
    found = _closure(_feed(streams=streams), "u", Layer.TOTAL)
    assert found.state is ClosureState.EXCESS
    assert found.gap == -70.0
    assert "70.0 kg/yr more leave than enter" in render(found.note, "en")


def test_the_level_decides_and_is_stated() -> None:
    (strict, _) = closures(_feed(), level=0.999)
    assert strict.state is ClosureState.WITHIN
    assert "99.9 %" in render(strict.note, "en")
    with pytest.raises(ValueError, match="level"):
        closures(_feed(), level=95)


def test_a_balance_with_an_unmeasured_flow_stays_open_and_says_which() -> None:
    streams = (*_feed().streams[:2], replace(_feed().streams[2], flow=None))
    found = _closure(_feed(streams=streams), "u", Layer.TOTAL)
    assert found.state is ClosureState.OPEN
    assert math.isnan(found.gap)
    assert found.missing == (Ref(Quantity.FLOW, "waste"),)
    assert render(found.note, "en") == "The balance stays open: not known: flow of Waste."
    assert found.gap_figure.value is None


def test_a_process_without_outputs_stays_open() -> None:
    found = _closure(_feed(streams=_feed().streams[:1]), "u", Layer.TOTAL)
    assert found.state is ClosureState.OPEN
    assert render(found.note, "en") == "The balance stays open: no output is given."


def test_a_loss_stream_that_nobody_measures_is_the_gap() -> None:
    found = _closure(_with_loss(), "u", Layer.TOTAL)
    assert found.gap == 30.0
    assert found.through == ("loss",)


def test_a_measured_loss_stream_is_an_output() -> None:
    found = _closure(_with_loss(flow=_m(25, 1)), "u", Layer.TOTAL)
    assert found.gap == 5.0
    assert found.through == ()


def test_correlated_errors_count_with_their_sign() -> None:
    """Var = 100 + 25 + 4 - 2 x 0.5 x 10 x 5 for errors of feed and product that go together."""
    pair = Correlation(Ref(Quantity.FLOW, "feed"), Ref(Quantity.FLOW, "product"), 0.5)
    assert _closure(_feed(correlations=(pair,)), "u", Layer.TOTAL).sd == pytest.approx(math.sqrt(79))


def test_stock_that_grew_is_no_loss() -> None:
    stocks = (Stock("k", "Tank", "u", _m(100, 3), _m(125, 3)),)
    found = _closure(_feed(stocks=stocks), "u", Layer.TOTAL)
    assert (found.stock_change, found.gap) == (25.0, 5.0)
    assert found.sd == pytest.approx(math.sqrt(129 + 18))


def test_purchases_and_stocks_against_consumption() -> None:
    """Closed form: 120 + 500 - 95 - 520 = 5, variance 9 + 4 + 9 + 36."""
    sheet = Flowsheet(
        "Store",
        (_UNIT,),
        (Stream("b", "", None, "u", flow=_m(500, 2)), Stream("c", "", "u", None, flow=_m(520, 6))),
        stocks=(Stock("k", "", "u", _m(120, 3), _m(95, 3)),),
    )
    found = _closure(sheet, "u", Layer.TOTAL)
    assert found.gap == 5.0
    assert found.sd**2 == pytest.approx(58.0)
    assert found.state is ClosureState.WITHIN


def test_the_error_of_a_component_flow_is_that_of_flow_and_share() -> None:
    """Copper 1000 x 0.02 in and 930 x 0.021 out: var = 0.02² 10² + 1000² 0.001² + 0.021² 5² + 930² 0.001²."""
    streams = (
        replace(_feed().streams[0], fractions={"Cu": _m(0.02, 0.001)}),
        replace(_feed().streams[1], fractions={"Cu": _m(0.021, 0.001)}),
        replace(_feed().streams[2], composition_complete=True),
    )
    sheet = _feed(streams=streams, components=(Component("Cu", "Copper"),))
    found = _closure(sheet, "u", Layer.COMPONENT, "Cu")
    assert found.gap == pytest.approx(20 - 19.53)
    assert found.sd**2 == pytest.approx(0.04 + 1.0 + 0.011025 + 0.8649)
    assert found.state is ClosureState.WITHIN


def test_an_unknown_share_is_named_with_its_component() -> None:
    streams = (replace(_feed().streams[0], fractions={"Cu": _m(0.02, 0.001)}), *_feed().streams[1:])
    sheet = _feed(streams=streams, components=(Component("Cu", "Copper"),))
    note = render(_closure(sheet, "u", Layer.COMPONENT, "Cu").note, "en")
    assert note == "The balance stays open: not known: share of Copper in Product, share of Copper in Waste."


def test_a_long_list_of_unknown_numbers_is_cut_short() -> None:
    streams = tuple(Stream(f"s{number}", f"S{number}", None, "u") for number in range(9))
    found = _closure(Flowsheet("x", (_UNIT,), (*streams, _feed().streams[1])), "u", Layer.TOTAL)
    assert len(found.missing) == 9
    assert render(found.reason, "en").endswith("flow of S4, flow of S5, and 3 more")


def test_the_plant_counts_only_what_crosses_its_border() -> None:
    streams = (
        Stream("in", "", None, "u", flow=_m(100, 1)),
        Stream("between", "", "u", "v", flow=_m(500, 1)),
        Stream("out", "", "v", None, flow=_m(90, 1)),
    )
    found = _closure(Flowsheet("x", (_UNIT, Process("v", "V")), streams), None, Layer.TOTAL)
    assert (found.inputs, found.outputs, found.gap) == (100.0, 90.0, 10.0)
    assert found.sd == pytest.approx(math.sqrt(2))


def test_a_component_that_reacts_is_balanced_with_what_is_made_of_it() -> None:
    reaction = Reaction("r", "", {"A": -1.0, "B": 1.0}, extent=_m(20, 2))
    sheet = Flowsheet(
        "x",
        (Process("u", "", reactions=(reaction,)),),
        (
            Stream(
                "in", "", None, "u", flow=_m(100, 1), fractions={"A": _m(1, 0)}, composition_complete=True
            ),
            Stream("out", "", "u", None, flow=_m(100, 1), fractions={"A": _m(0.8, 0), "B": _m(0.2, 0)}),
        ),
        (Component("A", "A"), Component("B", "B")),
    )
    found = _closure(sheet, "u", Layer.COMPONENT, "A")
    assert (found.inputs, found.outputs, found.made) == (100.0, 80.0, -20.0)
    assert found.gap == pytest.approx(0.0, abs=1e-12)
    assert found.sd**2 == pytest.approx(1 + 0.64 + 4)


def test_elements_close_where_components_do_not_last() -> None:
    sheet = Flowsheet(
        "x",
        (Process("u", "", by_elements=True),),
        (
            Stream(
                "in", "", None, "u", flow=_m(16, 0.1), fractions={"CH4": _m(1, 0)}, composition_complete=True
            ),
            Stream(
                "out", "", "u", None, flow=_m(44, 0.1), fractions={"CO2": _m(1, 0)}, composition_complete=True
            ),
        ),
        (Component("CH4", "", {"C": 0.75}), Component("CO2", "", {"C": 12 / 44})),
    )
    assert _closure(sheet, "u", Layer.ELEMENT, "C").gap == pytest.approx(0.0, abs=1e-12)
    assert all(each.layer is not Layer.COMPONENT for each in closures(sheet))


def test_energy_is_closed_with_what_the_media_carry() -> None:
    """100 kg from 20 to 70 °C take 5.8 of 6.5 kWh; 0.7 kWh are lost, var = (0.058 x 1)² + 2 (0.116 x 0.5)² + 0.01²."""
    sheet = Flowsheet(
        "x",
        (Process("u", "", heat_balance=True),),
        (
            Stream("cold", "", None, "u", flow=_m(100, 0), medium="w", temperature=_m(20, 0.5)),
            Stream("hot", "", "u", None, flow=_m(100, 1), medium="w", temperature=_m(70, 0.5)),
            Stream("power", "", None, "u", kind=StreamKind.ENERGY, energy=_m(6.5, 0.01)),
        ),
        media=(Medium("w", "", 0.0, 0.00116),),
    )
    found = _closure(sheet, "u", Layer.ENERGY)
    assert found.gap == pytest.approx(0.7)
    assert found.sd**2 == pytest.approx(0.0812**2 + 2 * 0.058**2 + 0.01**2)
    assert found.unit == "kWh/yr"
    assert _closure(sheet, None, Layer.ENERGY).gap == pytest.approx(0.7)


def test_exact_numbers_that_add_up_close_exactly() -> None:
    streams = tuple(
        replace(stream, flow=_m(value, 0))
        for stream, value in zip(_feed().streams, (0.3, 0.1, 0.2), strict=True)
    )
    assert _closure(_feed(streams=streams), "u", Layer.TOTAL).state is ClosureState.WITHIN


@given(st.integers(0, 2**32 - 1))
def test_the_plant_is_the_sum_of_its_processes_where_all_close(seed: int) -> None:
    sheet = random_flowsheet(seed)
    totals = {each.process: each for each in closures(sheet) if each.layer is Layer.TOTAL}
    if all(each.state is not ClosureState.OPEN for each in totals.values()):
        parts = math.fsum(each.gap for key, each in totals.items() if key is not None)
        assert totals[None].gap == pytest.approx(parts, abs=1e-9)
    for each in closures(sheet):
        assert (each.state is ClosureState.OPEN) == math.isnan(each.gap) == (each.reason is not None)


def test_a_loss_stream_has_mass_and_money_with_their_intervals() -> None:
    (loss,) = _losses(_with_loss())
    assert loss.origin is LossOrigin.STREAM
    assert (loss.amount, loss.sd) == pytest.approx((30.0, 11.357816691600547))
    assert loss.probability == pytest.approx(0.9958712149428494)
    assert loss.significant
    assert loss.money == pytest.approx(90.0)
    assert loss.money_interval == pytest.approx(
        (3 * (30 - _HALF * loss.sd), 3 * (30 + _HALF * loss.sd)), rel=1e-6
    )
    assert loss.money_figure.unit == "TWD/yr"
    assert loss.price is not None
    assert render(loss.price.basis, "en") == "mean purchase price of what enters Unit"
    assert [part.value for part in loss.money_figure.inputs] == pytest.approx([30.0, 3.0])


def test_a_loss_beside_a_redundant_unit_is_that_of_the_reconciled_plant() -> None:
    """Closed form: 1000, 960, 930, 40 with sd 10, 8, 5, 2 give a loss of 33.118 ± 10.952."""
    streams = (
        Stream("feed", "", None, "u", flow=_m(1000, 10)),
        Stream("A", "", "u", "v", flow=_m(960, 8)),
        Stream("product", "", "v", None, flow=_m(930, 5)),
        Stream("waste", "", "v", None, flow=_m(40, 2)),
        Stream("loss", "Loss", "u", None, role=Role.LOSS),
    )
    first, second = _losses(Flowsheet("x", (_UNIT, Process("v", "V")), streams))
    assert (first.amount, first.sd) == pytest.approx((33.118279569892366, 10.952487810872553))
    assert (first.low, first.high) == pytest.approx((11.651797919468223, 54.58476122031651), rel=1e-6)
    assert (second.key, second.amount, second.state) == ("v", -10.0, ClosureState.WITHIN)


def test_a_process_without_a_loss_stream_loses_its_gap() -> None:
    (loss,) = _losses(_feed())
    assert (loss.key, loss.origin, loss.amount) == ("u", LossOrigin.GAP, 30.0)
    assert loss.money == pytest.approx(90.0)
    assert loss.amount_figure.inputs[0].value == 30.0


def test_the_price_of_a_stream_comes_before_the_mean_of_what_enters() -> None:
    (loss,) = _losses(_with_loss(price=7.0))
    assert loss.money == pytest.approx(210.0)


def test_what_is_in_a_loss_gives_its_worth() -> None:
    """The loss carries a tenth of a metal that costs 50."""
    sheet = replace(
        _with_loss(fractions={"Cu": _m(0.1, 0.01)}), components=(Component("Cu", "Copper", price=50.0),)
    )
    (loss,) = (each for each in _losses(sheet) if each.origin is LossOrigin.STREAM)
    assert loss.price is not None
    assert loss.price.value == pytest.approx(5.0)


def test_the_mean_price_is_weighted_by_what_is_bought() -> None:
    streams = (
        Stream("a", "", None, "u", flow=_m(100), price=1.0),
        Stream("b", "", None, "u", flow=_m(300), price=5.0),
        Stream("air", "", None, "u", flow=_m(50)),
        Stream("c", "", "u", None, flow=_m(400)),
        Stream("loss", "", "u", None, role=Role.LOSS),
    )
    (loss,) = _losses(Flowsheet("x", (_UNIT,), streams, currency="TWD"))
    assert loss.price is not None
    assert loss.price.value == pytest.approx(4.0)


def test_the_dearest_loss_that_is_told_from_error_stands_first() -> None:
    processes = tuple(Process(key, key) for key in ("dear", "cheap", "unsure", "open"))
    streams: list[Stream] = []
    for key, enters, sd, price in (
        ("cheap", 100.0, 1.0, 1.0),
        ("unsure", 1000.0, 80.0, 9.0),
        ("dear", 20.0, 0.1, 9.0),
    ):
        streams.append(Stream(f"{key}-in", "", None, key, flow=_m(enters, sd), price=price))
        streams.append(Stream(f"{key}-out", "", key, None, flow=_m(enters * 0.9, sd)))
    streams.append(Stream("open-in", "", None, "open", flow=_m(5)))
    streams.append(Stream("open-out", "", "open", None))
    found = _losses(Flowsheet("x", processes, tuple(streams), currency="TWD"))
    assert [each.key for each in found if each.state is ClosureState.GAP] == ["dear", "cheap"]
    assert [each.key for each in found if each.state is ClosureState.WITHIN] == ["unsure"]
    assert {each.key for each in found if each.state is ClosureState.OPEN} == {"open", ""}


def test_a_solvent_that_vanishes_from_a_large_flow_is_named_by_its_component() -> None:
    """Two readings of 1000 ± 5 hide a loss of 8 ± 0.6 of solvent in the total, not in its own balance."""
    streams = (
        Stream("in", "", None, "u", flow=_m(1000, 5), fractions={"s": _m(0.02, 0.0003)}),
        Stream("out", "", "u", None, flow=_m(995, 5), fractions={"s": _m(0.012, 0.0003)}),
    )
    sheet = Flowsheet("x", (_UNIT,), streams, (Component("s", "Solvent", price=40.0),), currency="TWD")
    first, second = _losses(sheet)
    assert first.component == "s"
    assert first.amount == pytest.approx(20 - 11.94)
    assert first.money == pytest.approx(40 * 8.06)
    assert render(first.name, "en") == "Solvent in Unit"
    assert second.state is ClosureState.WITHIN


def test_a_loss_that_nothing_gives_is_last_and_says_why() -> None:
    streams = (
        *_with_loss().streams[:2],
        replace(_with_loss().streams[2], flow=None),
        _with_loss().streams[3],
    )
    (loss,) = _losses(_feed(streams=streams))
    assert loss.state is ClosureState.OPEN
    assert math.isnan(loss.probability)
    assert "cannot be told" in render(loss.note, "en")
    assert loss.money is None


def test_a_loss_held_at_its_bound_is_not_told_from_error() -> None:
    sheet = _with_loss()
    system = equations_of(sheet)
    reconciled = _reconciled(system)
    held = np.zeros(len(reconciled.values), bool)
    held[system.position(Ref(Quantity.FLOW, "loss"))] = True
    (loss,) = unaccounted_losses(sheet, system, replace(reconciled, at_bound=held))
    assert loss.state is ClosureState.WITHIN
    assert "Not told from the error of the meters" in render(loss.note, "en")
    unsure = replace(reconciled, at_bound=held, sds=np.full(len(held), np.nan))
    (loss,) = unaccounted_losses(sheet, system, unsure)
    assert loss.state is ClosureState.OPEN


def test_a_level_that_is_none_is_refused() -> None:
    system = equations_of(_feed())
    with pytest.raises(ValueError, match="level"):
        unaccounted_losses(_feed(), system, _reconciled(system), (), level=1.0)
