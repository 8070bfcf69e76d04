"""Networks to measure with: plants of sections, hubs and recycles; grids; random wiring. All true flows balance.

Nodes are numbered from 0, the environment is -1. A plant's flows are laid in circles: what a circle carries is drawn,
and the flow of a stream is the sum of its circles, so that the balances hold whatever the size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

SEED = 1986
SECTION = 10
"""Processes in a section; 25 streams belong to it."""
SECTIONS_A_HUB = 40


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Streams from ``tails`` to ``heads``; NaN where nothing was measured."""

    nodes: int
    tails: Any
    heads: Any
    true: Any
    measured: Any
    sds: Any

    @property
    def streams(self) -> int:
        return len(self.tails)


@dataclass(frozen=True, slots=True, eq=False)
class Compositions:
    """A plant whose streams have shares of components too: flow, then shares, shape (streams, components + 1)."""

    nodes: int
    tails: Any
    heads: Any
    true: Any
    measured: Any
    sds: Any


def measured_network(nodes: int, tails: Any, heads: Any, true: Any, seed: int = SEED) -> Network:
    """Measurements with standard deviations of 1 to 3 %, or of that of a flow of 1."""
    draw = np.random.default_rng(seed + 1)
    sds = np.maximum(true, 1.0) * draw.uniform(0.01, 0.03, len(true))
    return Network(nodes, tails, heads, true, true + sds * draw.standard_normal(len(true)), sds)


def plant(streams: int, seed: int = SEED, far: float = 0.0, *, shuffled: bool = False) -> Network:
    """A plant of so many streams, with about 0.4 nodes a stream.

    Parameters
    ----------
    far : float
        Share of the sections that also send something to any other section of the plant.
    shuffled : bool
        Number nodes and streams at random, as a file in no order would.
    """
    nodes, tails, heads, amounts = _wiring(streams, seed, far)
    network = measured_network(nodes, tails, heads, amounts(np.random.default_rng(seed + 2)), seed)
    return _shuffled(network, seed) if shuffled else network


def _wiring(
    streams: int, seed: int, far: float
) -> tuple[int, Any, Any, Callable[[np.random.Generator], Any]]:
    """Nodes, tails, heads, and what draws flows that balance.

    A section is a line of processes from the environment to the environment. Four streams lead back along it and three
    ahead; two leave for a hub (condensate) and two come from it (steam); two go to the next section and one to waste.
    """
    draw = np.random.default_rng(seed)
    hubs = max(streams // 25 // SECTIONS_A_HUB, 1)
    sections = max((streams - 2 * hubs) // 25, 1)
    section = np.arange(sections)
    spare = streams - 2 * hubs - 25 * sections
    first = section * SECTION

    def pairs(count: int) -> tuple[Any, Any, Any]:
        """Section, earlier and later position, count of them in every section."""
        start = draw.integers(0, SECTION - 1, (count, sections))
        stop = start + 1 + draw.integers(0, np.minimum(SECTION - 1 - start, 3), (count, sections))
        return np.tile(section, count), start.ravel(), stop.ravel()

    of_recycle, to_recycle, from_recycle = pairs(4)
    of_bypass, from_bypass, to_bypass = pairs(3)
    of_hub, from_hub, back_to_hub = pairs(2)
    hub = sections * SECTION + of_hub * hubs // sections
    of_next, leave, enter = pairs(2)
    next_one = (of_next + 1) % sections
    far_from = draw.choice(sections, round(far * sections), replace=False)
    far_to = draw.integers(0, sections, len(far_from))
    of_waste = np.concatenate([section, draw.integers(0, sections, max(spare - len(far_from), 0))])
    waste = draw.integers(0, SECTION, len(of_waste))
    line = first[:, None] + np.arange(SECTION)
    outside = np.full((sections, 1), -1)
    all_hubs = np.arange(sections * SECTION, sections * SECTION + hubs)
    none = np.full(hubs, -1)
    start_of, stop_of = np.hstack([outside, line]), np.hstack([line, outside])
    tails = [start_of.ravel(), first[of_recycle] + from_recycle, first[of_bypass] + from_bypass, hub]
    heads = [
        stop_of.ravel(),
        first[of_recycle] + to_recycle,
        first[of_bypass] + to_bypass,
        first[of_hub] + from_hub,
    ]
    tails += [
        first[of_hub] + back_to_hub,
        first[of_next] + leave,
        first[of_waste] + waste,
        first[far_from] + 5,
    ]
    heads += [hub, first[next_one] + enter, np.full(len(of_waste), -1), first[far_to] + 5]
    tails += [none, all_hubs]
    heads += [all_hubs, none]

    def amounts(draw: np.random.Generator) -> Any:
        """The line's flow changes where something joins or leaves it: a difference at each end of each circle."""
        change = np.zeros((sections, SECTION + 2))
        change[:, 0] = draw.uniform(80.0, 160.0, sections)
        recycled, bypassed, heated, passed, wasted, sent = (
            draw.uniform(1.0, most, size)
            for most, size in (
                (20.0, len(of_recycle)),
                (6.0, len(of_bypass)),
                (8.0, len(of_hub)),
                (5.0, len(of_next)),
                (4.0, len(of_waste)),
                (4.0, len(far_from)),
            )
        )
        for flow, of, at in (
            (recycled, of_recycle, to_recycle),
            (-recycled, of_recycle, from_recycle),
            (-bypassed, of_bypass, from_bypass),
            (bypassed, of_bypass, to_bypass),
            (heated, of_hub, from_hub),
            (-heated, of_hub, back_to_hub),
            (-passed, of_next, leave),
            (passed, next_one, enter),
            (-wasted, of_waste, waste),
            (-sent, far_from, 5),
            (sent, far_to, 5),
        ):
            np.add.at(change, (of, np.asarray(at) + 1), flow)
        make_up = draw.uniform(20.0, 60.0, hubs)
        main = change.cumsum(axis=1)[:, : SECTION + 1].ravel()
        return np.concatenate(
            [main, recycled, bypassed, heated, heated, passed, wasted, sent, make_up, make_up]
        )

    return sections * SECTION + hubs, np.concatenate(tails), np.concatenate(heads), amounts


def grid(streams: int, seed: int = SEED) -> Network:
    """A square grid of nodes whose rows come from the environment and go there; circulation around every square."""
    side = max(round((streams / 2) ** 0.5), 2)
    draw = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    around = np.pad(draw.uniform(-20.0, 20.0, (side - 1, side - 1)), 1)
    along = draw.uniform(60.0, 120.0, (side, 1)) + around[1:, 1:-1] - around[:-1, 1:-1]
    across = around[1:-1, :-1] - around[1:-1, 1:]
    ends = (along - (around[1:, 1:-1] - around[:-1, 1:-1]))[:, 0]
    outside = np.full(side, -1)
    tails = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel(), outside, number[:, -1]])
    heads = np.concatenate([number[:, 1:].ravel(), number[1:].ravel(), number[:, 0], outside])
    true = np.concatenate([along.ravel(), across.ravel(), ends, ends])
    back = true < 0
    tails[back], heads[back] = heads[back], tails[back]
    return measured_network(side * side, tails, heads, np.abs(true), seed)


