"""Published balances as flowsheets, and random flowsheets with everything in them, for the tests of balances."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml

from openrecp.balances.flowsheet import (
    Component,
    Correlation,
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

_FILE: Final = Path(__file__).parents[1] / "cases" / "balances_drawn_as_flowsheets.yaml"
PUBLISHED: Final[dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))


def published_flowsheet(case: dict[str, Any]) -> Flowsheet:
    """The flowsheet of a case of the file."""
    known = {
        Ref(Quantity(kind), key, component): Measurement(value, sd)
        for kind, key, component, value, sd in case["measured"]
    }
    heated = case.get("heated", [])
    components = tuple(Component(key, key) for key in case.get("components", []))
    streams = []
    for key, start, end, *medium in case["streams"]:
        energy = medium == ["heat"]
        shares = {each.key: known.get(Ref(Quantity.FRACTION, key, each.key)) for each in components}
        streams.append(
            Stream(
                key,
                key,
                start,
                end,
                kind=StreamKind.ENERGY if energy else StreamKind.MATERIAL,
                flow=known.get(Ref(Quantity.FLOW, key)),
                fractions={each: share for each, share in shares.items() if share is not None},
                composition_complete=case.get("complete", False),
                medium=medium[0] if medium and not energy else None,
                temperature=known.get(Ref(Quantity.TEMPERATURE, key)),
            )
        )
    return Flowsheet(
        "published",
        tuple(Process(key, key, heat_balance=key in heated) for key in case["processes"]),
        tuple(streams),
        components,
        media=tuple(Medium(key, key, a, b, c) for key, a, b, c in case.get("media", [])),
        relations=tuple(
            Relation(f"r{number}", "", ((1.0, Ref(Quantity(kind), one)), (-1.0, Ref(Quantity(kind), other))))
            for number, (kind, one, other) in enumerate(case.get("equal", []))
        ),
        transfers=tuple(
            TransferCoefficient(key, key, process, stream, share=known.get(Ref(Quantity.TRANSFER, key)))
            for key, process, stream in case.get("transfers", [])
        ),
    )


def random_flowsheet(seed: int) -> Flowsheet:
    """A small plant with every kind of equation: recycles, stocks, reactions, elements, heat, known equations."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 6))
    keys = [f"p{number}" for number in range(count)]
    components = tuple(
        Component(f"c{number}", "", elements={"C": 0.3 + 0.1 * number, "O": 0.2}) for number in range(3)
    )

    def maybe(value: float, chance: float = 0.7) -> Measurement | None:
        if rng.random() > chance:
            return None
        return Measurement(value * rng.uniform(0.9, 1.1), 0.0 if rng.random() < 0.1 else 0.02 * value)

    def shares() -> dict[str, Measurement]:
        found = {each.key: maybe(0.3) for each in components}
        return {key: value for key, value in found.items() if value is not None}

    streams = []
    ends = [(None, keys[0]), (keys[-1], None), *((keys[k], keys[k + 1]) for k in range(count - 1))]
    ends += [(keys[int(rng.integers(count))], keys[int(rng.integers(count))]) for _ in range(3)]
    ends += [(keys[int(rng.integers(count))], None), (None, keys[int(rng.integers(count))])]
    for number, (start, end) in enumerate(ends):
        flow = maybe(100.0)
        streams.append(
            Stream(
                f"s{number}",
                "",
                start,
                end,
                flow=flow,
                fractions=shares(),
                component_flows={"c0": Measurement(30.0, 1.0)} if rng.random() < 0.2 else {},
                composition_complete=bool(rng.random() < 0.4),
                medium="water",
                temperature=maybe(60.0),
            )
        )
    streams.append(Stream("q", "", None, keys[0], kind=StreamKind.ENERGY, energy=maybe(500.0)))
    reaction = Reaction("r", "", {"c0": -1.0, "c1": 0.6, "c2": 0.4}, extent=maybe(5.0))
    processes = tuple(
        Process(
            key,
            "",
            reactions=(reaction,) if number == 0 else (),
            by_elements=number == 1,
            heat_balance=bool(rng.random() < 0.7),
        )
        for number, key in enumerate(keys)
    )
    total, part = Ref(Quantity.FLOW, "s0"), Ref(Quantity.FRACTION, "s0", "c1")
    return Flowsheet(
        "random",
        processes,
        tuple(streams),
        components,
        stocks=(Stock("k", "", keys[0], maybe(40.0), maybe(30.0), fractions=shares()),),
        media=(Medium("water", "", 0.01, 0.00116, 1e-7),),
        relations=(
            Relation("exact", "", ((1.0, total), (-2.0, Ref(Quantity.COMPONENT, "s1", "c1"))), 3.0),
            Relation("loose", "", ((1.0, part), (1.0, Ref(Quantity.TEMPERATURE, "s0"))), 50.0, sd=2.0),
        ),
        transfers=(
            TransferCoefficient("t", "", keys[-1], "s1", share=maybe(0.6)),
            TransferCoefficient("tc", "", keys[-1], "s1", "c1", share=maybe(0.6)),
        ),
        correlations=(Correlation(total, Ref(Quantity.FLOW, "s1"), 0.3),),
    )
