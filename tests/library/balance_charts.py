"""Pictures of balances in every shape they may take, and a strategy for any other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from balance_plant import large_plant, small_plant
from hypothesis import strategies as st
from report_sample import NASTY

from openrecp.reports.charts.flow_specs import (
    BalancePicture,
    FlowDiagram,
    SankeyDiagram,
    SankeyNode,
    SankeySection,
    SankeyStream,
    State,
)

N, S = SankeyNode, SankeyStream
LONG = "第一生產線鍍鎳槽帶出液與後續三道溢流水洗所產生之含鎳混合廢水源流"


def as_flow(chart: SankeyDiagram) -> FlowDiagram:
    return FlowDiagram(chart.nodes, chart.streams, chart.unit, chart.sections, chart.detail)


CHARTS: dict[str, SankeyDiagram] = {
    "small plant": small_plant(),
    "plant in full": replace(large_plant(), detail="full"),
    "plant in sections": large_plant(),
    "long names": SankeyDiagram(
        (N("a", LONG), N("b", "Three-stage counter-current rinsing with conductivity control")),
        (
            S("1", LONG, None, "a", 10, 0.3),
            S("2", "A stream whose name never seems to come to its end at all", "a", "b", 9.5, 0.3),
            S("3", LONG, "b", None, 9, 0.2, loss=True),
        ),
        "kg/d",
    ),
    "tiny beside large": SankeyDiagram(
        (N("a", "Mixer"), N("b", "Reactor")),
        (
            S("1", "Feed", None, "a", 1000, 5),
            S("2", "Catalyst", None, "a", 0.02, 0.001),
            S("3", "Mix", "a", "b", 1000, 5),
            S("4", "Trace", "b", None, 1e-5, 1e-6, loss=True),
            S("5", "Product", "b", None, 1000, 9, product=True),
        ),
        "t/yr",
    ),
    "loop at one box": SankeyDiagram(
        (N("a", "Mill"), N("b", "Sieve")),
        (
            S("1", "Feed", None, "a", 10, 1),
            S("2", "Circulation", "a", "a", 5, 1),
            S("3", "Milled", "a", "b", 10, 1),
            S("4", "Oversize", "b", "a", 3, 0.5),
            S("5", "Fines", "b", None, 10, 1, product=True),
        ),
        "t/d",
    ),
    "side by side": SankeyDiagram(
        (N("a", "Boiler"), N("b", "Plant")),
        (
            S("1", "Fuel", None, "a", 30, 1),
            S("2", "Steam 1", "a", "b", 10, 1),
            S("3", "Steam 2", "a", "b", 8, 2, "computed"),
            S("4", "Steam 3", "a", "b", None, None, "unobservable"),
            S("5", "Condensate", "b", "a", 8, 0.5),
            S("6", "Heat lost", "b", None, 12, 4, "estimated", loss=True),
        ),
        "GWh/yr",
    ),
    "only a loop of two": SankeyDiagram(
        (N("a", "A"), N("b", "B")),
        (S("1", "there", "a", "b", 10, 1), S("2", "back", "b", "a", 10, 1)),
        "t/yr",
    ),
    "parts apart": SankeyDiagram(
        (N("a", "A"), N("b", "B"), N("c", "C"), N("d", "D"), N("e", "Lonely store", "stock")),
        (
            S("1", "in", None, "a", 10, 1),
            S("2", "on", "a", "b", 10, 1),
            S("3", "out", "b", None, 10, 1, product=True),
            S("4", "in", None, "c", 4, 1),
            S("5", "on", "c", "d", 4, 1),
            S("6", "out", "d", None, 4, 1, loss=True),
        ),
        "t/yr",
    ),
    "nothing flows": SankeyDiagram(
        (N("a", "A"), N("b", "B")),
        (S("1", "in", None, "a", 0, 0), S("2", "on", "a", "b", 0, 1), S("3", "out", "b", None, 0, 0)),
        "t/yr",
    ),
    "against its direction": SankeyDiagram(
        (N("a", "A"), N("b", "B")),
        (
            S("1", "in", None, "a", 10, 1),
            S("2", "on", "a", "b", 12, 1),
            S("3", "leak", "a", None, -2, 1.5, "computed", loss=True),
            S("4", "back", "b", "a", -1, 0.1),
        ),
        "t/yr",
    ),
    "one stream": SankeyDiagram((N("a", "A"),), (S("1", "in", None, "a", 10, 1),), "t/yr"),
    "nothing known": SankeyDiagram(
        (N("a", "A"), N("b", "B")),
        (
            S("1", "in", None, "a", None, None, "unobservable"),
            S("2", "on", "a", "b", None, None, "unobservable"),
            S("3", "out", "b", None, math.nan, None, "measured"),
        ),
        "t/yr",
    ),
    "empty": SankeyDiagram((), (), "t/yr"),
    "less sure than large": SankeyDiagram(
        (N("a", "A"), N("b", "B")),
        (
            S("1", "in", None, "a", 10, 8),
            S("2", "on", "a", "b", 10, 3),
            S("3", "x", "b", None, 1, 300, loss=True),
        ),
        "t/yr",
    ),
    "nasty words": SankeyDiagram(
        (N("a", NASTY, section="s"), N("e", NASTY, "environment")),
        (S('<&">', NASTY, "e", "a", 3, 1), S("]]>", "{x} ![](y)", "a", None, 3, 1, loss=True)),
        NASTY,
        (SankeySection("s", NASTY),),
    ),
}
STATES: tuple[State, ...] = ("measured", "estimated", "computed", "unobservable")


@st.composite
def diagrams(draw: st.DrawFn) -> SankeyDiagram:
    count = draw(st.integers(1, 9))
    sections = tuple(
        SankeySection(f"s{index}", f"Section {index}") for index in range(draw(st.integers(0, 3)))
    )
    keys = st.sampled_from([f"n{index}" for index in range(count)])
    places = st.sampled_from(["", *(section.key for section in sections)])
    nodes = tuple(
        N(f"n{index}", f"Box {index}", draw(st.sampled_from(("process", "stock"))), draw(places))
        for index in range(count)
    )
    value = st.one_of(st.none(), st.floats(-5, 100), st.floats(0, 1e-3), st.floats(0))
    streams = tuple(
        S(
            str(index),
            "水 stream",
            draw(st.one_of(st.none(), keys)),
            draw(keys),
            draw(value),
            draw(st.one_of(st.none(), st.floats(0, 20), st.floats(0))),
            draw(st.sampled_from(STATES)),
            draw(st.booleans()),
            draw(st.booleans()),
        )
        for index in range(draw(st.integers(0, 24)))
    )
    return SankeyDiagram(
        nodes, streams, "t/yr", sections, draw(st.sampled_from(("auto", "full", "sections")))
    )


def every_chart() -> Iterator[tuple[str, BalancePicture]]:
    for name, chart in CHARTS.items():
        yield f"sankey of {name}", chart
        yield f"flow diagram of {name}", as_flow(chart)
