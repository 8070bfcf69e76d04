"""Waste streams: how much a year, what they cost, and their part in the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.check_fields import option_streams
from openrecp.assessment.evaluation.check_sense import TOLERANCE
from openrecp.assessment.evaluation.places import keyed, place, place_of
from openrecp.assessment.evaluation.quantities import (
    differs,
    money_figure,
    money_sum,
    no_value,
    priced,
    readable,
    yearly,
)
from openrecp.assessment.evaluation.ranking_results import Ranking
from openrecp.assessment.evaluation.results import StreamResult, StreamTotals
from openrecp.assessment.worksheets.site import Process
from openrecp.assessment.worksheets.streams import WasteCost, WasteStream
from openrecp.errors import Issue, Severity, problem
from openrecp.figures import Figure, unit_words
from openrecp.texts import Text, text
from openrecp.units import Dimension, convert, parse_unit

_SUM: Final = text("sum of the parts")


def stream_results(assessment: Assessment, ranking: Ranking) -> tuple[StreamResult, ...]:
    """Every waste stream, in rank order, then by cost."""
    processes = {process.number: process for process in assessment.processes if process.number}
    costs = _costs_by_stream(assessment)
    reducing = _reducing_options(assessment)
    count = Counter(stream.number for stream in assessment.waste_streams)
    unique = {number for number, times in count.items() if number and times == 1}
    rows = [
        _costed(
            assessment, key, stream, costs.get(stream.number or "", []) if stream.number in unique else []
        )
        for key, stream in keyed(assessment.waste_streams)
    ]
    total = money_sum(
        text("Cost of all waste streams a year"),
        [row.total for row in rows],
        assessment.currency,
        text("sum over all waste streams"),
    )
    results = [
        StreamResult(
            number=row.record.number if row.record.number in unique and row.record.number else row.key,
            name=row.record.name or row.key,
            record=row.record,
            process=processes.get(row.record.process or ""),
            generation=row.generation,
            cost_elements=row.elements,
            management_cost=row.management,
            lost_material_cost=row.lost,
            total_cost=row.total,
            share=_share(row.total, total),
            standing=ranking.of(row.record.number or "") if row.record.number in unique else None,
            options=reducing.get(row.record.number or "", ()),
        )
        for row in rows
    ]
    return tuple(sorted(results, key=_order))


def _order(result: StreamResult) -> tuple[bool, int, bool, Decimal]:
    rank = result.standing.rank if result.standing is not None else None
    cost = result.total_cost.value
    return rank is None, rank or 0, cost is None, -Decimal(cost or 0)


def stream_totals(assessment: Assessment, streams: tuple[StreamResult, ...]) -> StreamTotals:
    """All streams together; amounts are added within a kind only."""
    in_order = {record.id: position for position, record in enumerate(assessment.waste_streams)}
    listed = sorted(streams, key=lambda stream: in_order[stream.record.id])
    over_all = text("sum over all waste streams")
    return StreamTotals(
        generation=tuple(_generation_totals([stream.generation for stream in listed])),
        management_cost=money_sum(
            text("Management cost of all waste streams a year"),
            [stream.management_cost for stream in listed],
            assessment.currency,
            over_all,
        ),
        lost_material_cost=money_sum(
            text("Value of material lost in all waste streams a year"),
            [stream.lost_material_cost for stream in listed],
            assessment.currency,
            over_all,
        ),
        total_cost=money_sum(
            text("Cost of all waste streams a year"),
            [stream.total_cost for stream in listed],
            assessment.currency,
            over_all,
        ),
    )


def _generation_totals(amounts: list[Figure]) -> Iterator[Figure]:
    kinds: dict[Dimension, list[Figure]] = {}
    for amount in amounts:
        if amount.value is not None:
            kinds.setdefault(parse_unit(amount.unit).dimension, []).append(amount)
    for parts in kinds.values():
        unit = parse_unit(parts[0].unit)
        total = sum((convert(Decimal(part.value or 0), part.unit, unit) for part in parts), Decimal(0))
        value, symbol = readable(total, unit)
        yield Figure(
            text("Waste generated a year"), value, symbol, text("sum over all waste streams"), tuple(parts)
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """A stream with its costs, before its part in the whole is known."""

    key: str
    record: WasteStream
    generation: Figure
    elements: tuple[Figure, ...]
    management: Figure
    lost: Figure
    total: Figure


def _costed(assessment: Assessment, key: str, record: WasteStream, own: list[tuple[str, WasteCost]]) -> _Row:
    currency = assessment.currency
    generation = yearly(
        text("Generation a year"),
        record.generation,
        record.generation_basis,
        place("waste_streams", key, "generation"),
    )
    elements = tuple(element_cost(cost_key, cost, generation) for cost_key, cost in own)
    name = text("Management cost a year")
    if record.management_cost is not None:
        at = place("waste_streams", key, "management_cost")
        management = money_figure(name, record.management_cost, at)
    else:
        management = money_sum(name, elements, currency, text("sum of the cost elements"))
    lost = money_figure(
        text("Value of material lost a year"),
        record.lost_material_cost,
        place("waste_streams", key, "lost_material_cost"),
    )
    total = money_sum(
        text("Cost of the stream a year"),
        (management, lost),
        currency,
        text("management cost + value of material lost"),
    )
    return _Row(key, record, generation, elements, management, lost, total)


def element_cost(key: str, cost: WasteCost, generation: Figure) -> Figure:
    """A cost element a year: the bill as entered, else unit price times amount."""
    name = text("Cost a year") if cost.element is None else cost.element.label
    if cost.cost is not None:
        return money_figure(name, cost.cost, place("waste_costs", key, "cost"))
    return _by_price(key, cost, generation, name)


def _by_price(key: str, cost: WasteCost, generation: Figure, name: Text) -> Figure:
    if cost.price is None:
        return no_value(name, text("neither a cost nor a price is given"))
    amount = generation
    if cost.amount is not None:
        amount = yearly(text("Amount a year"), cost.amount, None, place("waste_costs", key, "amount"))
    return priced(name, cost.price, place("waste_costs", key, "price"), amount)


def _costs_by_stream(assessment: Assessment) -> dict[str, list[tuple[str, WasteCost]]]:
    found: dict[str, list[tuple[str, WasteCost]]] = {}
    for key, cost in keyed(assessment.waste_costs):
        if cost.stream:
            found.setdefault(cost.stream, []).append((key, cost))
    return found


def _share(cost: Figure, total: Figure) -> Figure:
    name = text("Share of the cost of all streams")
    if cost.value is None or not total.value:
        return no_value(name, text("the cost is not known"), "%")
    share = Decimal(cost.value) / Decimal(total.value) * 100
    return Figure(name, float(share), "%", text("cost of the stream ÷ cost of all streams"), (cost, total))


def _reducing_options(assessment: Assessment) -> dict[str, tuple[str, ...]]:
    reducing: dict[str, list[str]] = {}
    for option in dict.fromkeys(option.number for option in assessment.options if option.number):
        for stream in option_streams(assessment, option):
            reducing.setdefault(stream, []).append(option)
    return {stream: tuple(options) for stream, options in reducing.items()}


def stream_cost_issues(assessment: Assessment, streams: tuple[StreamResult, ...]) -> Iterator[Issue]:
    """Costs that are missing, cannot be worked out, or were given twice and do not agree."""
    costs = _costs_by_stream(assessment)
    for stream in streams:
        where = place_of(assessment, "waste_streams", stream.record, "management_cost")
        if stream.total_cost.value is None:
            yield problem(
                "stream-without-cost",
                "{stream}: neither a management cost nor the value of the material lost is known; without them "
                "nobody sees what this stream costs.",
                where=where,
                severity=Severity.WARNING,
                stream=stream.number,
            )
        elements = costs.get(stream.record.number or "", [])
        for (key, cost), figure in zip(elements, stream.cost_elements, strict=False):
            yield from _element_issues(key, cost, figure, stream)
        summed = money_sum(text("Sum of the cost elements"), stream.cost_elements, assessment.currency, _SUM)
        if differs(stream.management_cost, summed, TOLERANCE):
            yield problem(
                "cost-differs",
                "{about}: its cost elements add up to {sum} {currency} a year, but {entered} {currency} is entered "
                "as its management cost; correct the one that is wrong.",
                where=where,
                severity=Severity.WARNING,
                about=stream.number,
                sum=summed.value,
                entered=stream.management_cost.value,
                currency=unit_words(summed.unit),
            )


def _element_issues(key: str, cost: WasteCost, figure: Figure, stream: StreamResult) -> Iterator[Issue]:
    if figure.value is None:
        yield problem(
            "cost-unknown",
            "{stream}, {element}: the cost cannot be worked out: {reason}. Enter the cost a year, or price and "
            "amount in units that fit.",
            where=place("waste_costs", key, "cost"),
            severity=Severity.WARNING,
            stream=stream.number,
            element=figure.name,
            reason=figure.reason,
        )
    elif cost.cost is not None and cost.price is not None:
        product = _by_price(key, cost, stream.generation, figure.name)
        if differs(product, figure, TOLERANCE):
            yield problem(
                "cost-differs",
                "{about}: price times amount gives {product} {currency} a year, but {entered} {currency} is "
                "entered as the cost; correct the one that is wrong.",
                where=place("waste_costs", key, "cost"),
                severity=Severity.WARNING,
                about=text("{stream}, {element}", stream=stream.number, element=figure.name),
                product=product.value,
                entered=figure.value,
                currency=unit_words(figure.unit),
            )


def process_name(process: Process | None) -> str | Text:
    """How a process is called; the whole area where none is named."""
    if process is None:
        return text("Assessed area")
    return process.name or process.number or ""
