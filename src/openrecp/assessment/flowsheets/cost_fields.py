"""Costs of processes and of waste streams from their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from openrecp.assessment.flowsheets.amounts import read_money, read_share
from openrecp.assessment.flowsheets.document import Row
from openrecp.assessment.flowsheets.fields import Reader
from openrecp.balances.cost_data import AllocationKey, CostData
from openrecp.balances.periods import in_period
from openrecp.errors import problem

T = TypeVar("T")


def cost_data(reader: Reader, periods: tuple[str, ...]) -> CostData:
    """The costs of a document; with several periods, those of each period are what was entered for one."""
    energy: dict[str, float] = {}
    system: dict[str, float] = {}
    waste: dict[str, float] = {}
    keys: dict[str, AllocationKey] = {}
    for row, values in enumerate(reader.document.rows("processes")):
        for column, costs in (("energy_cost", energy), ("system_cost", system), ("waste_cost", waste)):
            _take(reader, "processes", row, column, values, costs)
        key = reader.choice("processes", row, "allocation_key", values, AllocationKey)
        if key is not None and values.get("key"):
            keys[values["key"]] = key
    excluded: set[str] = set()
    shares: dict[str, dict[str, float]] = {}
    for row, values in enumerate(reader.document.rows("streams")):
        _take(reader, "streams", row, "treatment_cost", values, waste)
        _share(reader, row, values, shares)
        if reader.yes("streams", row, "outside_mass_key", values) and values.get("key"):
            excluded.add(values["key"])
    # Who enters shares wants them used.
    keys = {**dict.fromkeys(shares, AllocationKey.GIVEN), **keys}
    found = CostData(energy, system, waste, keys, frozenset(excluded), shares)
    return _in_every(found, periods) if periods else found


def _in_every(costs: CostData, periods: tuple[str, ...]) -> CostData:
    return replace(
        costs,
        energy=_in_each(costs.energy, periods),
        system=_in_each(costs.system, periods),
        waste_management=_in_each(costs.waste_management, periods),
        keys=_in_each(costs.keys, periods),
        excluded=frozenset(in_period(key, period) for period in periods for key in costs.excluded),
        shares={
            in_period(process, period): _in_each(shares, (period,))
            for period in periods
            for process, shares in costs.shares.items()
        },
    )


def _in_each(table: Mapping[str, T], periods: tuple[str, ...]) -> dict[str, T]:
    return {in_period(key, period): value for period in periods for key, value in table.items()}


def _share(reader: Reader, row: int, values: Row, shares: dict[str, dict[str, float]]) -> None:
    """The share of the costs of its process that a stream takes along."""
    words, key = values.get("cost_share"), values.get("key")
    if not words or not key:
        return
    where = reader.document.where("streams", row, "cost_share")
    found = reader.attempt(where, lambda: read_share(words))
    if found is None:
        return
    if not 0 <= found[0] <= 1:
        reader.issues.append(
            problem("share-out-of-range", "A share lies between 0 % and 100 %.", where=where)
        )
    elif not values.get("from"):
        reader.issues.append(
            problem(
                "cost-share-of-input",
                "“{name}” comes from outside, so it takes no costs of a process along; delete its share of the costs.",
                where=where,
                name=values.get("name", key),
            )
        )
    else:
        shares.setdefault(values["from"], {})[key] = found[0]


def _take(reader: Reader, name: str, row: int, column: str, values: Row, costs: dict[str, float]) -> None:
    words, key = values.get(column), values.get("key")
    if words and key:
        where = reader.document.where(name, row, column)
        found = reader.attempt(where, lambda: read_money(words, reader.footing))
        if found is not None and name == "streams" and key in costs:
            reader.issues.append(
                problem(
                    "cost-key-shared",
                    "A process and a stream with a cost of waste have the same key “{key}”; give one of them another key.",
                    where=where,
                    key=key,
                )
            )
        elif found is not None:
            costs[key] = found
