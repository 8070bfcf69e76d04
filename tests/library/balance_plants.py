"""Seeded random plants whose true flows are known: recycles, parallel lines, stocks, gaps in what is measured.

A plant is laid from walks. A walk goes from the environment through some processes and back, or around in a circle, and
carries an amount; an edge's flow is the sum of its walks, so that every balance holds for any network. With
components, every walk carries each of them, so that processes separate and mix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import scipy.sparse as sp
from balance_polynomials import Polynomials, component_balances

from openrecp.balances.flowsheet import (
    Component,
    Correlation,
    Flowsheet,
    Measurement,
    Process,
    Quantity,
    Ref,
    Relation,
    Stock,
    Stream,
)
from openrecp.balances.problems import Array, LinearProblem, NonlinearProblem

OUTSIDE = -1


@dataclass(frozen=True, slots=True)
class Edge:
    """A way of mass: a stream, or the opening or closing stock of a process."""

    start: int
    end: int
    quantity: Quantity
    key: str


@dataclass(frozen=True, slots=True, eq=False)
class Plant:
    """Edges with their true amounts and what is measured of them; variables stand in the order of ``edges``.

    ``ratios`` are (edge, other, ratio, sd): the first is so many times the second; with an sd above 0 the problem has a
    variable more, measured as 0, for what the ratio misses.
    """

    processes: int
    edges: tuple[Edge, ...]
    true: Array
    measured: Array
    sds: Array
    correlations: tuple[tuple[int, int, float], ...]
    ratios: tuple[tuple[int, int, float, float], ...]

    def incidence(self) -> Array:
        """Shape (processes, edges)."""
        found = np.zeros((self.processes, len(self.edges)))
        for place, edge in enumerate(self.edges):
            if edge.end != OUTSIDE:
                found[edge.end, place] += 1.0
            if edge.start != OUTSIDE:
                found[edge.start, place] -= 1.0
        return found

    def problem(self) -> LinearProblem:
        """Balances of the processes, then the ratios."""
        loose = [place for place, ratio in enumerate(self.ratios) if ratio[3] > 0]
        matrix = np.zeros((self.processes + len(self.ratios), len(self.edges) + len(loose)))
        matrix[: self.processes, : len(self.edges)] = self.incidence()
        for place, (edge, other, ratio, _) in enumerate(self.ratios):
            matrix[self.processes + place, [edge, other]] = 1.0, -ratio
        for slack, place in enumerate(loose):
            matrix[self.processes + place, len(self.edges) + slack] = -1.0
        slack_sds = np.array([self.ratios[place][3] for place in loose])
        return LinearProblem(
            sp.csr_array(matrix),
            np.zeros(len(matrix)),
            np.concatenate([self.measured, np.zeros(len(loose))]),
            np.concatenate([self.sds, slack_sds]),
            self.correlations,
        )

    def refs(self) -> tuple[Ref, ...]:
        """What each edge is called in the flowsheet."""
        return tuple(Ref(edge.quantity, edge.key) for edge in self.edges)

    def flowsheet(self) -> Flowsheet:
        """The same as a drawing with measurements."""
        known = {(edge.quantity, edge.key): self._measurement(place) for place, edge in enumerate(self.edges)}
        refs = self.refs()
        return Flowsheet(
            "Random plant",
            tuple(Process(f"P{number}", f"Process {number}") for number in range(self.processes)),
            tuple(
                Stream(
                    edge.key,
                    edge.key,
                    _process(edge.start),
                    _process(edge.end),
                    flow=known[edge.quantity, edge.key],
                )
                for edge in self.edges
                if edge.quantity is Quantity.FLOW
            ),
            stocks=tuple(
                Stock(
                    edge.key,
                    edge.key,
                    f"P{edge.end}",
                    known[edge.quantity, edge.key],
                    known[Quantity.CLOSING, edge.key],
                )
                for edge in self.edges
                if edge.quantity is Quantity.OPENING
            ),
            relations=tuple(
                Relation(f"R{place}", f"Ratio {place}", ((1.0, refs[edge]), (-ratio, refs[other])), sd=sd)
                for place, (edge, other, ratio, sd) in enumerate(self.ratios)
            ),
            correlations=tuple(
                Correlation(refs[first], refs[second], strength)
                for first, second, strength in self.correlations
            ),
        )

    def _measurement(self, place: int) -> Measurement | None:
        return _measurement(self.measured[place], self.sds[place])


@dataclass(frozen=True, slots=True, eq=False)
class ComponentPlant:
    """Streams with flows and shares; the components are all that a stream holds, so that its shares add up to 1.

    Variables: flows, then the shares of the first component in all streams, of the second, and so on.
    """

    processes: int
    edges: tuple[Edge, ...]
    components: int
    true: Array
    start: Array
    measured: Array
    sds: Array

    def balances(self) -> Polynomials:
        """Of every component at every process, and the sums of the shares."""
        flows = Plant(self.processes, self.edges, self.true, self.measured, self.sds, (), ())
        return component_balances(flows.incidence(), self.components)

    def problem(self) -> NonlinearProblem:
        """Balances with measurements."""
        return self.balances().problem(self.start, self.measured, self.sds)

    def refs(self) -> tuple[Ref, ...]:
        """What each variable is called in the flowsheet."""
        flows = [Ref(Quantity.FLOW, edge.key) for edge in self.edges]
        shares = [
            Ref(Quantity.FRACTION, edge.key, f"C{component}")
            for component in range(self.components)
            for edge in self.edges
        ]
        return (*flows, *shares)

    def flowsheet(self) -> Flowsheet:
        """The same as a drawing with measurements."""
        return Flowsheet(
            "Random plant with components",
            tuple(Process(f"P{number}", f"Process {number}") for number in range(self.processes)),
            tuple(
                Stream(
                    edge.key,
                    edge.key,
                    _process(edge.start),
                    _process(edge.end),
                    flow=_measurement(self.measured[place], self.sds[place]),
                    fractions=self._fractions(place),
                )
                for place, edge in enumerate(self.edges)
            ),
            tuple(Component(f"C{number}", f"Component {number}") for number in range(self.components)),
        )

    def _fractions(self, stream: int) -> Mapping[str, Measurement]:
        found = {}
        for component in range(self.components):
            place = len(self.edges) * (1 + component) + stream
            known = _measurement(self.measured[place], self.sds[place])
            if known is not None:
                found[f"C{component}"] = known
        return MappingProxyType(found)


def random_plant(seed: int, processes: int = 8, stocks: int = 2) -> Plant:
    """A plant with recycles, parallel lines, stocks, unmeasured and fixed amounts, correlations and ratios."""
    draw = np.random.default_rng(seed)
    walks = _walks(
        draw, processes, [(OUTSIDE, OUTSIDE)] * (processes // 2) + _stock_ends(draw, processes, stocks)
    )
    edges, carried = _edges_of(draw, walks)
    true = carried @ draw.uniform(20.0, 200.0, len(walks))
    sds = true * draw.choice([0.01, 0.02, 0.05], len(true))
    measured = true + sds * draw.standard_normal(len(true))
    unknown = draw.random(len(true)) < draw.choice([0.0, 0.2, 0.4, 0.6])
    measured[unknown] = sds[unknown] = np.nan
    fixed = draw.choice(len(true), draw.integers(0, 3), replace=False)
    measured[fixed], sds[fixed] = true[fixed], 0.0
    ratios = []
    for _ in range(draw.integers(0, 3)):
        edge, other = draw.choice(len(true), 2, replace=False)
        loose = draw.choice([0.0, 0.02]) * true[edge]
        ratios.append((int(edge), int(other), float(true[edge] / true[other]), float(loose)))
    return Plant(processes, edges, true, measured, sds, _correlations(draw, sds), tuple(ratios))


def random_component_plant(
    seed: int, processes: int = 4, components: int = 3, *, gaps: bool = True
) -> ComponentPlant:
    """A plant whose flows and shares are measured in part."""
    draw = np.random.default_rng(seed)
    walks = _walks(draw, processes, [(OUTSIDE, OUTSIDE)] * processes)
    edges, carried = _edges_of(draw, walks)
    amounts = carried @ draw.uniform(5.0, 100.0, (len(walks), components))
    flows = amounts.sum(axis=1)
    true = np.concatenate([flows, (amounts / flows[:, None]).T.ravel()])
    sds = true * draw.choice([0.01, 0.03], len(true))
    measured = true + sds * draw.standard_normal(len(true))
    start = true * draw.uniform(0.8, 1.2, len(true))
    unknown = draw.random(len(true)) < (draw.choice([0.0, 0.1, 0.2]) if gaps else 0.0)
    start[~unknown] = measured[~unknown]
    measured[unknown] = sds[unknown] = np.nan
    return ComponentPlant(processes, edges, components, true, start, measured, sds)


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Nothing but streams between nodes, -1 being the environment; true flows, and what is measured of them."""

    nodes: int
    tails: Array
    heads: Array
    true: Array
    measured: Array
    sds: Array


