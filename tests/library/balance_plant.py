"""A plant as large as real ones, made up from a seed: sections in line, two of them in parallel, three nested recycles."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from openrecp.reports.charts.flow_specs import (
    SankeyDiagram,
    SankeyNode,
    SankeySection,
    SankeyStream,
    State,
)

_SECTIONS: Final = (
    "Raw material", "Preparation", "Pickling line A", "Pickling line B", "Degreasing", "Plating 1", "Plating 2",
    "Rinsing", "Synthesis", "Separation", "Purification", "Crystallisation", "Drying", "Finishing", "Packing",
    "Utilities", "Waste water", "Sludge handling",
)  # fmt: skip
_MACHINES: Final = (
    "Washer",
    "Mixer",
    "Reactor",
    "Filter",
    "Centrifuge",
    "Dryer",
    "Cooler",
    "Screen",
    "Evaporator",
)
_INPUTS: Final = ("Water", "Steam", "Acid", "Caustic soda", "Compressed air", "壓縮空氣與製程用水")
_LOSSES: Final = ("Vapour", "Drag-out", "Leakage", "Spent acid", "Dust", "Off-gas")
_MAIN: Final = (
    (0, 1), (1, 2), (1, 3), (2, 4), (3, 4), (4, 5), (4, 6), (5, 7), (6, 7), (7, 8), (8, 9), (9, 10), (10, 11),
    (11, 12), (12, 13), (13, 14),
)  # fmt: skip
RECYCLES: Final = ((9, 8, 220.0), (11, 7, 160.0), (13, 4, 120.0))
"""From section, to section, and how much: each one around the one before."""


@dataclass
class _Plant:
    chance: random.Random
    nodes: list[SankeyNode] = field(default_factory=list)
    streams: list[SankeyStream] = field(default_factory=list)

    def node(self, section: str) -> str:
        key = f"n{len(self.nodes) + 1}"
        kind = "stock" if self.chance.random() < 0.08 else "process"
        label = f"{self.chance.choice(_MACHINES)} {len(self.nodes) + 1}"
        self.nodes.append(SankeyNode(key, label, "stock" if kind == "stock" else "process", section))
        return key

    def stream(
        self,
        label: str,
        start: str | None,
        end: str | None,
        value: float,
        *,
        loss: bool = False,
        product: bool = False,
        state: State | None = None,
    ) -> None:
        states: tuple[State, ...] = ("measured", "estimated", "computed", "unobservable")
        known = state or self.chance.choices(states, (60, 12, 23, 5))[0]
        amount = None if known == "unobservable" else value
        sd = None if amount is None else amount * self.chance.choice((0.01, 0.02, 0.05, 0.1))
        key = str(len(self.streams) + 1)
        self.streams.append(SankeyStream(key, label, start, end, amount, sd, known, loss, product))


def large_plant(seed: int = 3, streams: int = 300) -> SankeyDiagram:
    """Eighteen sections, about 120 machines and so many streams."""
    plant = _Plant(random.Random(seed))  # noqa: S311 - a made-up plant, nothing secret
    chains = {
        index: [plant.node(f"s{index}") for _ in range(plant.chance.randint(5, 8))]
        for index in range(len(_SECTIONS))
    }
    for chain in chains.values():
        for start, end in pairwise(chain):
            plant.stream("Slurry", start, end, plant.chance.uniform(500, 1000))
    plant.stream("Ore", None, chains[0][0], 1000.0)
    for start_at, end_at in _MAIN:
        plant.stream("Transfer", chains[start_at][-1], chains[end_at][0], 700.0)
    for start_at, end_at, amount in RECYCLES:
        plant.stream("Recycle", chains[start_at][-1], chains[end_at][0], amount, state="measured")
    for index in (2, 3, 5, 6, 7):
        plant.stream("Rinse water", chains[index][-2], chains[16][0], 80.0, loss=True)
    plant.stream("Sludge", chains[16][-1], chains[17][0], 60.0, loss=True)
    plant.stream("Product", chains[14][-1], None, 800.0, product=True)
    while len(plant.streams) < streams:
        _one_more(plant, plant.chance.choice(list(chains.values())))
    sections = tuple(SankeySection(f"s{index}", label) for index, label in enumerate(_SECTIONS))
    return SankeyDiagram(tuple(plant.nodes), tuple(plant.streams), "t/yr", sections)


def _one_more(plant: _Plant, chain: list[str]) -> None:
    chance = plant.chance
    kind = chance.random()
    if kind < 0.38:
        plant.stream(chance.choice(_INPUTS), None, chance.choice(chain), 10 ** chance.uniform(-1, 2))
    elif kind < 0.72:
        plant.stream(
            chance.choice(_LOSSES), chance.choice(chain), None, 10 ** chance.uniform(-1, 2), loss=True
        )
    elif kind < 0.9:
        at = chance.randrange(len(chain) - 2)
        plant.stream("Bypass", chain[at], chain[at + 2], 10 ** chance.uniform(0, 2))
    else:
        at = chance.randrange(1, len(chain))
        plant.stream("Return", chain[at], chain[at - 1], 10 ** chance.uniform(0, 1.8))


def small_plant() -> SankeyDiagram:
    """A plating line with a water recycle, rework, a tank, and streams known in every way."""
    node, stream = SankeyNode, SankeyStream
    return SankeyDiagram(
        (
            node("degreasing", "Degreasing"),
            node("rinsing", "Three-stage rinsing"),
            node("nickel", "Nickel plating"),
            node("rinse", "Drag-out and running rinse"),
            node("drying", "Drying"),
            node("osmosis", "Reverse osmosis"),
            node("tank", "Rinse water tank", "stock"),
            node("treatment", "Waste water treatment"),
            node("sewer", "Public sewer", "environment"),
        ),
        (
            stream("1", "Parts", None, "degreasing", 420, 8),
            stream("2", "City water", None, "rinsing", 900, 25),
            stream("3", "Cleaned parts", "degreasing", "rinsing", 415, 9, "computed"),
            stream("4", "Rinsed parts", "rinsing", "nickel", 440, 12, "estimated"),
            stream("5", "Nickel salts", None, "nickel", 38, 1.5),
            stream("6", "Plated parts", "nickel", "rinse", 470, 14, "computed"),
            stream("7", "Rinsed", "rinse", "drying", 455),
            stream("8", "Product", "drying", None, 430, 4, product=True),
            stream("9", "Vapour", "drying", None, None, None, "unobservable"),
            stream("10", "Recycled water", "osmosis", "tank", 600, 20),
            stream("11", "Tank to rinse", "tank", "rinse", 610, 18),
            stream("12", "Spent rinse water", "rinse", "osmosis", 625, 16),
            stream("13", "Rinse water", "rinsing", "treatment", 875, 40, loss=True),
            stream("14", "Concentrate", "osmosis", "treatment", 25, 6, loss=True),
            stream("15", "Effluent", "treatment", "sewer", 880, 30, loss=True),
            stream("16", "Sludge", "treatment", None, 20, 5, loss=True),
            stream("17", "Spent degreaser", "degreasing", None, 5, 1, loss=True),
            stream("18", "Chemicals", None, "treatment", 0.4, 0.05),
            stream("19", "Rework", "drying", "degreasing", 30, 3),
        ),
        "t/yr",
    )
