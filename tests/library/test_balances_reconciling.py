"""The engine is chosen by what the balances are, and whichever it is, the answer is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from balance_plants import Plant, random_component_plant, random_plant
from hypothesis import assume, given
from hypothesis import strategies as st

from openrecp.balances.analysis import Amounts
from openrecp.balances.equations import System, equations_of
from openrecp.balances.flowsheet import (
    Component,
    Correlation,
    Flowsheet,
    Measurement,
    Process,
    Quantity,
    Reaction,
    Ref,
    Relation,
    Stock,
    Stream,
)
from openrecp.balances.general import reconcile_linear, reconcile_nonlinear, reconcile_within
from openrecp.balances.problems import LinearProblem, NonlinearProblem, Reconciliation, VariableClass
from openrecp.balances.reconciling import reconcile, reconcile_system, solve
from openrecp.balances.reconciling.large_compositions import reconcile_large
from openrecp.balances.reconciling.plain_networks import network_of
from openrecp.balances.threads import one_thread
from openrecp.errors import UnusableInput, Where

SPLITTER = LinearProblem(
    sp.csr_array(np.array([[1.0, -1.0, -1.0, 0.0], [0.0, 1.0, 0.0, -1.0]])),
    np.zeros(2),
    np.array([9.0, 5.0, 3.5, np.nan]),
    np.array([0.3, 0.2, 0.1, np.nan]),
)


def told_alike(found: Reconciliation, other: Reconciliation, tolerance: float = 1e-8) -> None:
    """Everything two engines say of one problem."""
    for name in ("values", "sds", "adjustments", "adjustment_sds", "z"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(other, name), rtol=tolerance, atol=1e-6, err_msg=name
        )
    assert found.classes.tolist() == other.classes.tolist()
    assert found.chi2 == pytest.approx(other.chi2, rel=1e-8, abs=1e-9)
    assert found.redundancy == other.redundancy


# What is a network


def test_the_network_of_balances_has_a_stream_from_and_to_where_each_column_says() -> None:
    network = network_of(SPLITTER)
    assert network is not None
    assert network.tails.tolist() == [-1, 0, 0, 1]
    assert network.heads.tolist() == [0, 1, -1, -1]
    assert network.nodes == 2
    assert np.isnan(network.sds[3])


def test_a_stream_in_no_balance_goes_past_the_plant() -> None:
    network = network_of(replace(SPLITTER, matrix=sp.csr_array(np.array([[1.0, -1.0, 0.0, 0.0]]))))
    assert network is not None
    assert (network.tails[2:].tolist(), network.heads[2:].tolist()) == ([-1, -1], [-1, -1])


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows * [[1.0], [-1.0]],
        lambda rows: rows * [1.0, 2.0, 1.0, 1.0],
        lambda rows: np.vstack([rows, [0.0, 1.0, 0.0, 0.0]]),
    ],
    ids=["a stream that enters two processes", "a coefficient of 2", "a stream in three balances"],
)
def test_what_is_no_network_is_told_and_solved_all_the_same(change: Callable[[Any], Any]) -> None:
    asked = replace(SPLITTER, matrix=sp.csr_array(change(SPLITTER.matrix.toarray())))
    asked = replace(asked, constants=np.zeros(asked.matrix.shape[0]))
    assert network_of(asked) is None
    told_alike(reconcile(asked), reconcile_linear(asked))


def test_correlated_errors_make_no_network() -> None:
    asked = replace(SPLITTER, correlations=((0, 1, 0.5),))
    assert network_of(asked) is None
    told_alike(reconcile(asked), reconcile_linear(asked))


def test_entries_that_stand_twice_count_as_their_sum_and_leave_the_problem_as_it_was() -> None:
    # 2 - 1 at one place, 1 - 1 at another: the splitter, and an entry of nothing.
    rows, columns = [0, 0, 0, 0, 1, 1, 0, 0], [0, 0, 1, 2, 1, 3, 3, 3]
    values = [2.0, -1.0, -1.0, -1.0, 1.0, -1.0, 1.0, -1.0]
    twice = sp.csr_array(sp.coo_array((values, (rows, columns)), shape=(2, 4)))
    written = sp.csr_array((np.array(values), np.array([0, 1, 2, 0, 3, 3, 1, 3]), [0, 6, 8]), shape=(2, 4))
    written.indices[:] = [0, 0, 1, 2, 3, 3, 1, 3]
    written.data[:] = [2.0, -1.0, -1.0, -1.0, 1.0, -1.0, 1.0, -1.0]
    for matrix in (twice, written):
        before = matrix.nnz
        asked = replace(SPLITTER, matrix=matrix)
        assert network_of(asked) is not None
        told_alike(reconcile(asked), reconcile(SPLITTER))
        assert matrix.nnz == before


def test_what_a_balance_must_add_up_to_leaves_as_a_stream_known_exactly() -> None:
    asked = replace(SPLITTER, constants=np.array([0.4, -0.2]))
    network = network_of(asked)
    assert network is not None
    assert (network.streams, network.measured[4:].tolist(), network.sds[4:].tolist()) == (
        4,
        [0.4, -0.2],
        [0.0, 0.0],
    )
    found = reconcile(asked)
    np.testing.assert_allclose(asked.matrix @ found.values, asked.constants, atol=1e-12)
    told_alike(found, reconcile_linear(asked))


@given(st.integers(0, 2**32 - 1), st.integers(3, 12))
def test_networks_with_constants_are_solved_as_by_the_general_engine(seed: int, processes: int) -> None:
    draw = np.random.default_rng(seed)
    asked = network_problem(random_plant(seed, processes))
    off = np.where(draw.random(processes) < 0.4, draw.uniform(-2.0, 2.0, processes), 0.0)
    try:
        found = reconcile(replace(asked, constants=off))
    except UnusableInput:
        assume(False)
    told_alike(found, reconcile_linear(replace(asked, constants=off)), 1e-6)


# Bounds


def network_problem(plant: Plant) -> LinearProblem:
    """The streams and stocks of a plant alone."""
    return LinearProblem(
        sp.csr_array(plant.incidence()), np.zeros(plant.processes), plant.measured, plant.sds
    )


def poorly_measured(seed: int, processes: int) -> LinearProblem:
    """So poorly that some flows would run backwards."""
    draw = np.random.default_rng(seed)
    plant = random_plant(seed, processes)
    sds = np.where(plant.sds > 0, 0.8 * plant.true, plant.sds)
    measured = np.where(sds > 0, plant.true + sds * draw.standard_normal(sds.size), plant.measured)
    return replace(network_problem(plant), measured=measured, sds=sds)


@given(st.integers(0, 2**32 - 1), st.integers(3, 12))
def test_bounds_are_kept_on_networks_as_by_the_general_engine(seed: int, processes: int) -> None:
    asked = poorly_measured(seed, processes)
    lower, upper = np.zeros(asked.measured.size), np.full(asked.measured.size, np.inf)
    found = solve(asked, lower, upper).reconciliation
    assume(found.at_bound is not None)
    other = reconcile_within(asked, lower, upper)
    size = np.nanmax(asked.measured)
    np.testing.assert_allclose(found.values, other.values, rtol=1e-8, atol=1e-8 * size)
    assert found.chi2 == pytest.approx(other.chi2, rel=1e-8)
    assert found.at_bound is not None
    assert other.at_bound is not None
    if (
        found.at_bound.tolist() == other.at_bound.tolist()
    ):  # what is 0 by others' bounds may count as held or not
        told_alike(found, other)


def test_a_flow_held_at_nothing_is_checked_by_its_bound() -> None:
    asked = LinearProblem(
        sp.csr_array(np.array([[1.0, -1.0, -1.0]])), np.zeros(1), np.array([9.0, 10.0, 0.1]), np.ones(3)
    )
    solution = solve(asked, np.zeros(3), np.full(3, np.inf))
    found = solution.reconciliation
    assert solution.network is not None
    assert not solution.outside.size
    assert found.values.tolist() == pytest.approx([9.5, 9.5, 0.0])
    assert found.at_bound is not None
    assert found.at_bound.tolist() == [False, False, True]
    assert found.classes.tolist() == [VariableClass.REDUNDANT] * 3
    assert found.redundancy == 2
    assert found.chi2 == pytest.approx(0.25 + 0.25 + 0.01)
    assert found.z[2] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("lower", "upper"),
    [([-np.inf] * 4, [np.inf, 4.0, np.inf, np.inf]), ([0.0, 0.0, 4.2, 0.0], [np.inf] * 4)],
    ids=["an upper bound", "a lower bound that is not 0"],
)
def test_other_bounds_of_a_network_are_kept_too(lower: list[float], upper: list[float]) -> None:
    low, high = np.array(lower), np.array(upper)
    solution = solve(SPLITTER, low, high)
    assert not solution.outside.size
    told_alike(solution.reconciliation, reconcile_within(SPLITTER, low, high))


def test_bounds_that_do_not_matter_change_nothing() -> None:
    solution = solve(SPLITTER, np.zeros(4), np.full(4, np.inf))
    told_alike(solution.reconciliation, reconcile_linear(SPLITTER))
    assert solution.network is not None
    assert solution.reconciliation.at_bound is None


def test_flows_that_nothing_gives_keep_their_bounds_where_others_come_into_play() -> None:
    # Two lines nobody measures lead from the first process to the second, which needs more than it can get backwards.
    asked = LinearProblem(
        sp.csr_array(np.array([[1.0, -1.0, -1.0, -1.0, 0.0], [0.0, 0.0, 1.0, 1.0, -1.0]])),
        np.zeros(2),
        np.array([1.0, 5.0, np.nan, np.nan, -3.0]),
        np.array([1.0, 1.0, np.nan, np.nan, 1.0]),
    )
    lower, upper = np.zeros(5), np.full(5, np.inf)
    found = solve(asked, lower, upper).reconciliation
    told_alike(found, reconcile_within(asked, lower, upper))
    assert found.values.tolist() == pytest.approx([3.0, 3.0, 0.0, 0.0, 0.0], abs=1e-9)


def test_flows_that_nothing_gives_must_be_possible() -> None:
    # More leaves the first process than enters; two lines nobody measures could only bring it by running backwards.
    asked = LinearProblem(
        sp.csr_array(np.array([[1.0, -1.0, -1.0, -1.0]])),
        np.zeros(1),
        np.array([1.0, 5.0, np.nan, np.nan]),
        np.array([1.0, 1.0, np.nan, np.nan]),
    )
    solution = solve(asked, np.zeros(4), np.full(4, np.inf))
    assert solution.reconciliation.values.tolist() == pytest.approx([3.0, 3.0, 0.0, 0.0], abs=1e-9)
    assert solution.reconciliation.chi2 == pytest.approx(8.0)
    free = solve(asked).reconciliation
    assert free.values[:2].tolist() == [1.0, 5.0]
    possible = solve(replace(asked, measured=np.array([5.0, 1.0, np.nan, np.nan])), np.zeros(4), None)
    assert possible.reconciliation.values[:2].tolist() == [5.0, 1.0]
    assert possible.reconciliation.classes[2:].tolist() == [VariableClass.UNOBSERVABLE] * 2


# Flows with all their shares


def complete(flowsheet: Flowsheet) -> Flowsheet:
    """The same, with all that is in each stream named."""
    streams = tuple(replace(each, composition_complete=True) for each in flowsheet.streams)
    return replace(flowsheet, streams=streams)


def nonlinear(system: System) -> NonlinearProblem:
    assert isinstance(system.problem, NonlinearProblem)
    return system.problem


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("processes", "components"), [(6, 2), (12, 3)])
def test_the_engine_for_compositions_finds_what_the_general_one_finds(
    seed: int, processes: int, components: int
) -> None:
    plant = random_component_plant(seed, processes, components, gaps=False)
    system = equations_of(complete(plant.flowsheet()))
    solution = reconcile_large(system)
    assert solution is not None
    assert not solution.outside.size
    found = solution.reconciliation
    with one_thread():
        other = reconcile_nonlinear(nonlinear(system))
    size = np.abs(other.values) + other.sds
    assert np.max(np.abs(found.values - other.values) / size) < 1e-6
    np.testing.assert_allclose(found.sds, other.sds, rtol=1e-6)
    np.testing.assert_allclose(found.z, other.z, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(found.adjustments, other.adjustments, rtol=1e-6, atol=1e-8)
    assert found.classes.tolist() == other.classes.tolist()
    assert found.chi2 == pytest.approx(other.chi2, rel=1e-6)
    assert found.redundancy == other.redundancy
    assert found.convergence is not None
    assert found.convergence.converged
    # Flows of components from the covariance there, by themselves here.
    amounts, dense = Amounts(system, found, solution.component_sds), Amounts(system, other)
    for stream in system.flowsheet.streams:
        for component in system.flowsheet.components:
            one, same = (each.component_flow(stream, component.key) for each in (amounts, dense))
            assert one.value == pytest.approx(same.value, rel=1e-6)
            assert one.sd == pytest.approx(same.sd, rel=1e-6)
    # The linear problem that touches it holds at the solution.
    touching = found.problem
    np.testing.assert_allclose(touching.matrix @ found.values, touching.constants, atol=1e-6)


def test_large_plants_with_compositions_are_solved_by_their_engine() -> None:
    plant = random_component_plant(1, 70, 4, gaps=False)
    system = equations_of(complete(plant.flowsheet()))
    assert len(system.variables) > 1_200
    solution = reconcile_system(system)
    assert solution.reconciliation.covariance is None  # which only the general engine has
    values = solution.reconciliation.values
    assert np.max(np.abs(nonlinear(system).residuals(values))) < 1e-6 * np.max(values)
    uncertain = solution.reconciliation.sds / nonlinear(system).sds
    must_be = len(values) - solution.reconciliation.redundancy
    assert np.sum(uncertain**2) == pytest.approx(must_be, rel=1e-9)


def _with_stock(flowsheet: Flowsheet) -> Flowsheet:
    return replace(
        flowsheet, stocks=(Stock("K", "Tank", "P0", Measurement(3.0, 0.1), Measurement(4.0, 0.1)),)
    )


def _with_reaction(flowsheet: Flowsheet) -> Flowsheet:
    made = Reaction("R", "Made", {"C0": -1.0, "C1": 1.0})
    return replace(
        flowsheet, processes=(replace(flowsheet.processes[0], reactions=(made,)), *flowsheet.processes[1:])
    )


def _with_relation(flowsheet: Flowsheet) -> Flowsheet:
    first, second = (Ref(Quantity.FLOW, each.key) for each in flowsheet.streams[:2])
    return replace(flowsheet, relations=(Relation("E", "Ratio", ((1.0, first), (-1.1, second)), sd=5.0),))


def _with_correlation(flowsheet: Flowsheet) -> Flowsheet:
    first, second = (Ref(Quantity.FLOW, each.key) for each in flowsheet.streams[:2])
    return replace(flowsheet, correlations=(Correlation(first, second, 0.3),))


def _known_exactly(flowsheet: Flowsheet) -> Flowsheet:
    first, *others = flowsheet.streams
    assert first.flow is not None
    return replace(flowsheet, streams=(replace(first, flow=replace(first.flow, sd=0.0)), *others))


def _one_share_less(flowsheet: Flowsheet) -> Flowsheet:
    first, *others = flowsheet.streams
    fractions = {key: each for key, each in first.fractions.items() if key != "C0"}
    return replace(flowsheet, streams=(replace(first, fractions=fractions), *others))


def _a_rest_besides(flowsheet: Flowsheet) -> Flowsheet:
    first, *others = flowsheet.streams
    return replace(flowsheet, streams=(replace(first, composition_complete=False), *others))


def _by_elements(flowsheet: Flowsheet) -> Flowsheet:
    components = tuple(replace(each, elements={"X": 0.5}) for each in flowsheet.components)
    first, *others = flowsheet.processes
    return replace(flowsheet, components=components, processes=(replace(first, by_elements=True), *others))


@pytest.mark.parametrize(
    "change",
    [
        _with_stock,
        _with_reaction,
        _with_relation,
        _with_correlation,
        _known_exactly,
        _one_share_less,
        _a_rest_besides,
        _by_elements,
    ],
)
def test_plants_that_hold_anything_else_are_left_to_the_general_engine(
    change: Callable[[Flowsheet], Flowsheet],
) -> None:
    flowsheet = complete(random_component_plant(2, 4, 2, gaps=False).flowsheet())
    assert reconcile_large(equations_of(flowsheet)) is not None
    changed = equations_of(change(flowsheet))
    assert reconcile_large(changed) is None
    solution = reconcile_system(changed)
    assert solution.network is None
    assert np.isfinite(solution.reconciliation.chi2)


# Contradictions


def test_what_contradicts_is_told_by_the_names_of_its_balances() -> None:
    exact = Measurement(10.0, 0.0)
    flowsheet = Flowsheet(
        "Contradiction",
        (Process("mixer", "Mixer"), Process("dryer", "Dryer")),
        (
            Stream("in", "In", None, "mixer", flow=exact),
            Stream("on", "On", "mixer", "dryer", flow=Measurement(8.0, 0.0)),
            Stream("out", "Out", "dryer", None, flow=Measurement(8.0, 0.1)),
        ),
    )
    with pytest.raises(UnusableInput) as caught:
        reconcile_system(equations_of(flowsheet))
    (issue,) = caught.value.issues
    assert issue.code == "balances-contradict-by-name"
    assert issue.values["names"] == ["Mixer"]


def test_shares_that_contradict_are_told_with_their_component() -> None:
    def stream(key: str, start: str | None, end: str | None, share: float) -> Stream:
        return Stream(
            key,
            key,
            start,
            end,
            flow=Measurement(10.0, 0.0),
            fractions={"salt": Measurement(share, 0.0)},
        )

    flowsheet = Flowsheet(
        "Contradiction",
        (Process("mixer", "Mixer"),),
        (stream("in", None, "mixer", 0.2), stream("out", "mixer", None, 0.3)),
        (Component("salt", "Salt"),),
    )
    with pytest.raises(UnusableInput) as caught:
        reconcile_system(equations_of(flowsheet))
    (issue,) = caught.value.issues
    assert issue.values["names"] == ["Mixer (Salt)"]


def test_a_stream_that_would_have_to_run_backwards_is_told_by_its_name_and_place() -> None:
    flowsheet = Flowsheet(
        "No room",
        (Process("mixer", "Mixer"),),
        (
            Stream("in", "In", None, "mixer", flow=Measurement(5.0, 0.0)),
            Stream("out", "Out", "mixer", None, flow=Measurement(8.0, 0.0)),
            Stream("leak", "Leak", "mixer", None, source=Where(file="plant.yaml", line=9)),
        ),
    )
    with pytest.raises(UnusableInput) as caught:
        reconcile_system(equations_of(flowsheet))
    (issue,) = caught.value.issues
    assert (issue.code, issue.values["name"], issue.where.line) == ("value-has-no-room", "Leak", 9)