def large_network(seed: int, streams: int, share_unmeasured: float = 0.0) -> Network:
    """Circles of four streams through nodes that are close to each other, every tenth through the environment."""
    draw = np.random.default_rng(seed)
    nodes, circles = int(0.4 * streams), streams // 4
    base = np.arange(circles) * nodes // circles
    corners = (base[:, None] + draw.integers(1, 5, (circles, 4)).cumsum(axis=1)) % nodes
    corners[::10, 0] = OUTSIDE
    true = np.repeat(draw.uniform(20.0, 200.0, circles), 4)
    sds = true * draw.uniform(0.01, 0.05, len(true))
    measured = true + sds * draw.standard_normal(len(true))
    unknown = draw.random(len(true)) < share_unmeasured
    measured[unknown] = sds[unknown] = np.nan
    return Network(nodes, corners.ravel(), np.roll(corners, -1, axis=1).ravel(), true, measured, sds)


def _stock_ends(draw: np.random.Generator, processes: int, stocks: int) -> list[tuple[int, int]]:
    """Walks that begin in an opening stock or end in a closing one, written as -2 - process."""
    held = draw.choice(processes, stocks, replace=False)
    return [(-2 - int(place), OUTSIDE) for place in held] + [(OUTSIDE, -2 - int(place)) for place in held]


