"""Costs of processes and of waste streams from their fields."""

from __future__ import annotations

from openrecp.assessment.flowsheets.amounts import read_money, read_share
from openrecp.assessment.flowsheets.document import Row
from openrecp.assessment.flowsheets.fields import Reader, plain_key
from openrecp.assessment.flowsheets.schema import AllocationKey
from openrecp.balances.cost_data import CostData
from openrecp.balances.periods import in_period
from openrecp.errors import problem
from openrecp.texts import LANGUAGES, render


def cost_data(reader: Reader, periods: tuple[str, ...]) -> CostData:
    """The costs of a document; with several periods, those of each period are what was entered for one."""
    energy: dict[str, float] = {}
    system: dict[str, float] = {}
    waste: dict[str, float] = {}
    keys: dict[str, str] = {}
    excluded: set[str] = set()
    for row, values in enumerate(reader.document.rows("processes")):
        for column, costs in (("energy_cost", energy), ("system_cost", system), ("waste_cost", waste)):
            _take(reader, "processes", row, column, values, costs)
        key = _allocation(reader, row, values)
        if key is not None and values.get("key"):
            keys[values["key"]] = key
    for row, values in enumerate(reader.document.rows("streams")):
        _take(reader, "streams", row, "treatment_cost", values, waste)
        if reader.yes("streams", row, "outside_mass_key", values) and values.get("key"):
            excluded.add(values["key"])
    if not periods:
        return CostData(energy, system, waste, keys, frozenset(excluded))
    return CostData(
        _in_each(energy, periods),
        _in_each(system, periods),
        _in_each(waste, periods),
        {in_period(key, period): choice for period in periods for key, choice in keys.items()},
        frozenset(in_period(key, period) for period in periods for key in excluded),
    )


def _in_each(costs: dict[str, float], periods: tuple[str, ...]) -> dict[str, float]:
    return {in_period(key, period): cost for period in periods for key, cost in costs.items()}


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


def _allocation(reader: Reader, row: int, values: Row) -> str | None:
    """``mass``, ``value``, or the product's share as a number from 0 to 1."""
    words = values.get("allocation_key")
    if not words:
        return None
    plain = plain_key(words)
    for choice in AllocationKey:
        if plain in {choice.value, *(plain_key(render(choice.label, language)) for language in LANGUAGES)}:
            return choice.value
    where = reader.document.where("processes", row, "allocation_key")
    share = reader.attempt(where, lambda: read_share(words))
    if share is None:
        return None
    if not 0 <= share[0] <= 1:
        reader.issues.append(
            problem("share-out-of-range", "A share lies between 0 % and 100 %.", where=where)
        )
        return None
    return repr(share[0])
