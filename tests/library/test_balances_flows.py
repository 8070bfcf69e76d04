"""An analysed balance as a picture: values, how each is known, stocks, units, and what cannot be drawn."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path

import pytest

from openrecp.assessment.examples import example_files
from openrecp.assessment.flowsheets.build import built_flowsheet
from openrecp.assessment.flowsheets.files import read_flowsheet
from openrecp.balances.analysis import BalanceAnalysis, analyse_balance
from openrecp.balances.flowsheet import (
    Component,
    Flowsheet,
    Measurement,
    Medium,
    Process,
    Role,
    Stock,
    Stream,
    StreamKind,
)
from openrecp.balances.periods import over_periods
from openrecp.errors import UnusableInput
from openrecp.figures import Basis
from openrecp.reports.balance_flows import (
    FlowContent,
    balance_diagram,
    balance_flow_diagram,
    drawable_contents,
)
from openrecp.reports.charts.flow_specs import FlowDiagram, SankeyDiagram, SankeyStream
from openrecp.texts import render


@pytest.fixture(scope="module")
def plating(tmp_path_factory: pytest.TempPathFactory) -> BalanceAnalysis:
    contents = example_files("balance")
    name = next(name for name in contents if name.endswith(".yaml"))
    path: Path = tmp_path_factory.mktemp("plating") / name
    path.write_bytes(contents[name])
    built = built_flowsheet(read_flowsheet(path).document)
    return analyse_balance(built.flowsheet, built.costs)


def streams_of(diagram: SankeyDiagram) -> dict[str, SankeyStream]:
    return {stream.key: stream for stream in diagram.streams}


def gaps(diagram: SankeyDiagram) -> dict[str, float]:
    """What enters less what leaves each process."""
    found: dict[str, float] = defaultdict(float)
    for stream in diagram.streams:
        for end, sign in ((stream.end, 1.0), (stream.start, -1.0)):
            if end is not None:
                found[end] += sign * (stream.value or 0.0)
    return {node.key: found[node.key] for node in diagram.nodes if node.kind == "process"}


def total(diagram: SankeyDiagram) -> float:
    return sum(stream.value or 0.0 for stream in diagram.streams)


def test_values_are_the_reconciled_ones_in_a_unit_that_reads_well(plating: BalanceAnalysis) -> None:
    drawn = balance_diagram(plating)
    flow = plating.amounts.flow(next(each for each in plating.flowsheet.streams if each.key == "water"))
    assert drawn.unit == "t/month"
    assert streams_of(drawn)["water"].value == pytest.approx(flow.value / 1000.0)
    assert streams_of(drawn)["water"].sd == pytest.approx(flow.sd / 1000.0)


def test_how_each_stream_is_known_is_told(plating: BalanceAnalysis) -> None:
    states = {key: stream.state for key, stream in streams_of(balance_diagram(plating)).items()}
    assert states["water"] == states["buy"] == "measured"
    assert states["dragout"] == states["deposit"] == "estimated"
    assert states["leak"] == states["over"] == "computed"


def test_a_reading_that_is_left_out_is_computed(plating: BalanceAnalysis) -> None:
    assert streams_of(balance_diagram(plating))["waste"].state == "measured"
    assert streams_of(balance_diagram(plating.cleaned))["waste"].state == "computed"


def test_products_and_losses_are_marked(plating: BalanceAnalysis) -> None:
    drawn = balance_diagram(plating).streams
    assert {each.key for each in drawn if each.product} == {"deposit"}
    assert {each.key for each in drawn if each.loss} == {"vapour", "leak", "drag2", "sludge", "effluent"}


@pytest.mark.parametrize("what", [FlowContent.MASS, FlowContent.COMPONENT, FlowContent.COST])
def test_every_process_balances_in_the_picture(plating: BalanceAnalysis, what: FlowContent) -> None:
    drawn = balance_diagram(plating.cleaned, what)
    assert max(map(abs, gaps(drawn).values())) < 1e-6 * total(drawn)


def test_stocks_stand_as_what_was_there_and_what_is_left(plating: BalanceAnalysis) -> None:
    drawn = balance_diagram(plating)
    stocks = {node.key for node in drawn.nodes if node.kind == "stock"}
    found = streams_of(drawn)
    assert stocks == {"STOCK opening", "STOCK closing"}
    assert (found["STOCK opening"].start, found["STOCK opening"].end) == ("STOCK opening", "STORE")
    assert (found["STOCK closing"].start, found["STOCK closing"].end) == ("STORE", "STOCK closing")
    assert found["STOCK opening"].value == pytest.approx(0.42, abs=0.01)


def test_a_component_is_drawn_where_it_is(plating: BalanceAnalysis) -> None:
    drawn = balance_diagram(plating.cleaned, FlowContent.COMPONENT, "nickel")
    keys = set(streams_of(drawn))
    assert {"deposit", "leak", "STOCK opening"} <= keys
    assert not {"water", "di", "makeup", "chem", "vapour"} & keys
    assert drawn.unit == "kg/month"
    assert streams_of(drawn)["anode"].state == "measured"
    assert streams_of(drawn)["return"].state == "computed"


def test_costs_that_arise_in_a_process_come_in_there(plating: BalanceAnalysis) -> None:
    found = streams_of(balance_diagram(plating.cleaned, FlowContent.COST))
    costs = plating.cleaned.costs
    assert costs is not None
    assert found["BATH $"].value == pytest.approx(336_000.0)
    assert found["WWT $w"].value == pytest.approx(38_100.0)
    entering = sum(each.value or 0.0 for each in found.values() if each.start is None)
    assert entering == pytest.approx(costs.total_cost)


def test_the_flow_diagram_shows_the_same(plating: BalanceAnalysis) -> None:
    sankey, flows = balance_diagram(plating), balance_flow_diagram(plating)
    assert isinstance(flows, FlowDiagram)
    assert (flows.nodes, flows.streams, flows.unit) == (sankey.nodes, sankey.streams, sankey.unit)


def test_heat_is_flow_times_enthalpy() -> None:
    water = Medium("w", "Water", 0.0, 1.163)
    boiler = Flowsheet(
        "Boiler",
        (Process("b", "Boiler", heat_balance=True),),
        (
            Stream("cold", "Cold", None, "b", medium="w", flow=Measurement(100.0, 1.0), temperature=Measurement(20.0, 0.5), role=Role.INPUT),
            Stream("gas", "Gas", None, "b", kind=StreamKind.ENERGY, role=Role.INPUT),
            Stream("hot", "Hot", "b", None, medium="w", temperature=Measurement(80.0, 0.5), role=Role.PRODUCT),
        ),
        media=(water,),
        unit="t",
    )  # fmt: skip
    drawn = balance_diagram(analyse_balance(boiler), FlowContent.ENERGY)
    found = streams_of(drawn)
    assert found["cold"].value == pytest.approx(100.0 * 1.163 * 20.0)
    assert found["cold"].sd == pytest.approx(1.163 * math.hypot(20.0 * 1.0, 100.0 * 0.5), rel=1e-6)
    assert found["gas"].value == pytest.approx(100.0 * 1.163 * 60.0)
    assert (found["gas"].state, found["hot"].state, drawn.unit) == ("computed", "computed", "kWh/yr")


def two_components() -> BalanceAnalysis:
    plant = Flowsheet(
        "Mixer",
        (Process("m", "Mixer"),),
        (
            Stream("a", "Acid", None, "m", flow=Measurement(10.0, 0.1), fractions={"s": Measurement(0.9, 0.01)}),
            Stream("b", "Product", "m", None, flow=Measurement(10.0, 0.1, Basis.ESTIMATED), role=Role.PRODUCT),
        ),
        components=(Component("s", "Sulphuric acid"), Component("w", "Water")),
    )  # fmt: skip
    return analyse_balance(plant)


@pytest.mark.parametrize(
    ("what", "component", "words"),
    [
        (FlowContent.COMPONENT, "Cu", "There is no component “Cu” in this flowsheet; there are s (Sulphuric acid)"),
        (FlowContent.COMPONENT, None, "Say which component is meant: s (Sulphuric acid), w (Water)."),
        (FlowContent.ENERGY, None, "No stream of this flowsheet carries energy"),
        (FlowContent.COST, None, "Nothing in this flowsheet has a price"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_explained(what: FlowContent, component: str | None, words: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        balance_diagram(two_components(), what, component)
    assert words in render(caught.value.issues[0], "en")


def test_only_what_is_known_can_be_drawn(plating: BalanceAnalysis) -> None:
    assert drawable_contents(two_components()) == (FlowContent.MASS, FlowContent.COMPONENT)
    assert drawable_contents(plating) == (FlowContent.MASS, FlowContent.COMPONENT, FlowContent.COST)


def test_periods_are_sections() -> None:
    store = Flowsheet(
        "Store",
        (Process("S", "Store"),),
        (
            Stream("in", "Bought", None, "S", flow=Measurement(10.0, 1.0), role=Role.INPUT),
            Stream("out", "Used", "S", None, role=Role.PRODUCT),
        ),
        stocks=(Stock("K", "Drums", "S", Measurement(5.0, 1.0), Measurement(7.0, 1.0)),),
    )
    drawn = balance_diagram(analyse_balance(over_periods((store, store), ("May", "June"))))
    assert [section.key for section in drawn.sections] == ["May", "June"]
    assert {node.key: node.section for node in drawn.nodes} == {
        "S@May": "May",
        "S@June": "June",
        "K@May opening": "May",
        "K@June closing": "June",
    }