def _walks(draw: np.random.Generator, processes: int, ends: list[tuple[int, int]]) -> list[list[int]]:
    """Every process is visited; a third as many circles are added as there are processes."""
    walks = []
    unvisited = list(draw.permutation(processes))
    for start, end in ends:
        first = [start] if start == OUTSIDE else [start, -2 - start]
        last = [end] if end == OUTSIDE else [-2 - end, end]
        between = [*unvisited[:3], *draw.choice(processes, draw.integers(1, 4), replace=False)]
        del unvisited[:3]
        walks.append(_without_repeats([*first, *(int(place) for place in between), *last]))
    for _ in range(max(processes // 3, 1)):
        circle = [int(place) for place in draw.choice(processes, draw.integers(2, 4), replace=False)]
        walks.append([*circle, circle[0]])
    return walks


def _without_repeats(walk: list[int]) -> list[int]:
    """No process twice in a row."""
    return [place for position, place in enumerate(walk) if position == 0 or place != walk[position - 1]]


def _edges_of(draw: np.random.Generator, walks: list[list[int]]) -> tuple[tuple[Edge, ...], Array]:
    """Edges, streams first, and how much of each walk each carries, shape (edges, walks); a fifth have a parallel line."""
    steps = [(walk, start, end) for walk, places in enumerate(walks) for start, end in pairwise(places)]
    ways = list(dict.fromkeys((start, end) for _, start, end in steps))
    rows, ends = [], []
    for way in ways:
        carried = np.zeros(len(walks))
        for walk, start, end in steps:
            if (start, end) == way:
                carried[walk] += 1.0
        doubled = min(way) >= OUTSIDE and draw.random() < 0.2
        split = draw.uniform(0.3, 0.7) if doubled else 1.0
        for share in (split, 1.0 - split) if doubled else (split,):
            rows.append(share * carried)
            ends.append(way)
    order = sorted(range(len(rows)), key=lambda row: min(ends[row]) < OUTSIDE)
    edges = tuple(_edge(ends[row], position) for position, row in enumerate(order))
    return edges, np.array([rows[row] for row in order])


def _edge(way: tuple[int, int], position: int) -> Edge:
    start, end = way
    if start < OUTSIDE:
        return Edge(OUTSIDE, end, Quantity.OPENING, f"K{-2 - start}")
    if end < OUTSIDE:
        return Edge(start, OUTSIDE, Quantity.CLOSING, f"K{-2 - end}")
    return Edge(start, end, Quantity.FLOW, f"S{position}")


def _correlations(draw: np.random.Generator, sds: Array) -> tuple[tuple[int, int, float], ...]:
    """Some pairs among the uncertain measurements, and one chain of three."""
    uncertain = draw.permutation(np.flatnonzero(sds > 0))
    pairs = [
        (int(first), int(second), float(draw.uniform(-0.8, 0.8)))
        for first, second in uncertain[: 2 * draw.integers(0, 3)].reshape(-1, 2)
    ] if len(uncertain) > 7 else []  # fmt: skip
    if pairs:
        pairs.append((pairs[0][1], int(uncertain[-1]), 0.3))
    return tuple(pairs)


def _process(place: int) -> str | None:
    return None if place == OUTSIDE else f"P{place}"


def _measurement(value: float, sd: float) -> Measurement | None:
    return None if np.isnan(value) else Measurement(float(value), float(sd))
