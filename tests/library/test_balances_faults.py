"""What is wrong with a drawing is told in its own terms, all at once, each at its place."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from openrecp.balances.faults import flowsheet_faults
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
    Relation,
    Role,
    Stock,
    Stream,
    StreamKind,
    TransferCoefficient,
)
from openrecp.balances.periods import carried_stock, over_periods, ref_in_period
from openrecp.errors import Issue, Severity, Where
from openrecp.figures import Basis
from openrecp.texts import render


def m(value: float, sd: float = 1.0, basis: Basis = Basis.MEASURED) -> Measurement:
    return Measurement(value, sd, basis)


def at(line: int) -> Where:
    return Where(file="plant.yaml", line=line)


P, Q = Process("P", "Plating", source=at(1)), Process("Q", "Rinse", source=at(2))
IN = Stream("in", "Parts in", None, "P", flow=m(100), source=at(3))
MID = Stream("mid", "Parts between", "P", "Q", flow=m(101), source=at(4))
OUT = Stream("out", "Parts out", "Q", None, flow=m(99), source=at(5))
NI, SO = Component("Ni", "Nickel", source=at(6)), Component("SO4", "Sulphate", source=at(7))
GOOD = Flowsheet("Line", (P, Q), (IN, MID, OUT), components=(NI, SO))


def plant(**parts: Any) -> Flowsheet:
    """The good flowsheet with some parts added (``streams=``) or others put in their place (``P=``)."""
    named = {"P": P, "Q": Q, "IN": IN, "MID": MID, "OUT": OUT}
    named |= {key: value for key, value in parts.items() if key in named}
    added = {key: value for key, value in parts.items() if key not in named}
    return replace(
        GOOD,
        processes=(named["P"], named["Q"], *added.pop("processes", ())),
        streams=(named["IN"], named["MID"], named["OUT"], *added.pop("streams", ())),
        components=(*GOOD.components, *added.pop("components", ())),
        **added,
    )


def codes(flowsheet: Flowsheet) -> list[str]:
    return [issue.code for issue in flowsheet_faults(flowsheet)]


def only(flowsheet: Flowsheet) -> Issue:
    (issue,) = flowsheet_faults(flowsheet)
    assert render(issue, "en")
    return issue


def reaction(**stoichiometry: float) -> Reaction:
    return Reaction("R", "Deposition", stoichiometry, source=at(9))


def relation(*terms: tuple[float, Ref], constant: float = 0.0, sd: float = 0.0, key: str = "E") -> Relation:
    return Relation(key, f"Ratio {key}", terms, constant, sd, source=at(10))


def flow(key: str) -> Ref:
    return Ref(Quantity.FLOW, key)


def transfer(share: float, stream: str = "mid", key: str = "T", process: str = "P") -> TransferCoefficient:
    return TransferCoefficient(key, key, process, stream, share=m(share, 0.0), source=at(11))


def correlation(first: str, second: str, value: float) -> Correlation:
    return Correlation(flow(first), flow(second), value, source=at(12))


HOT = replace(Q, heat_balance=True)
WATER = Medium("water", "Water", 0.0, 0.001163)
BAD: dict[str, tuple[Flowsheet, str, int | None]] = {
    "nothing drawn": (Flowsheet("Empty", (), ()), "flowsheet-empty", None),
    "unknown process": (plant(OUT=replace(OUT, end="Z")), "key-unknown", 5),
    "misspelt process": (plant(MID=replace(MID, end="Q ")), "key-unknown-near", 4),
    "unknown component": (plant(IN=replace(IN, fractions={"Zn": m(0.1, 0.01)})), "key-unknown", 3),
    "unknown medium": (plant(IN=replace(IN, medium="oil")), "key-unknown", 3),
    "key twice": (plant(streams=(replace(OUT, name="Again", source=at(8)),)), "key-repeated", 8),
    "stock named like a stream": (
        plant(stocks=(Stock("in", "Drums", "P", m(1), m(1), source=at(8)),)),
        "key-repeated",
        8,
    ),
    "no key": (plant(streams=(Stream("", "Lost", None, "P", source=at(8)),)), "key-missing", 8),
    "stock in unknown process": (
        plant(stocks=(Stock("K", "Drums", "Z", m(1), m(1), source=at(8)),)),
        "key-unknown",
        8,
    ),
    "no ends": (plant(streams=(Stream("x", "Nowhere", None, None, source=at(8)),)), "stream-without-ends", 8),
    "to itself": (plant(streams=(Stream("x", "Loop", "P", "P", source=at(8)),)), "stream-to-itself", 8),
    "process alone": (plant(processes=(Process("Z", "Oven", source=at(8)),)), "process-alone", 8),
    "no input": (plant(IN=replace(IN, start="P", end=None)), "process-without-input", 1),
    "no output": (plant(OUT=replace(OUT, start=None, end="Q")), "process-without-output", 2),
    "negative flow": (plant(IN=replace(IN, flow=m(-5))), "flow-negative", 3),
    "negative uncertainty": (plant(IN=replace(IN, flow=m(5, -1))), "sd-negative", 3),
    "no number": (plant(IN=replace(IN, flow=m(math.nan))), "value-not-finite", 3),
    "share over one": (plant(IN=replace(IN, fractions={"Ni": m(1.2, 1.0)})), "share-impossible", 3),
    "share below zero": (plant(IN=replace(IN, fractions={"Ni": m(-0.2, 1.0)})), "share-impossible", 3),
    "shares over one": (
        plant(IN=replace(IN, fractions={"Ni": m(0.7, 0.01), "SO4": m(0.4, 0.01)})),
        "shares-over-one",
        3,
    ),
    "complete composition too small": (
        plant(IN=replace(IN, fractions={"Ni": m(0.5, 0.01)}, composition_complete=True)),
        "shares-under-one",
        3,
    ),
    "elements over one": (
        plant(components=(Component("NiSO4", "Salt", {"Ni": 0.8, "S": 0.4}, source=at(8)),)),
        "elements-over-one",
        8,
    ),
    "element share over one": (
        plant(components=(Component("X", "Salt", {"Ni": 1.5, "S": -0.6}, source=at(8)),)),
        "share-impossible",
        8,
    ),
    "reaction out of balance": (
        plant(P=replace(P, reactions=(reaction(Ni=1.0, SO4=-2.0),))),
        "reaction-unbalanced",
        9,
    ),
    "reaction of unknown": (plant(P=replace(P, reactions=(reaction(Ni=1.0, Zn=-1.0),))), "key-unknown", 9),
    "elements without elements": (plant(P=replace(P, by_elements=True)), "elements-missing", 1),
    "heat without medium": (
        plant(Q=HOT, MID=replace(MID, medium="water", temperature=m(60)), media=(WATER,)),
        "medium-missing",
        5,
    ),
    "colder than cold": (plant(IN=replace(IN, temperature=m(-300))), "temperature-impossible", 3),
    "energy with mass": (plant(IN=replace(IN, kind=StreamKind.ENERGY)), "energy-with-mass", 3),
    "relation to nothing": (plant(relations=(relation((1.0, flow("zzz"))),)), "key-unknown", 10),
    "relation of no component": (
        plant(relations=(relation((1.0, Ref(Quantity.FRACTION, "in"))),)),
        "component-missing",
        10,
    ),
    "empty relation": (plant(relations=(relation(),)), "relation-empty", 10),
    "uncertain relation": (plant(relations=(relation((1.0, flow("in")), sd=-1.0),)), "sd-negative", 10),
    "transfer of nothing": (plant(transfers=(transfer(0.5, "zzz"),)), "key-unknown", 11),
    "transfer elsewhere": (plant(transfers=(transfer(0.5, "out"),)), "transfer-elsewhere", 11),
    "transfer out of range": (plant(transfers=(transfer(-0.1),)), "transfer-impossible", 11),
    "transfers over one": (
        plant(
            streams=(Stream("w", "Waste", "P", None),),
            transfers=(transfer(0.7), transfer(0.5, "w", "U")),
        ),
        "transfers-over-one",
        11,
    ),
    "transfer twice": (plant(transfers=(transfer(0.5), transfer(0.5, key="U"))), "transfer-repeated", 11),
    "correlation over one": (
        plant(correlations=(correlation("in", "out", 1.5),)),
        "correlation-impossible",
        12,
    ),
    "correlation with itself": (
        plant(correlations=(correlation("in", "in", 0.5),)),
        "correlation-repeated",
        12,
    ),
    "correlation of nothing": (plant(correlations=(correlation("in", "zzz", 0.5),)), "key-unknown", 12),
    "correlation without measurement": (
        plant(OUT=replace(OUT, flow=None), correlations=(correlation("in", "out", 0.5),)),
        "correlation-of-unmeasured",
        12,
    ),
    "full correlation": (plant(correlations=(correlation("in", "out", 1.0),)), "correlations-impossible", 12),
}


def test_a_sound_drawing_has_no_findings() -> None:
    assert flowsheet_faults(GOOD) == ()


@pytest.mark.parametrize("name", BAD)
def test_each_mistake_is_told_at_its_place(name: str) -> None:
    flowsheet, code, line = BAD[name]
    found = [issue for issue in flowsheet_faults(flowsheet) if issue.code == code]
    assert found
    assert found[0].severity is Severity.ERROR
    assert found[0].where.line == line
    assert "{" not in render(found[0], "en")


def test_all_mistakes_come_at_once() -> None:
    bad = plant(
        IN=replace(IN, flow=m(-5)),
        OUT=replace(OUT, end="Z"),
        correlations=(correlation("in", "mid", 2.0),),
        relations=(relation(),),
    )
    assert set(codes(bad)) == {"flow-negative", "key-unknown", "correlation-impossible", "relation-empty"}


def test_a_part_without_contact_to_the_outside_is_named() -> None:
    loop = (Stream("a", "A", "X", "Y"), Stream("b", "B", "Y", "X"))
    found = flowsheet_faults(plant(processes=(Process("X", "Oven"), Process("Y", "Cooler")), streams=loop))
    assert [issue.code for issue in found] == ["part-closed", "part-apart"]
    assert found[0].values["processes"] == ["Oven", "Cooler"]


def test_a_part_of_its_own_is_only_noted() -> None:
    apart = (Stream("a", "A", None, "X"), Stream("b", "B", "X", None))
    found = only(plant(processes=(Process("X", "Oven"),), streams=apart))
    assert (found.code, found.severity) == ("part-apart", Severity.NOTE)


def test_exact_flows_that_differ_are_named_with_the_gap() -> None:
    found = only(plant(IN=replace(IN, flow=m(100, 0)), MID=replace(MID, flow=m(90, 0))))
    assert found.code == "fixed-flows-contradict"
    assert found.values["processes"] == ["Plating"]
    assert found.values["gap"] == 10.0
    assert found.values["flows"] == ["Parts in", "Parts between"]


def test_exact_flows_around_several_processes_are_held_against_each_other() -> None:
    found = only(
        plant(IN=replace(IN, flow=m(100, 0)), MID=replace(MID, flow=None), OUT=replace(OUT, flow=m(90, 0)))
    )
    assert found.code == "fixed-flows-contradict"
    assert found.values["processes"] == ["Plating", "Rinse"]


def test_exact_stocks_take_part() -> None:
    stock = Stock("K", "Bath", "P", m(30, 0), m(20, 0))
    exact = {"IN": replace(IN, flow=m(90, 0)), "MID": replace(MID, flow=m(100, 0))}
    assert codes(plant(stocks=(stock,), **exact)) == []
    assert codes(plant(stocks=(replace(stock, closing=m(25, 0)),), **exact)) == ["fixed-flows-contradict"]
    assert "fixed-flows-contradict" not in codes(plant(stocks=(replace(stock, closing=None),), **exact))


def test_exact_components_that_differ_are_told_unless_a_reaction_explains_them() -> None:
    exact = {
        "IN": replace(IN, flow=m(100, 0), fractions={"Ni": m(0.1, 0)}),
        "MID": replace(MID, flow=m(100, 0), fractions={"Ni": m(0.2, 0)}),
    }
    found = only(plant(**exact))
    assert (found.code, found.values["component"], found.values["gap"]) == (
        "fixed-components-contradict",
        "Nickel",
        -10.0,
    )
    reacting = replace(P, reactions=(reaction(Ni=1.0, SO4=-1.0),))
    assert codes(plant(P=reacting, **exact)) == []


def test_a_condition_too_many_is_told_and_a_redundant_one_is_not() -> None:
    fixed = {"IN": replace(IN, flow=m(100, 0))}
    tie = relation((1.0, flow("mid")), (-1.0, flow("in")))
    assert codes(plant(relations=(tie,), **fixed)) == []
    wrong = relation((1.0, flow("out")), (-0.5, flow("in")))
    found = only(plant(relations=(wrong,), **fixed))
    assert (found.code, found.values["relations"]) == ("relations-contradict", ["Ratio E"])
    assert codes(plant(relations=(replace(wrong, sd=1.0),), **fixed)) == []


def test_a_transfer_coefficient_that_contradicts_exact_flows_is_told() -> None:
    exact = {
        "IN": replace(IN, flow=m(100, 0)),
        "OUT": replace(OUT, flow=None),
        "MID": replace(MID, flow=None),
    }
    assert codes(plant(transfers=(transfer(0.5),), **exact)) == ["relations-contradict"]
    waste = (Stream("w", "Waste", "P", None),)
    assert codes(plant(transfers=(transfer(0.5),), streams=waste, **exact)) == []


def test_the_same_relation_twice_is_a_warning() -> None:
    one = relation((1.0, flow("in")), (-2.0, flow("out")), sd=0.0)
    two = relation((-3.0, flow("in")), (6.0, flow("out")), key="F")
    found = [
        issue for issue in flowsheet_faults(plant(relations=(one, two))) if issue.code == "relation-repeated"
    ]
    assert found[0].severity is Severity.WARNING


def test_correlations_that_cannot_be_come_with_a_factor_that_can() -> None:
    trio = [("in", "mid", 0.9), ("mid", "out", 0.9), ("in", "out", -0.9)]
    found = only(plant(correlations=tuple(correlation(*each) for each in trio)))
    assert found.code == "correlations-impossible"
    assert len(found.values["pairs"]) == 3
    # Eigenvalues are 1 - 1.8, 1.9, 1.9: the smallest reaches 0 at 1 / 1.8.
    assert found.values["factor"] == pytest.approx(1 / 1.8, abs=2e-3)
    factor = float(found.values["factor"])
    mended = tuple(correlation(one, other, value * factor) for one, other, value in trio)
    assert codes(plant(correlations=mended)) == []


def test_purchases_are_not_consumption() -> None:
    bought = replace(IN, role=Role.INPUT, flow=m(100, basis=Basis.RECORDED))
    half = Stock("K", "Drums", "P", opening=m(5), source=at(8))
    found = only(plant(IN=bought, stocks=(half,)))
    assert (found.code, found.severity, found.where.line) == (
        "purchases-not-consumption",
        Severity.WARNING,
        8,
    )
    assert codes(plant(IN=bought, stocks=(replace(half, closing=m(3)),))) == []
    found = only(plant(IN=bought))
    assert (found.code, found.severity) == ("purchases-without-stock", Severity.NOTE)


def test_a_waste_smaller_than_the_error_of_the_large_flows_is_told() -> None:
    waste = Stream("w", "Sludge", "P", None, role=Role.WASTE, source=at(8))
    # ± 1.96 x sqrt(1 + 1) = 2.77.
    found = only(plant(MID=replace(MID, flow=m(98)), streams=(waste,)))
    assert (found.code, found.values["size"], found.values["error"]) == ("waste-within-error", 2.0, 2.77)
    assert codes(plant(MID=replace(MID, flow=m(97)), streams=(waste,))) == []
    assert codes(plant(streams=(replace(waste, flow=m(2.7)),))) == ["waste-within-error"]


def test_a_temperature_that_is_missing_is_only_noted() -> None:
    wet = {"MID": replace(MID, medium="water", temperature=m(60)), "OUT": replace(OUT, medium="water")}
    found = only(plant(Q=HOT, media=(WATER,), **wet))
    assert (found.code, found.severity, found.where.line) == ("temperature-missing", Severity.NOTE, 5)


def test_periods_are_linked_through_their_stocks() -> None:
    first = plant(
        stocks=(Stock("K", "Bath", "P", m(50), m(40)),), correlations=(correlation("in", "mid", 0.5),)
    )
    second = replace(first, stocks=(Stock("K", "Bath", "P", m(42), None),))
    tied = relation(
        (1.0, Ref(Quantity.OPENING, "K")), (1.0, Ref(Quantity.CLOSING, "K")), constant=80.0, sd=9.0
    )
    both = over_periods((replace(first, relations=(tied,)), second), ("Jan", "Feb"))
    assert [process.key for process in both.processes] == ["P@Jan", "Q@Jan", "P@Feb", "Q@Feb"]
    link = next(stream for stream in both.streams if stream.key == carried_stock("K", "Jan"))
    assert (link.start, link.end) == ("P@Jan", "P@Feb")
    # Two counts of the same stock, each with sd 1: their mean, with sd 1/sqrt(2).
    assert link.flow is not None
    assert (link.flow.value, link.flow.sd) == (41.0, pytest.approx(0.5**0.5))
    start, end = both.stocks
    assert (start.key, start.opening, start.closing) == ("K@Jan", m(50), m(0, 0))
    assert (end.key, end.opening, end.closing) == ("K@Feb", m(0, 0), None)
    assert [ref.key for _, ref in both.relations[0].terms] == ["K@Jan", "closing K@Jan"]
    assert both.correlations[1].first.key == "in@Feb"
    assert [issue for issue in flowsheet_faults(both) if issue.severity is Severity.ERROR] == []
    assert ref_in_period(Ref(Quantity.CLOSING, "K"), 1, ("Jan", "Feb")) == Ref(Quantity.CLOSING, "K@Feb")


def test_the_same_count_entered_twice_is_one_count() -> None:
    one = plant(stocks=(Stock("K", "Bath", "P", m(50), m(40)),))
    two = plant(stocks=(Stock("K", "Bath", "P", m(40), m(30)),))
    link = over_periods((one, two), ("1", "2")).streams[-1]
    assert link.flow == m(40)
    assert over_periods((one,), ("1",)) == one


def test_periods_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="period of its own"):
        over_periods((GOOD, GOOD), ("1", "1"))
    with pytest.raises(ValueError, match="stocks"):
        over_periods((GOOD, plant(stocks=(Stock("K", "Bath", "P"),))), ("1", "2"))
    with pytest.raises(ValueError, match="units"):
        over_periods((GOOD, replace(GOOD, unit="t")), ("1", "2"))
