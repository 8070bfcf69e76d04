"""Everything a balance tells of a flowsheet, on the example and on every kind of flowsheet there is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from balance_plants import random_component_plant, random_plant

from openrecp.assessment.examples import example_files
from openrecp.assessment.flowsheets.build import built_flowsheet
from openrecp.assessment.flowsheets.files import read_flowsheet
from openrecp.balances.analysis import BalanceAnalysis, MissingMeter, analyse_balance
from openrecp.balances.equations import Layer
from openrecp.balances.flowsheet import (
    Component,
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
from openrecp.balances.gross_errors import measurement_test, meter_quality, nodal_test
from openrecp.balances.periods import over_periods
from openrecp.balances.problems import LinearProblem, VariableClass
from openrecp.balances.reconciling import reconcile
from openrecp.errors import UnusableInput
from openrecp.texts import LANGUAGES, render

M = Measurement


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> BalanceAnalysis:
    path = Path(tmp_path_factory.mktemp("balance"), "balance-en.yaml")
    path.write_bytes(example_files("balance")["balance-en.yaml"])
    built = built_flowsheet(read_flowsheet(path).document)
    assert built.usable
    return analyse_balance(built.flowsheet, built.costs)


def whole(analysis: BalanceAnalysis) -> None:
    """Everything there is to ask; sentences in both languages."""
    suspicion, amounts = analysis.suspicion, analysis.amounts
    said = [
        *suspicion.sentences,
        *(each.note for each in analysis.closures),
        *(each.note for each in analysis.losses),
    ]
    assert all(render(each, language) for each in said for language in LANGUAGES)
    assert suspicion.measurement is not None
    assert suspicion.quality is not None
    assert (suspicion.nodal is None) == (suspicion.checks is None)
    assert isinstance(suspicion.alike, tuple)
    assert [each.key for each in analysis.flowsheet.streams] == list(amounts.masses)
    assert len(amounts.variances) == len(analysis.flowsheet.streams)
    assert amounts.stocks is not None
    assert amounts.component_flows is not None
    assert set(amounts.unobservable) <= set(analysis.system.refs)
    assert len(analysis.missing_meters) <= 13
    assert all(each.sd_after < each.sd_before for each in analysis.next_meters)
    assert analysis.cleaned.cleaned.spoiled == analysis.cleaned.spoiled
    assert all(render(each, language) for each in analysis.issues for language in LANGUAGES)
    assert analysis.costs is None or math.isfinite(analysis.amounts.variances.sum())


# The example


def test_the_spoiled_meter_of_the_example_is_found(example: BalanceAnalysis) -> None:
    assert example.spoiled == (Ref(Quantity.FLOW, "waste"),)
    (suspect,) = example.suspicion.findings.suspects
    assert example.suspicion.names.key(suspect.members[0]) == "waste"
    estimate = suspect.estimates[0]
    assert (round(estimate.value), round(estimate.low), round(estimate.high)) == (22_311, 16_087, 28_535)
    (sentence,) = example.suspicion.sentences
    assert render(sentence, "en").startswith("flow of Rinse waste water is measured 22,311 kg/month")


def test_without_it_the_leak_is_what_nobody_measures(example: BalanceAnalysis) -> None:
    cleaned = example.cleaned
    assert cleaned.spoiled == ()
    assert cleaned.suspicion.overall.passed
    leak = next(each for each in cleaned.losses if each.key == "leak")
    assert leak.amount == pytest.approx(1_730, abs=1)
    assert leak.high - leak.amount == pytest.approx(485, abs=1)
    assert leak.significant
    before = next(each for each in example.losses if each.key == "WWT")
    assert before.significant  # the meter that reads too much looks like a loss of the treatment
    assert next(each for each in cleaned.losses if each.key == "WWT").state.value == "open"


def test_the_whole_example_is_told(example: BalanceAnalysis) -> None:
    whole(example)
    whole(example.cleaned)
    assert example.costs is not None


def test_what_is_worked_out_when_asked_for_is_what_the_tests_say(example: BalanceAnalysis) -> None:
    suspicion = example.suspicion
    checks = suspicion.checks
    assert checks is not None
    measured = measurement_test(checks, example.alarm)
    assert suspicion.measurement is not None
    np.testing.assert_array_equal(suspicion.measurement.z, measured.z)
    assert suspicion.measurement.critical == measured.critical
    assert suspicion.nodal is not None
    np.testing.assert_array_equal(suspicion.nodal.z, nodal_test(checks, example.alarm).z)
    assert suspicion.quality is not None
    quality = meter_quality(checks, measured.critical)
    np.testing.assert_array_equal(suspicion.quality.smallest_bias, quality.smallest_bias)
    assert suspicion.found is not None
    assert suspicion.alike == suspicion.found.sets


# Further meters


def unobservable(system_problem: LinearProblem, measured: Iterable[int]) -> set[int]:
    """What stays unknown if some variables more are measured, by solving anew."""
    values, sds = system_problem.measured.copy(), system_problem.sds.copy()
    more = list(measured)
    values[more], sds[more] = 1.0, 1.0
    found = reconcile(LinearProblem(system_problem.matrix, system_problem.constants, values, sds))
    return set(np.flatnonzero(found.classes == VariableClass.UNOBSERVABLE).tolist())


def cheapest(analysis: BalanceAnalysis, costs: dict[int, float], target: int | None) -> float:
    """Cost of the cheapest set of meters, all sets tried."""
    problem = analysis.reconciliation.problem
    open_ones = sorted(unobservable(problem, ()))
    best = math.inf
    for size in range(1, len(open_ones) + 1):
        for chosen in combinations(open_ones, size):
            cost = sum(costs[each] for each in chosen)
            if cost < best:
                left = unobservable(problem, chosen)
                if not left or (target is not None and target not in left):
                    best = cost
    return best


def sparse_plant(seed: int) -> Flowsheet:
    """Few processes, half of the streams unmeasured, each at its own cost of measuring."""
    draw = np.random.default_rng(seed)
    flowsheet = replace(random_plant(seed, 4, stocks=0).flowsheet(), relations=(), correlations=())
    streams = tuple(
        replace(
            each,
            flow=None if draw.random() < 0.55 else M(10.0, 1.0),
            measuring_cost=float(draw.integers(1, 9)),
        )
        for each in flowsheet.streams[:14]
    )
    return replace(flowsheet, streams=streams)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5])
def test_the_missing_meters_are_the_cheapest_of_all_sets(seed: int) -> None:
    try:
        analysis = analyse_balance(sparse_plant(seed))
    except UnusableInput:
        pytest.fail("the plant cannot be balanced")
    found = analysis.missing_meters
    problem, costs = analysis.reconciliation.problem, {}
    for place, ref in enumerate(analysis.system.refs):
        stream = next(each for each in analysis.flowsheet.streams if each.key == ref.key)
        costs[place] = stream.measuring_cost
    assert bool(found) == bool(unobservable(problem, ()))
    for meters in found:
        target = None if meters.target is None else analysis.system.position(meters.target)
        places = [analysis.system.position(ref) for ref in meters.meters]
        left = unobservable(problem, [place for place in places if place is not None])
        assert not left if target is None else target not in left
        assert meters.cost == pytest.approx(sum(costs[place] for place in places if place is not None))
        assert meters.proven
        assert meters.cost == pytest.approx(cheapest(analysis, costs, target))
    assert _cost_of_all(found) >= max((each.cost for each in found), default=0.0)


def _cost_of_all(found: tuple[MissingMeter, ...]) -> float:
    return next((each.cost for each in found if each.target is None), 0.0)


LEAKY = Flowsheet(
    "Leaky",
    (Process("a", "A"), Process("b", "B")),
    (
        Stream("in", "In", None, "a", flow=M(100.0, 2.0), role=Role.INPUT),
        Stream("side", "Side", None, "b", flow=M(20.0, 1.0), role=Role.INPUT),
        Stream("on", "On", "a", "b", flow=M(95.0, 5.0)),
        Stream("back", "Back", "b", "a"),
        Stream("waste", "Waste", "b", None, flow=M(30.0, 2.0), role=Role.WASTE),
        Stream("out", "Out", "b", None, flow=M(80.0, 1.5), role=Role.PRODUCT),
        Stream("drips", "Drips", "a", None, role=Role.LOSS),
    ),
)


def test_the_next_meters_do_what_solving_with_them_shows() -> None:
    analysis = analyse_balance(LEAKY)
    found = analysis.next_meters
    assert {each.replaces for each in found} == {True, False}
    assert [each.sd_after for each in found] == sorted(each.sd_after for each in found)
    for each in found:
        known = analysis.amounts.of(each.meter)
        assert known is not None
        reading = M(known.measured if each.replaces else known.value, each.sd)
        streams = tuple(
            replace(stream, flow=reading) if stream.key == each.meter.key else stream
            for stream in LEAKY.streams
        )
        again = analyse_balance(replace(LEAKY, streams=streams))
        loss = next(loss for loss in again.losses if loss.key == each.loss)
        assert loss.sd == pytest.approx(each.sd_after, rel=1e-9)
    first = next(loss for loss in analysis.losses if loss.key == found[0].loss)
    assert found[0].sd_before == pytest.approx(first.sd, rel=1e-12)


# Flows of components


@pytest.mark.parametrize("complete", [False, True])
def test_flows_of_components_spread_as_simulation_shows(complete: bool) -> None:
    plant = random_component_plant(3, 4, 2, gaps=False)
    flowsheet = plant.flowsheet()
    streams = tuple(replace(each, composition_complete=complete) for each in flowsheet.streams)
    analysis = analyse_balance(replace(flowsheet, streams=streams))
    problem, refs = analysis.system.problem, analysis.system.refs
    flows = [analysis.system.position(Ref(Quantity.FLOW, each.key)) for each in streams]
    shares = [analysis.system.position(Ref(Quantity.FRACTION, each.key, "C0")) for each in streams]
    centre = analysis.reconciliation.values
    assert len(refs) == len(centre)
    draw, drawn = np.random.default_rng(1), []
    for _ in range(300):
        values = centre + problem.sds * draw.standard_normal(len(centre))
        found = reconcile(replace(problem, measured=values)).values
        drawn.append(found[flows] * found[shares])
    spread = np.std(np.array(drawn), axis=0, ddof=1)
    told = np.array([analysis.amounts.component_flow(each, "C0").sd for each in streams])
    np.testing.assert_allclose(spread, told, rtol=4.0 / math.sqrt(600.0))
    middle = np.array([analysis.amounts.component_flow(each, "C0").value for each in streams])
    np.testing.assert_allclose(
        np.mean(drawn, axis=0), middle, atol=float(5 * np.max(told) / math.sqrt(300.0))
    )


# Every kind of flowsheet


def with_stocks() -> Flowsheet:
    """100 bought, 15 more in store than before: 85 used, of which 80 leave."""
    return Flowsheet(
        "Stocks",
        (Process("store", "Store"), Process("mill", "Mill")),
        (
            Stream("bought", "Bought", None, "store", flow=M(100.0, 1.0), role=Role.INPUT, price=2.0),
            Stream("used", "Used", "store", "mill", flow=M(84.0, 2.0)),
            Stream("product", "Product", "mill", None, flow=M(80.0, 1.0), role=Role.PRODUCT),
            Stream("dust", "Dust", "mill", None, role=Role.LOSS),
        ),
        stocks=(Stock("K", "Sacks", "store", M(20.0, 0.5), M(35.0, 0.5), price=2.0),),
        currency="TWD",
    )


def with_periods() -> Flowsheet:
    one = with_stocks()
    later = replace(one, stocks=(Stock("K", "Sacks", "store", M(35.5, 0.5), M(30.0, 0.5)),))
    return over_periods((one, later), ("1", "2"))


def with_reaction() -> Flowsheet:
    """Lime is burnt: 100 parts of limestone give 56 of lime and 44 of carbon dioxide."""
    burnt = Reaction("burn", "Burning", {"CaCO3": -100.0, "CaO": 56.0, "CO2": 44.0})
    return Flowsheet(
        "Kiln",
        (Process("kiln", "Kiln", reactions=(burnt,)),),
        (
            Stream(
                "stone",
                "Limestone",
                None,
                "kiln",
                flow=M(1000.0, 10.0),
                fractions={"CaCO3": M(1.0, 0.0)},
                composition_complete=True,
                role=Role.INPUT,
            ),
            Stream(
                "lime",
                "Lime",
                "kiln",
                None,
                flow=M(565.0, 5.0),
                fractions={"CaO": M(0.98, 0.01), "CaCO3": M(0.02, 0.01)},
                composition_complete=True,
                role=Role.PRODUCT,
            ),
            Stream(
                "gas",
                "Gas",
                "kiln",
                None,
                fractions={"CO2": M(1.0, 0.0)},
                composition_complete=True,
                role=Role.WASTE,
            ),
        ),
        (Component("CaCO3", "Limestone"), Component("CaO", "Lime"), Component("CO2", "Carbon dioxide")),
    )


def by_elements() -> Flowsheet:
    calcium = {"CaCO3": 40 / 100, "CaO": 40 / 56, "CO2": 0.0}
    carbon = {"CaCO3": 12 / 100, "CaO": 0.0, "CO2": 12 / 44}
    kiln = with_reaction()
    components = tuple(
        replace(each, elements={"Ca": calcium[each.key], "C": carbon[each.key]}) for each in kiln.components
    )
    return replace(kiln, processes=(Process("kiln", "Kiln", by_elements=True),), components=components)


def with_heat() -> Flowsheet:
    """Water of 20 and 80 °C is mixed; what is not found is lost as heat."""
    water = Medium("water", "Water", 0.0, 1.163)
    return Flowsheet(
        "Mixer",
        (Process("mixer", "Mixer", heat_balance=True),),
        (
            Stream(
                "cold", "Cold", None, "mixer", flow=M(60.0, 1.0), medium="water", temperature=M(20.0, 0.5)
            ),
            Stream("hot", "Hot", None, "mixer", flow=M(40.0, 1.0), medium="water", temperature=M(80.0, 0.5)),
            Stream(
                "warm", "Warm", "mixer", None, flow=M(101.0, 1.0), medium="water", temperature=M(42.0, 0.5)
            ),
            Stream("heat", "Heat lost", "mixer", None, kind=StreamKind.ENERGY, role=Role.LOSS),
        ),
        media=(water,),
    )


def with_equations() -> Flowsheet:
    """A ratio that is known, a share that is to be found, and a component that goes to the filter cake."""
    return Flowsheet(
        "Filter",
        (Process("filter", "Filter"),),
        (
            Stream("feed", "Feed", None, "filter", flow=M(100.0, 1.0), fractions={"x": M(0.1, 0.002)}),
            Stream("cake", "Cake", "filter", None, fractions={"x": M(0.4, 0.01)}),
            Stream("water", "Water", "filter", None, flow=M(77.0, 1.0)),
        ),
        (Component("x", "Solids", price=3.0),),
        relations=(
            Relation(
                "R",
                "Cake a feed",
                ((1.0, Ref(Quantity.FLOW, "cake")), (-0.24, Ref(Quantity.FLOW, "feed"))),
                sd=1.0,
            ),
        ),
        transfers=(
            TransferCoefficient("T", "Solids to the cake", "filter", "cake", "x", share=M(0.95, 0.02)),
            TransferCoefficient("U", "All to the cake", "filter", "cake"),
        ),
        currency="TWD",
    )


KINDS: tuple[Callable[[], Flowsheet], ...] = (
    with_stocks,
    with_periods,
    with_reaction,
    by_elements,
    with_heat,
    with_equations,
)


@pytest.mark.parametrize("make", KINDS)
def test_every_kind_of_flowsheet_is_told_whole(make: Callable[[], Flowsheet]) -> None:
    analysis = analyse_balance(make())
    whole(analysis)
    convergence = analysis.reconciliation.convergence
    assert convergence is None or convergence.converged
    assert not analysis.solution.outside.size


def test_stock_change_is_no_loss() -> None:
    analysis = analyse_balance(with_stocks())
    dust = next(each for each in analysis.losses if each.key == "dust")
    # 85 ± sqrt(1 + 0.5) by the store and 84 ± 2 by the meter, weighted, less 80.
    store, meter = 1.0 / 1.5, 1.0 / 4.0
    used = (85.0 * store + 84.0 * meter) / (store + meter)
    assert dust.amount == pytest.approx(used - 80.0)
    assert dust.sd == pytest.approx(math.sqrt(1.0 / (store + meter) + 1.0))
    assert dust.money == pytest.approx(2.0 * dust.amount)
    assert analysis.costs is not None


def test_a_reaction_makes_what_it_makes_however_it_is_known() -> None:
    stone = analyse_balance(with_reaction())
    gas = stone.amounts.flow(stone.flowsheet.streams[2])
    elements = analyse_balance(by_elements())
    other = elements.amounts.flow(elements.flowsheet.streams[2])
    assert gas.known
    assert other.known
    assert gas.value == pytest.approx(0.44 / 1.0 * 1000.0 * 0.985, rel=0.03)
    assert other.value == pytest.approx(gas.value, rel=0.01)
    extent = stone.amounts.of(Ref(Quantity.EXTENT, "burn"))
    assert extent is not None
    assert extent.value * 44.0 == pytest.approx(gas.value)


def test_heat_is_balanced_beside_mass() -> None:
    analysis = analyse_balance(with_heat())
    heat = analysis.amounts.flow(analysis.flowsheet.streams[3])
    mass = analysis.amounts.masses
    assert mass["cold"] + mass["hot"] == pytest.approx(mass["warm"])
    # 1.163 (60 * 20 + 40 * 80 - 100 * 42) kWh
    assert heat.value == pytest.approx(1.163 * 200.0, abs=2.0 * heat.sd)
    cold = analyse_balance(with_heat(), layers=[Layer.TOTAL])
    assert cold.amounts.of(Ref(Quantity.TEMPERATURE, "warm")) is None


def test_transfer_coefficients_are_found_and_known() -> None:
    analysis = analyse_balance(with_equations())
    found, known = (analysis.amounts.of(Ref(Quantity.TRANSFER, key)) for key in ("U", "T"))
    assert found is not None
    assert known is not None
    mass = analysis.amounts.masses
    assert found.value == pytest.approx(mass["cake"] / mass["feed"])
    cake, feed = (analysis.amounts.component_flow(analysis.flowsheet.streams[at], "x").value for at in (1, 0))
    assert known.value == pytest.approx(cake / feed)


def test_one_component_alone_is_followed_if_it_is_asked_for() -> None:
    flowsheet = random_component_plant(5, 4, 3, gaps=False).flowsheet()
    alone = analyse_balance(flowsheet, component="C1")
    assert {each.component for each in alone.system.refs} == {None, "C1"}
    whole(alone)


# What cannot be balanced


def test_everything_that_is_wrong_is_told_at_once() -> None:
    flowsheet = Flowsheet(
        "Wrong",
        (Process("a", "A"), Process("b", "B")),
        (
            Stream("in", "In", None, "a", flow=M(-5.0, 1.0)),
            Stream("gone", "Gone", "a", "nowhere", flow=M(5.0, 1.0)),
            Stream("rich", "Rich", "a", "b", flow=M(5.0, 1.0), fractions={"x": M(1.4, 0.01)}),
            Stream("odd", "Odd", "b", None, flow=M(5.0, -1.0)),
        ),
        (Component("x", "X"),),
    )
    with pytest.raises(UnusableInput) as caught:
        analyse_balance(flowsheet, component="y")
    codes = {issue.code for issue in caught.value.issues}
    assert len(codes) >= 4
    assert {"component-unknown", "share-impossible"} <= codes


def test_a_component_is_not_followed_where_there_is_none() -> None:
    with pytest.raises(UnusableInput) as caught:
        analyse_balance(LEAKY, component="x")
    assert [issue.code for issue in caught.value.issues] == ["component-not-followed"]
