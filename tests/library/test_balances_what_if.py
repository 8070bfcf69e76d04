"""Options carried through the whole flowsheet, against balances worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrecp.balances.cost_data import CostData
from openrecp.balances.flowsheet import Component, Flowsheet, Process, Role, Stock, Stream, StreamKind
from openrecp.balances.what_if import Change, ChangeKind, what_if
from openrecp.texts import render


def stream(key: str, start: str | None, end: str | None, price: float | None = None) -> Stream:
    """A stream whose role follows from its name: p… product, w… waste."""
    role = Role.INPUT if start is None else Role.INTERNAL
    if end is None:
        role = Role.WASTE if key.startswith("w") else Role.PRODUCT
    return Stream(key, key, start, end, role=role, price=price)


def plant(processes: str, *streams: Stream, **more: Any) -> Flowsheet:
    return Flowsheet(
        "Plant", tuple(Process(key, key) for key in processes), tuple(streams), currency="TWD", **more
    )


# A plating tank drags out a tenth of what it takes in; treatment adds its own lime and makes sludge and effluent.
PLATING = plant(
    "TW",
    stream("bath", None, "T", 5.0),
    stream("p", "T", None),
    stream("drag-out", "T", "W"),
    stream("lime", None, "W", 1.0),
    stream("w sludge", "W", None),
    stream("w effluent", "W", None),
)
PLATED = {"bath": 100.0, "p": 90.0, "drag-out": 10.0, "lime": 2.0, "w sludge": 3.0, "w effluent": 9.0}
PAID = CostData(
    energy={"T": 50.0},
    system={"T": 70.0},
    waste_management={"w sludge": 30.0, "W": 9.0},
)


def test_drag_out_halved_changes_the_bath_the_lime_the_sludge_and_the_bill() -> None:
    found = what_if(PLATING, PLATED, [Change("drag-out", factor=0.5)], PAID)
    assert found.possible
    assert found.masses_after == pytest.approx(
        {"bath": 95, "p": 90, "drag-out": 5, "lime": 1, "w sludge": 1.5, "w effluent": 4.5}
    )
    # Bath 5 x 5, lime 1 x 1, half of 39 for the waste, and energy that follows 95 of 100 kg.
    assert found.saving.value == pytest.approx(25 + 1 + 19.5 + 2.5)
    assert [float(part.value or 0) for part in found.saving.inputs] == pytest.approx([26, 19.5, 2.5, 0])
    assert [part.value for part in found.saving.inputs[1].inputs] == pytest.approx([39, 19.5])
    assert [str(part.name) for part in found.saving.inputs[1].inputs] == ["Before", "After"]


def test_differences_are_ranked_and_open_into_before_and_after() -> None:
    found = what_if(PLATING, PLATED, [Change("drag-out", factor=0.5)], PAID)
    ranked = found.differences(by="mass")
    assert {each.stream for each in ranked[:2]} == {"bath", "drag-out"}
    sizes = [abs(float(each.mass.value or 0)) for each in ranked]
    assert sizes == sorted(sizes, reverse=True)
    bath = next(each for each in ranked if each.stream == "bath")
    assert [part.value for part in bath.mass.inputs] == pytest.approx([100, 95])
    assert bath.cost.value == pytest.approx(-25)
    costs = [abs(float(each.cost.value or 0)) for each in found.differences()]
    assert costs == sorted(costs, reverse=True)
    product = next(each for each in found.differences() if each.stream == "p")
    assert product.mass.value == pytest.approx(0)
    with pytest.raises(ValueError, match="rank"):
        found.differences(by="colour")


def test_energy_can_be_kept_as_it_is() -> None:
    found = what_if(PLATING, PLATED, [Change("drag-out", factor=0.5)], PAID, energy_follows=False)
    assert found.saving.value == pytest.approx(25 + 1 + 19.5)
    assert "Energy costs entered by process stay as they are." in [
        render(each, "en") for each in found.assumptions
    ]


# M mixes feed and recycle, S gives 60 of 100 as product, 30 back, 10 as purge.
LOOP = plant(
    "MS",
    stream("feed", None, "M", 2.0),
    stream("mixed", "M", "S"),
    stream("p", "S", None),
    stream("back", "S", "M"),
    stream("w", "S", None),
)
LOOPED = {"feed": 70.0, "mixed": 100.0, "p": 60.0, "back": 30.0, "w": 10.0}


def test_recycling_more_of_the_purge_saves_feed() -> None:
    change = Change("back", ChangeKind.SHARE, value=0.35, against="w")
    found = what_if(LOOP, LOOPED, [change])
    assert found.masses_after == pytest.approx({"feed": 65, "mixed": 100, "p": 60, "back": 35, "w": 5})
    assert found.saving.value == pytest.approx(10)
    alone = what_if(LOOP, LOOPED, [Change("back", ChangeKind.SHARE, value=0.35)])
    assert alone.masses_after == pytest.approx(found.masses_after)


def test_a_better_yield_takes_less_round_the_loop() -> None:
    # 70 % of what S gives off is product; the recycle keeps its 30 %, so nothing is left to purge.
    found = what_if(LOOP, LOOPED, [Change("p", ChangeKind.SHARE, value=0.7)])
    assert found.masses_after["w"] == pytest.approx(0)
    # Throughput 60 / 0.7; 30 % of it comes back, all the feed becomes product.
    assert found.masses_after["mixed"] == pytest.approx(60 / 0.7)
    assert found.masses_after["feed"] == pytest.approx(60)


def test_a_smaller_waste_share_leaves_the_recycle_its_share() -> None:
    found = what_if(LOOP, LOOPED, [Change("w", ChangeKind.SHARE, factor=0.5)])
    through = 60 / (1 - 0.30 - 0.05)
    assert found.masses_after == pytest.approx(
        {"feed": 0.7 * through, "mixed": through, "p": 60, "back": 0.3 * through, "w": 0.05 * through}
    )


def test_more_product_needs_more_of_everything() -> None:
    found = what_if(LOOP, LOOPED, [Change("p", value=90.0)])
    assert found.masses_after == pytest.approx({key: 1.5 * mass for key, mass in LOOPED.items()})


def test_only_the_nickel_of_the_drag_out_is_halved_and_the_water_stays() -> None:
    tank = plant(
        "T",
        stream("salt", None, "T", 50.0),
        stream("water", None, "T", 0.0),
        stream("p", "T", None),
        stream("w drag-out", "T", None),
        components=(Component("Ni", "Nickel", price=50.0), Component("H2O", "Water")),
    )
    masses = {"salt": 10.0, "water": 90.0, "p": 8.0, "w drag-out": 92.0}
    flows = {
        "salt": {"Ni": 10.0},
        "water": {"H2O": 90.0},
        "p": {"Ni": 8.0},
        "w drag-out": {"Ni": 2.0, "H2O": 90.0},
    }
    found = what_if(tank, masses, [Change("w drag-out", factor=0.5, component="Ni")], component_flows=flows)
    assert found.masses_after == pytest.approx({"salt": 9, "water": 90, "p": 8, "w drag-out": 91})
    assert found.components_after["Ni"] == pytest.approx([9, 0, 8, 1])
    assert found.saving.value == pytest.approx(50)
    changed = next(each for each in found.differences() if each.stream == "w drag-out")
    assert changed.components["Ni"].value == pytest.approx(-1)
    whole = what_if(tank, masses, [Change("w drag-out", factor=0.5)], component_flows=flows)
    assert whole.masses_after == pytest.approx({"salt": 9, "water": 45, "p": 8, "w drag-out": 46})


def test_a_reaction_keeps_its_proportion_to_the_throughput() -> None:
    # Half of A becomes B, and all of B is product; the rest of A is waste.
    reactor = plant(
        "R",
        stream("a", None, "R", 1.0),
        stream("p", "R", None),
        stream("w", "R", None),
        components=(Component("A", "A"), Component("B", "B")),
    )
    flows = {"a": {"A": 100.0}, "p": {"B": 50.0}, "w": {"A": 50.0}}
    found = what_if(
        reactor, {"a": 100.0, "p": 50.0, "w": 50.0}, [Change("p", factor=2.0)], component_flows=flows
    )
    assert found.components_after["B"] == pytest.approx([0, 100, 0])


def test_what_a_stock_takes_up_stays() -> None:
    store = plant(
        "S",
        stream("in", None, "S", 1.0),
        stream("p", "S", None),
        stocks=(Stock("s", "Store", "S", price=1.0),),
    )
    found = what_if(store, {"in": 100.0, "p": 90.0}, [Change("p", factor=2.0)], stocks={"s": (5.0, 15.0)})
    assert found.masses_after["in"] == pytest.approx(190)


def test_masses_that_do_not_balance_keep_their_gap_in_proportion() -> None:
    leaking = plant("S", stream("in", None, "S", 1.0), stream("p", "S", None))
    found = what_if(leaking, {"in": 100.0, "p": 80.0}, [Change("p", factor=2.0)])
    assert found.masses_after["in"] == pytest.approx(200)


def test_streams_of_energy_follow_their_process() -> None:
    heated = plant(
        "T",
        stream("in", None, "T", 1.0),
        Stream("steam", "Steam", None, "T", StreamKind.ENERGY, role=Role.INPUT, price=2.0),
        stream("p", "T", None),
        stream("w", "T", None),
    )
    found = what_if(heated, {"in": 100.0, "steam": 40.0, "p": 80.0, "w": 20.0}, [Change("w", factor=0.0)])
    assert found.masses_after["steam"] == pytest.approx(40 * 0.8)
    assert found.saving.value == pytest.approx(20 + 16)


# Parts go from the tank T to the rinse R; what they drag out is drawn as a stream of its own.
RINSING = plant(
    "TR",
    stream("metal", None, "T", 1.0),
    stream("salt", None, "T", 50.0),
    stream("parts", "T", "R"),
    stream("drag-out", "T", "R"),
    stream("water", None, "R", 0.1),
    stream("p", "R", None),
    stream("w rinse", "R", None),
    components=(Component("Ni", "Nickel"),),
)
RINSED = {
    "metal": 100.0,
    "salt": 10.0,
    "parts": 108.0,
    "drag-out": 2.0,
    "water": 500.0,
    "p": 108.0,
    "w rinse": 502.0,
}
NICKEL = {
    "salt": {"Ni": 10.0},
    "parts": {"Ni": 8.0},
    "drag-out": {"Ni": 2.0},
    "p": {"Ni": 8.0},
    "w rinse": {"Ni": 2.0},
}


@pytest.mark.parametrize(
    "change", [Change("drag-out", factor=0.5), Change("drag-out", ChangeKind.SHARE, factor=54 / 109)]
)
def test_less_drag_out_reaches_the_rinse_water_and_the_salt_but_not_the_parts(change: Change) -> None:
    found = what_if(RINSING, RINSED, [change], component_flows=NICKEL)
    assert found.possible
    after = dict(zip(RINSED, found.components_after["Ni"], strict=True))
    # 1 of the 9 that leave the tank, against 2 of 10, if the flow is halved; the share of nickel falls from 0.2 by the factor.
    dragged = 1.0 if change.kind is ChangeKind.FLOW else 8 * 0.2 * 54 / 109 / (1 - 0.2 * 54 / 109)
    expected = {"metal": 0, "salt": 8 + dragged, "parts": 8, "drag-out": dragged, "water": 0, "p": 8}
    assert after == pytest.approx(expected | {"w rinse": dragged})
    assert found.masses_after["p"] == pytest.approx(108)
    assert found.masses_after["water"] == pytest.approx(500)


def test_an_input_that_is_changed_is_taken_up_by_the_waste_or_by_the_other_inputs() -> None:
    half = Change("water", factor=0.5)
    found = what_if(RINSING, RINSED, [half])
    assert found.masses_after == pytest.approx(RINSED | {"water": 250, "w rinse": 252})
    tank = plant(
        "T", stream("a", None, "T"), stream("b", None, "T"), stream("p", "T", None), stream("w", "T", None)
    )
    masses = {"a": 30.0, "b": 70.0, "p": 80.0, "w": 20.0}
    swapped = what_if(tank, masses, [Change("a", factor=2.0, inputs_follow=True)])
    assert swapped.masses_after == pytest.approx({"a": 60, "b": 40, "p": 80, "w": 20})
    wasted = what_if(tank, masses, [Change("a", factor=2.0)])
    assert wasted.masses_after == pytest.approx({"a": 60, "b": 70, "p": 80, "w": 50})


def test_the_boiler_house_burns_as_much_as_its_steam_asks() -> None:
    heated = plant(
        "GBT",
        stream("coal", None, "G", 0.5),
        stream("w ash", "G", None),
        Stream("power", "Power", "G", "B", StreamKind.ENERGY),
        stream("fuel", None, "B", 3.0),
        stream("w flue gas", "B", None),
        Stream("steam", "Steam", "B", "T", StreamKind.ENERGY),
        stream("in", None, "T", 1.0),
        stream("p", "T", None),
        stream("w", "T", None),
    )
    masses = {"coal": 5.0, "w ash": 5.0, "power": 6.0, "fuel": 10.0, "w flue gas": 10.0, "steam": 90.0}
    masses |= {"in": 100.0, "p": 80.0, "w": 20.0}
    found = what_if(heated, masses, [Change("w", value=10.0)])
    assert found.masses_after == pytest.approx(
        {key: 0.9 * mass for key, mass in masses.items()} | {"p": 80, "w": 10}
    )
    assert found.saving.value == pytest.approx(10 + 3 + 0.25)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Change("nowhere", factor=0.5), "what-if-stream-unknown"),
        (Change("back", factor=0.5, component="Ni"), "what-if-component-unknown"),
        (Change("back"), "what-if-amount-unclear"),
        (Change("back", factor=0.5, value=3.0), "what-if-amount-unclear"),
        (Change("back", factor=-1.0), "what-if-amount-unclear"),
        (Change("feed", ChangeKind.SHARE, value=0.5), "what-if-share-of-input"),
        (Change("back", ChangeKind.SHARE, value=1.5), "what-if-share-above-one"),
        (Change("back", ChangeKind.SHARE, value=0.4, against="mixed"), "what-if-against-elsewhere"),
        (Change("back", ChangeKind.SHARE, value=0.9, against="w"), "what-if-more-than-there-is"),
        (Change("feed", factor=0.5), "what-if-no-balance"),
        (Change("mixed", value=50.0), "what-if-negative"),
        (Change("w", ChangeKind.SHARE, value=0.9), "what-if-negative"),
    ],
)
def test_a_change_that_cannot_be_is_a_finding(change: Change, code: str) -> None:
    found = what_if(LOOP, LOOPED, [change])
    assert code in {issue.code for issue in found.issues}
    assert not found.possible
    assert found.costs_after is None
    assert found.saving.value is None


def random_line(seed: int, size: int) -> tuple[Flowsheet, dict[str, float]]:
    """A line of processes with side products, wastes, recycles and a treatment at the end."""
    rng = np.random.default_rng(seed)
    names = [f"P{place}" for place in range(size)]
    streams: list[Stream] = []
    masses: dict[str, float] = {}
    turn = np.zeros((size, size))
    shares: list[tuple[Stream, int, float]] = []
    for place, name in enumerate(names):
        parts = [(stream(f"w{place}", name, None), rng.uniform(0.02, 0.2))]
        parts.append((stream(f"t{place}", name, "W"), rng.uniform(0.02, 0.2)))
        on = (
            stream(f"l{place}", name, names[place + 1])
            if place + 1 < size
            else stream(f"p{place}", name, None)
        )
        parts.append((on, rng.uniform(0.3, 1)))
        if rng.random() < 0.4:
            parts.append((stream(f"q{place}", name, None), rng.uniform(0.05, 0.4)))
        if rng.random() < 0.5:
            back = int(rng.integers(0, place + 1))
            if back != place:
                parts.append((stream(f"r{place}", name, names[back]), rng.uniform(0.05, 0.5)))
                turn[back, place] += parts[-1][1] / sum(part for _, part in parts)
        whole = sum(part for _, part in parts)
        for each, part in parts:
            shares.append((each, place, part / whole))
            if each.end in names:
                turn[names.index(each.end), place] = part / whole
    feed = rng.uniform(1, 50, size)
    through = np.linalg.solve(np.eye(size) - turn, feed)
    treated = 0.0
    for place in range(size):
        streams.append(stream(f"i{place}", None, names[place], 1.0))
        masses[f"i{place}"] = float(feed[place])
    for each, place, part in shares:
        streams.append(each)
        masses[each.key] = float(part * through[place])
        treated += masses[each.key] if each.end == "W" else 0.0
    streams += [stream("lime", None, "W", 1.0), stream("w sludge", "W", None), stream("w out", "W", None)]
    masses |= {"lime": 0.1 * treated, "w sludge": 0.3 * treated, "w out": 0.8 * treated}
    processes = tuple(Process(name, name) for name in (*names, "W"))
    return Flowsheet("Line", processes, tuple(streams), currency="TWD"), masses


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_no_change_changes_nothing(seed: int, size: int) -> None:
    flowsheet, masses = random_line(seed, size)
    found = what_if(flowsheet, masses, [Change("t0", factor=1.0)])
    assert found.possible
    assert found.masses_after == pytest.approx(masses, rel=1e-8)
    assert found.saving.value == pytest.approx(0, abs=1e-6)


@given(st.integers(0, 2**32), st.integers(1, 12), st.floats(0.0, 1.0))
def test_after_a_change_every_process_balances_and_products_stay(seed: int, size: int, factor: float) -> None:
    flowsheet, masses = random_line(seed, size)
    found = what_if(flowsheet, masses, [Change("t0", factor=factor)])
    assert found.possible
    network = found.costs_before.network
    assert network.into(found.after) == pytest.approx(network.out_of(found.after), rel=1e-8)
    for key, mass in masses.items():
        if key[0] in "pq":
            assert found.masses_after[key] == pytest.approx(mass, rel=1e-9)
    assert found.masses_after["t0"] == pytest.approx(factor * masses["t0"], abs=1e-9)
    assert float(found.saving.value or 0) >= -1e-6


@given(st.integers(0, 2**32), st.integers(1, 12), st.floats(0.9, 1.1), st.data())
def test_whatever_single_flow_changes_every_process_balances_or_it_is_said(
    seed: int, size: int, factor: float, data: st.DataObject
) -> None:
    flowsheet, masses = random_line(seed, size)
    key = data.draw(st.sampled_from(sorted(masses)))
    found = what_if(flowsheet, masses, [Change(key, factor=factor)])
    if not found.possible:
        assert found.costs_after is None
        return
    network = found.costs_before.network
    scale = max(masses.values())
    assert network.into(found.after) == pytest.approx(network.out_of(found.after), abs=1e-6 * scale)
    assert found.masses_after[key] == pytest.approx(factor * masses[key], abs=1e-9 * scale)
    assert min(found.after) >= 0


@given(st.integers(0, 2**32), st.integers(1, 12), st.floats(0.2, 5.0))
def test_all_products_times_a_factor_is_all_streams_times_it(seed: int, size: int, factor: float) -> None:
    flowsheet, masses = random_line(seed, size)
    changes = [Change(key, factor=factor) for key in masses if key[0] in "pq"]
    found = what_if(flowsheet, masses, changes)
    assert found.masses_after == pytest.approx({key: factor * mass for key, mass in masses.items()}, rel=1e-8)


def recovered_plating() -> tuple[Flowsheet, dict[str, float]]:
    """A bath that loses by drips and drag-out; part of the drag-out comes back from a recovery tank."""
    plant = Flowsheet(
        "Bath with recovery",
        (Process("B", "Bath"), Process("R", "Recovery tank")),
        (
            Stream("salt", "Salt", None, "B", role=Role.INPUT, price=10.0),
            Stream("parts", "Parts", "B", None, role=Role.PRODUCT),
            Stream("drips", "Drips", "B", None, role=Role.LOSS),
            Stream("drag", "Drag-out", "B", "R"),
            Stream("back", "Recovered", "R", "B"),
            Stream("rinse", "Into the rinse", "R", None, role=Role.WASTE),
        ),
        currency="TWD",
    )
    return plant, {"salt": 100, "parts": 70, "drips": 10, "drag": 60, "back": 40, "rinse": 20}


@pytest.mark.parametrize("factor", [0.5, 1.0, 1.5])
def test_what_is_recovered_follows_the_drag_out_and_the_other_losses_stay(factor: float) -> None:
    plant, masses = recovered_plating()
    found = what_if(plant, masses, [Change("drag", factor=factor)])
    after = found.masses_after
    assert after["drips"] == pytest.approx(10)
    assert after["back"] == pytest.approx(40 * factor)
    assert after["rinse"] == pytest.approx(20 * factor)
    assert after["salt"] == pytest.approx(80 + 20 * factor)
    assert found.saving.value == pytest.approx(10 * 20 * (1 - factor))


def test_less_of_one_loss_is_not_less_of_the_others() -> None:
    plant, masses = recovered_plating()
    after = what_if(plant, masses, [Change("drips", factor=0.0)], recycles=("back",)).masses_after
    assert after == pytest.approx({**masses, "drips": 0, "salt": 90})
