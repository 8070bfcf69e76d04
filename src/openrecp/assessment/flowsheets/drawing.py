"""The drawing of a document: everything of a flowsheet but its measured numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from openrecp.assessment.flowsheets.amounts import read_heat, read_price, read_share
from openrecp.assessment.flowsheets.document import Row
from openrecp.assessment.flowsheets.equation_rows import correlations, reactions, relations, transfers
from openrecp.assessment.flowsheets.fields import OUTSIDE, Reader
from openrecp.balances.flowsheet import (
    Component,
    Flowsheet,
    Medium,
    Process,
    Role,
    Stock,
    Stream,
    StreamKind,
)
from openrecp.errors import Severity, problem

_ELEMENT: Final = re.compile(r"\s*([^\W\d_]+)\s*[:=]?\s*([0-9.].*?)\s*")


def drawing(reader: Reader) -> Flowsheet:
    """What is drawn, with prices but without measurements."""
    document, footing = reader.document, reader.footing
    by_process = reactions(reader)
    return Flowsheet(
        name=document.settings.get("name", ""),
        processes=tuple(
            Process(
                values["key"],
                values.get("name", values["key"]),
                reactions=tuple(by_process.get(values["key"], ())),
                by_elements=reader.yes("processes", row, "by_elements", values),
                heat_balance=reader.yes("processes", row, "heat_balance", values),
                source=document.where("processes", row),
            )
            for row, values in reader.required("processes")
        ),
        streams=tuple(_stream(reader, row, values) for row, values in reader.required("streams")),
        components=tuple(_component(reader, row, values) for row, values in reader.required("components")),
        stocks=tuple(
            Stock(
                values["key"],
                values.get("name", values["key"]),
                values["process"],
                composition_complete=reader.yes("stocks", row, "composition_complete", values),
                price=_price(reader, "stocks", row, values, footing.unit),
                source=document.where("stocks", row),
            )
            for row, values in reader.required("stocks")
        ),
        media=tuple(_medium(reader, row, values) for row, values in reader.required("media")),
        relations=relations(reader),
        transfers=transfers(reader),
        correlations=correlations(reader),
        unit=footing.unit,
        period="" if footing.period == "batch" else footing.period,
        currency=footing.currency,
    )


def _end(words: str | None) -> str | None:
    return None if words is None or words.casefold() in OUTSIDE else words


def _stream(reader: Reader, row: int, values: Row) -> Stream:
    start, end = _end(values.get("from")), _end(values.get("to"))
    kind = reader.choice("streams", row, "kind", values, StreamKind)
    if kind is None:
        kind = StreamKind.ENERGY if values.get("energy") and not values.get("flow") else StreamKind.MATERIAL
    role = reader.choice("streams", row, "role", values, Role)
    if role is None:
        role = Role.INPUT if start is None else Role.INTERNAL if end is not None else Role.PRODUCT
        if start is not None and end is None:
            reader.issues.append(
                problem(
                    "role-missing",
                    "“{name}” leaves the plant and counts as a product; say whether it is a product, a waste or a loss (“role”).",
                    where=reader.document.where("streams", row),
                    severity=Severity.WARNING,
                    name=values.get("name", values["key"]),
                )
            )
    effort = reader.number("streams", row, "measuring_cost", values)
    return Stream(
        values["key"],
        values.get("name", values["key"]),
        start,
        end,
        kind=kind,
        composition_complete=reader.yes("streams", row, "composition_complete", values),
        medium=values.get("medium"),
        role=role,
        price=_price(
            reader, "streams", row, values, "kWh" if kind is StreamKind.ENERGY else reader.footing.unit
        ),
        measuring_cost=1.0 if effort is None else effort,
        source=reader.document.where("streams", row),
    )


def _price(reader: Reader, name: str, row: int, values: Row, per: str) -> float | None:
    words = values.get("price")
    if not words:
        return None
    where = reader.document.where(name, row, "price")
    return reader.attempt(where, lambda: read_price(words, reader.footing, per))


def _component(reader: Reader, row: int, values: Row) -> Component:
    return Component(
        values["key"],
        values.get("name", values["key"]),
        elements=_elements(reader, row, values.get("elements", "")),
        price=_price(reader, "components", row, values, reader.footing.unit),
        source=reader.document.where("components", row),
    )


def _elements(reader: Reader, row: int, words: str) -> Mapping[str, float]:
    """Shares of elements from ``Ni 37.9 %; S 20.7 %``."""
    where = reader.document.where("components", row, "elements")
    found: dict[str, float] = {}
    for part in re.split(r"[;；、]|,(?!\d)", words):
        if not part.strip():
            continue
        match = _ELEMENT.fullmatch(part)
        if match is None or match[1] in found:
            reader.issues.append(
                problem(
                    "elements-unreadable",
                    "“{found}” is no element with its share, or names one twice; write Ni 37.9 %; S 20.7 %.",
                    where=where,
                    found=part.strip(),
                )
            )
            continue
        share = match[2]
        read = reader.attempt(where, lambda share=share: read_share(share))  # type: ignore[misc]
        if read is not None:
            found[match[1]] = read[0]
    return MappingProxyType(found)


def _medium(reader: Reader, row: int, values: Row) -> Medium:
    unit = reader.footing.unit
    found: dict[str, float] = {}
    for column, wanted in (("heat_capacity", f"kWh/({unit}·K)"), ("heat_at_zero", f"kWh/{unit}")):
        words = values.get(column)
        if words:
            where = reader.document.where("media", row, column)
            heat = reader.attempt(where, lambda words=words, wanted=wanted: read_heat(words, wanted))  # type: ignore[misc]
            if heat is not None:
                found[column] = heat
    if not found and not values.get("heat_capacity"):
        reader.issues.append(
            problem(
                "heat-capacity-missing",
                "“{name}” has no heat capacity; enter one such as 4.186 kJ/(kg·K).",
                where=reader.document.where("media", row),
                name=values.get("name", values["key"]),
            )
        )
    return Medium(
        values["key"],
        values.get("name", values["key"]),
        a=found.get("heat_at_zero", 0.0),
        b=found.get("heat_capacity", 0.0),
        c=reader.number("media", row, "heat_square", values) or 0.0,
        source=reader.document.where("media", row),
    )
