"""What holds for the costs of every flowsheet: conservation, and derivatives that are true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrecp.balances.cost_data import AllocationKey, CostData
from openrecp.balances.costs import MaterialFlowCosts, cost_derivatives, material_flow_costs
from openrecp.balances.flowsheet import Flowsheet, Process, Role, Stock, Stream


@dataclass(frozen=True)
class Drawn:
    """A random flowsheet that balances, with loops, and what it costs."""

    flowsheet: Flowsheet
    masses: dict[str, float]
    stocks: dict[str, tuple[float, float]]
    data: CostData


def random_plant(seed: int, size: int, keys: bool = True) -> Drawn:
    """Processes in a row with purchases, recycles over any distance, products, losses and stocks."""
    rng = np.random.default_rng(seed)
    names = [f"P{place}" for place in range(size)]
    links = [(i, i + 1) for i in range(size - 1)]
    links += [(int(a), int(b)) for a, b in rng.integers(0, size, (size, 2)) if a != b]
    split = rng.uniform(0.1, 1.0, len(links))
    out = np.zeros(size)
    np.add.at(out, [a for a, _ in links], split)
    ends = rng.uniform(0.05, 0.6, (size, 2))
    out += ends.sum(axis=1)
    turn = np.zeros((size, size))
    for (a, b), part in zip(links, split, strict=True):
        turn[b, a] += part / out[a]
    feed = rng.uniform(1, 100, size)
    opening, closing = rng.uniform(0, 5, (2, size)) * (rng.random(size) < 0.4)
    through = np.linalg.solve(np.eye(size) - turn, feed + opening + 5 - closing)
    streams, masses = [], {}
    for place, name in enumerate(names):
        for role, key, mass in (
            (Role.INPUT, f"i{place}", feed[place] + 5),
            (Role.PRODUCT, f"p{place}", through[place] * ends[place, 0] / out[place]),
            (Role.WASTE, f"w{place}", through[place] * ends[place, 1] / out[place]),
        ):
            inward = role is Role.INPUT
            price = float(rng.uniform(0, 9)) if inward else None
            start, end = (None, name) if inward else (name, None)
            streams.append(Stream(key, key, start, end, role=role, price=price))
            masses[key] = float(mass)
    for at, ((a, b), part) in enumerate(zip(links, split, strict=True)):
        streams.append(Stream(f"l{at}", f"l{at}", names[a], names[b]))
        masses[f"l{at}"] = float(through[a] * part / out[a])
    stocks = {f"s{place}": (float(opening[place]), float(closing[place])) for place in range(size)}
    chosen = {
        name: key
        for name in names
        if keys and (key := rng.choice(np.array([*AllocationKey], dtype=object))) is not AllocationKey.GIVEN
    }
    data = CostData(
        energy={name: float(rng.uniform(0, 50)) for name in names},
        system={name: float(rng.uniform(0, 90)) for name in names},
        waste_management={f"w{place}": float(rng.uniform(0, 20)) for place in range(0, size, 2)}
        | dict.fromkeys(names[::3], 3.0),
        keys=chosen,
        excluded=frozenset({"w0"} if rng.random() < 0.5 else ()),
    )
    flowsheet = Flowsheet(
        "Random",
        tuple(Process(name, name) for name in names),
        tuple(streams),
        stocks=tuple(Stock(f"s{place}", "Store", name, price=2.0) for place, name in enumerate(names)),
        currency="TWD",
    )
    return Drawn(flowsheet, masses, stocks, data)


def costs_of(
    drawn: Drawn, masses: dict[str, float] | None = None, digits: int | None = None
) -> MaterialFlowCosts:
    return material_flow_costs(
        drawn.flowsheet, masses or drawn.masses, drawn.data, stocks=drawn.stocks, share_digits=digits
    )


@given(st.integers(0, 2**32), st.integers(1, 25), st.sampled_from([None, 1, 3]))
def test_what_the_period_cost_is_what_products_losses_and_stocks_carry(
    seed: int, size: int, digits: int | None
) -> None:
    costs = costs_of(random_plant(seed, size), digits=digits)
    matrix = costs.matrix()
    assert matrix.amounts[4, 4] == pytest.approx(costs.total_cost, rel=1e-9)
    for kind in (2, 3):
        assert matrix.amounts[4, kind] == pytest.approx(costs.own[:, kind].sum(), rel=1e-9)
    assert matrix.amounts[0, 1] == pytest.approx(0, abs=1e-9)


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_unit_costs_are_those_of_a_dense_solution(seed: int, size: int) -> None:
    drawn = random_plant(seed, size, keys=False)
    flowsheet, places = drawn.flowsheet, range(size)
    data = CostData(energy=drawn.data.energy, system=drawn.data.system)
    costs = material_flow_costs(flowsheet, drawn.masses, data)
    # What a unit costs in each process: all that comes in, over all that leaves.
    system, right = np.zeros((size, size)), np.zeros(size)
    number = {f"P{place}": place for place in places}
    for each in flowsheet.streams:
        mass = drawn.masses[each.key]
        if each.start is not None:
            system[number[each.start], number[each.start]] += mass
        if each.end is not None and each.start is not None:
            system[number[each.end], number[each.start]] -= mass
        if each.start is None and each.end is not None:
            right[number[each.end]] += mass * (each.price or 0.0)
    right += [data.energy[f"P{place}"] + data.system[f"P{place}"] for place in places]
    unit = np.linalg.solve(system, right)
    for place in places:
        assert costs.per_unit[costs.network.streams[f"w{place}"]] == pytest.approx(unit[place], rel=1e-9)


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_every_process_hands_on_what_it_got(seed: int, size: int) -> None:
    drawn = random_plant(seed, size)
    costs = costs_of(drawn)
    network = costs.network
    for kind in range(4):
        leaves = network.out_of(costs.streams[:, kind]) + costs.stored[:, kind]
        begun = np.zeros_like(leaves)
        if kind == 1:
            for key, amount in drawn.data.waste_management.items():
                if key in network.streams:
                    begun[network.starts[network.streams[key]]] += amount
        comes = costs.handed[:, kind] + costs.own[:, kind] + begun
        assert leaves == pytest.approx(comes, rel=1e-9, abs=1e-9)


@given(st.integers(0, 2**32), st.integers(1, 8))
def test_derivatives_of_costs_are_those_of_finite_differences(seed: int, size: int) -> None:
    drawn = random_plant(seed, size)
    found = cost_derivatives(costs_of(drawn), np.eye(len(drawn.masses)))
    for place, key in list(enumerate(drawn.masses))[:: max(1, size // 2)]:
        step = 1e-4 * drawn.masses[key]
        up = costs_of(drawn, drawn.masses | {key: drawn.masses[key] + step}).totals
        down = costs_of(drawn, drawn.masses | {key: drawn.masses[key] - step}).totals
        slope = (up - down) / (2 * step)
        assert found[place] == pytest.approx(slope, rel=1e-4, abs=1e-5 * (1 + np.abs(slope).max()))


def test_standard_deviations_of_costs_are_those_of_a_simulation() -> None:
    drawn = random_plant(7, 4)
    count = len(drawn.masses)
    rng = np.random.default_rng(1)
    mixing = rng.normal(size=(count, count)) * 0.002 * np.array(list(drawn.masses.values()))[:, None]
    covariance = mixing @ mixing.T
    costs = material_flow_costs(
        drawn.flowsheet, drawn.masses, drawn.data, stocks=drawn.stocks, covariance=covariance
    )
    totals, lost = [], []
    for _ in range(1500):
        errors = mixing @ rng.normal(size=count)
        moved = {key: mass + error for (key, mass), error in zip(drawn.masses.items(), errors, strict=True)}
        tried = costs_of(drawn, moved)
        totals.append(tried.totals)
        lost.append(tried.loss_cost)
    assert costs.sds is not None
    assert costs.sds == pytest.approx(np.std(totals, axis=0), rel=0.08)
    assert costs.loss_sd == pytest.approx(np.std(lost), rel=0.08)
    first = costs.true_costs()[0]
    place = costs.network.streams[first.stream]
    assert first.interval == pytest.approx(
        tuple(costs.totals[place] + side * 1.959964 * costs.sds[place] for side in (-1, 1))
    )


def test_a_cost_that_hangs_on_an_unknown_mass_has_no_interval_and_others_have() -> None:
    drawn = random_plant(3, 1)
    variances = np.ones(len(drawn.masses))
    variances[list(drawn.masses).index("p0")] = np.nan
    costs = material_flow_costs(
        drawn.flowsheet, drawn.masses, drawn.data, stocks=drawn.stocks, covariance=variances
    )
    assert costs.sds is not None
    price = drawn.flowsheet.streams[0].price
    assert costs.sds[0] == pytest.approx(price)
    assert np.isnan(costs.sds[1])