def random_wiring(streams: int, seed: int = SEED) -> Network:
    """Circles of four streams through any four nodes, every tenth through the environment; 0.4 nodes a stream."""
    draw = np.random.default_rng(seed)
    nodes, circles = max(int(0.4 * streams), 5), streams // 4
    corners = draw.integers(0, nodes, (circles, 1)) + draw.integers(
        1, max(nodes // 5, 2), (circles, 4)
    ).cumsum(axis=1)
    corners %= nodes
    corners[::10, 0] = -1
    following = np.roll(corners, -1, axis=1)
    true = np.repeat(draw.uniform(20.0, 200.0, circles), 4)
    return measured_network(nodes, corners.ravel(), following.ravel(), true, seed)


def unmeasured(network: Network, share: float = 0.3, seed: int = SEED) -> Network:
    """The same with a share of the meters gone."""
    gone = np.random.default_rng(seed + 3).random(network.streams) < share
    measured, sds = network.measured.copy(), network.sds.copy()
    measured[gone] = sds[gone] = np.nan
    return replace(network, measured=measured, sds=sds)


def planted_errors(network: Network, count: int, size: float = 15.0, seed: int = SEED) -> tuple[Network, Any]:
    """So many meters wrong by ``size`` standard deviations, and which they are.

    Only meters are taken whose error makes more than half of the noise of a balance: an error of a small stream that drowns
    in the noise of large ones is found by nobody.
    """
    draw = np.random.default_rng(seed + 4)
    noise = np.zeros(network.nodes + 1)
    np.add.at(noise, network.heads, network.sds**2)
    np.add.at(noise, network.tails, network.sds**2)
    noise[-1] = np.inf
    shown = network.sds**2 / np.minimum(noise[network.heads], noise[network.tails])
    wrong = np.sort(draw.choice(np.flatnonzero(shown > 0.4), count, replace=False))
    measured = network.measured.copy()
    measured[wrong] += size * network.sds[wrong] * draw.choice([-1.0, 1.0], count)
    return replace(network, measured=measured), wrong


def compositions(streams: int, components: int = 5, seed: int = SEED) -> Compositions:
    """A plant in which every component takes its own amounts through the same wiring; flows and all shares measured."""
    nodes, tails, heads, amounts = _wiring(streams, seed, 0.0)
    parts = np.array([amounts(np.random.default_rng(seed + 10 + number)) for number in range(components)])
    flows = parts.sum(axis=0)
    true = np.column_stack([flows, (parts / flows).T])
    draw = np.random.default_rng(seed + 5)
    sds = true * draw.uniform(0.01, 0.03, true.shape)
    return Compositions(nodes, tails, heads, true, true + sds * draw.standard_normal(true.shape), sds)


def _shuffled(network: Network, seed: int) -> Network:
    draw = np.random.default_rng(seed + 6)
    number = np.append(draw.permutation(network.nodes), -1)
    order = draw.permutation(network.streams)
    return Network(
        network.nodes,
        number[network.tails[order]],
        number[network.heads[order]],
        network.true[order],
        network.measured[order],
        network.sds[order],
    )
