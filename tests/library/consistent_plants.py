"""Random plants whose true state is known because it was calculated stream by stream, for the tests of balances."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

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
    Stock,
    Stream,
    StreamKind,
    TransferCoefficient,
)

_COUNT = 3
_ELEMENTS = ({"C": 0.5, "O": 0.5}, {"C": 0.2, "O": 0.8}, {"C": 1.0})
_MEDIUM = Medium("m", "Medium", 0.01, 0.00116, 2e-7)


@dataclass(frozen=True)
class Plant:
    """A flowsheet and the true value of every number that may be asked for."""

    flowsheet: Flowsheet
    truth: dict[Ref, float]


def consistent_plant(seed: int, *, noise: float = 0.0) -> Plant:
    """A chain of separators with recycles, a reaction, a stock, heaters, and a process balanced by elements.

    With ``noise`` as the relative standard deviation of all measurements; without it they are exact though their
    standard deviations are not 0.
    """
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 6))
    keys = [f"p{number}" for number in range(count)]
    ends: list[tuple[int, int]] = [(-1, 0), (-1, int(rng.integers(count)))]
    for number in range(count):
        onward = number + 1 if number + 1 < count else -1
        ends += [(number, onward), (number, -1)]
        if rng.random() < 0.5:
            ends.append((number, int(rng.integers(count))))
    amounts = _component_flows(rng, ends, count)
    totals = amounts.sum(axis=1)
    truth: dict[Ref, float] = {}
    for number, total in enumerate(totals):
        truth[Ref(Quantity.FLOW, f"s{number}")] = float(total)
        truth[Ref(Quantity.TEMPERATURE, f"s{number}")] = float(rng.uniform(20, 90))
        for component in range(_COUNT):
            share = float(amounts[number, component] / total)
            truth[Ref(Quantity.FRACTION, f"s{number}", f"c{component}")] = share
            truth[Ref(Quantity.COMPONENT, f"s{number}", f"c{component}")] = float(amounts[number, component])
    truth.update({Ref(Quantity.OPENING, "k"): 20.0, Ref(Quantity.CLOSING, "k"): 30.0})
    truth.update({Ref(Quantity.FRACTION, "k", f"c{c}"): share for c, share in enumerate(_STOCK)})
    truth[Ref(Quantity.EXTENT, "r")] = 5.0
    for number in range(count):
        truth[Ref(Quantity.ENERGY, f"q{number}")] = _heat_needed(number, ends, truth)
    return Plant(_drawn(rng, keys, ends, truth, noise), truth)


_STOCK = (0.5, 0.3, 0.2)
_STOICHIOMETRY = (-1.0, 0.625, 0.375)
"""Keeps mass and both elements: 0.5 = 0.625 x 0.2 + 0.375, and 0.5 = 0.625 x 0.8."""


def _component_flows(rng: Any, ends: list[tuple[int, int]], count: int) -> Any:
    """What each stream carries of each component: what enters each process is divided among what leaves it."""
    found = np.zeros((len(ends), _COUNT))
    for component in range(_COUNT):
        system, right = np.eye(len(ends)), np.zeros(len(ends))
        for number, (start, _) in enumerate(ends):
            if start < 0:
                right[number] = rng.uniform(50, 150)
        for process in range(count):
            leaving = [number for number, (start, _) in enumerate(ends) if start == process]
            parts = rng.dirichlet(np.full(len(leaving), 3.0))
            for number, part in zip(leaving, parts, strict=True):
                for other, (_, end) in enumerate(ends):
                    if end == process:
                        system[number, other] -= part
                if process == 0:
                    right[number] += part * (5.0 * _STOICHIOMETRY[component] - 10.0 * _STOCK[component])
        found[:, component] = np.linalg.solve(system, right)
    return found


def _heat_needed(process: int, ends: list[tuple[int, int]], truth: dict[Ref, float]) -> float:
    heat = 0.0
    for number, (start, end) in enumerate(ends):
        temperature = truth[Ref(Quantity.TEMPERATURE, f"s{number}")]
        carried = truth[Ref(Quantity.FLOW, f"s{number}")] * (
            _MEDIUM.a + _MEDIUM.b * temperature + _MEDIUM.c * temperature**2
        )
        heat += carried * ((start == process) - (end == process))
    return heat


def _drawn(
    rng: Any, keys: list[str], ends: list[tuple[int, int]], truth: dict[Ref, float], noise: float
) -> Flowsheet:
    def read(ref: Ref, chance: float = 1.0) -> Measurement | None:
        if rng.random() > chance:
            return None
        sd = abs(truth[ref]) * max(noise, 0.01) + 1e-6
        return Measurement(truth[ref] + float(rng.normal()) * sd * (noise > 0), sd)

    def shares(key: str, chance: float) -> dict[str, Measurement]:
        found = {f"c{c}": read(Ref(Quantity.FRACTION, key, f"c{c}"), chance) for c in range(_COUNT)}
        return {component: value for component, value in found.items() if value is not None}

    streams = []
    for number, (start, end) in enumerate(ends):
        key = f"s{number}"
        complete = bool(rng.random() < 0.5)
        salt = read(Ref(Quantity.COMPONENT, key, "c0"), 0.2)
        streams.append(
            Stream(
                key,
                key,
                None if start < 0 else keys[start],
                None if end < 0 else keys[end],
                flow=read(Ref(Quantity.FLOW, key), 0.8),
                fractions=shares(key, 1.0 if complete else 0.7),
                component_flows={} if salt is None else {"c0": salt},
                composition_complete=complete,
                medium="m",
                temperature=read(Ref(Quantity.TEMPERATURE, key), 0.9),
            )
        )
    for number, process in enumerate(keys):
        energy = read(Ref(Quantity.ENERGY, f"q{number}"), 0.5)
        streams.append(Stream(f"q{number}", "", None, process, kind=StreamKind.ENERGY, energy=energy))
    reaction = Reaction(
        "r",
        "",
        {f"c{c}": part for c, part in enumerate(_STOICHIOMETRY)},
        extent=read(Ref(Quantity.EXTENT, "r"), 0.5),
    )
    processes = [Process(key, key, heat_balance=True) for key in keys]
    processes[0] = replace(processes[0], reactions=(reaction,), by_elements=bool(rng.random() < 0.3))
    stock = Stock(
        "k",
        "",
        keys[0],
        read(Ref(Quantity.OPENING, "k")),
        read(Ref(Quantity.CLOSING, "k")),
        shares("k", 0.8),
    )
    leaving = next(number for number, (start, _) in enumerate(ends) if start == 1)
    entering = [number for number, (_, end) in enumerate(ends) if end == 1]
    transfers = []
    for component in (None, "c1"):
        ref = Ref(Quantity.FLOW if component is None else Quantity.COMPONENT, f"s{leaving}", component)
        total = sum(truth[replace(ref, key=f"s{number}")] for number in entering)
        transfer = Ref(Quantity.TRANSFER, f"t{component}")
        truth[transfer] = truth[ref] / total
        transfers.append(
            TransferCoefficient(transfer.key, "", keys[1], ref.key, component, read(transfer, 0.7))
        )
    first, second = Ref(Quantity.FLOW, "s0"), Ref(Quantity.COMPONENT, f"s{leaving}", "c2")
    constant = truth[first] - 2 * truth[second]
    truth[Ref(Quantity.RELATION, "loose")] = constant
    return Flowsheet(
        "plant",
        tuple(processes),
        tuple(streams),
        tuple(Component(f"c{c}", f"c{c}", elements=_ELEMENTS[c]) for c in range(_COUNT)),
        (stock,),
        (_MEDIUM,),
        (Relation("loose", "", ((1.0, first), (-2.0, second)), constant, sd=0.01 * abs(constant)),),
        tuple(transfers),
    )
