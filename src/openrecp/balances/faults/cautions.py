"""What the balance can be right about and still mislead: purchases that are not consumption, differences of large flows.

References
----------
工業減廢評估, section 3.1.4.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from openrecp.balances.flowsheet import Flowsheet, Measurement, Process, Role, Stock, Stream, StreamKind
from openrecp.errors import Issue, Severity, problem
from openrecp.figures import Basis

_HALF_WIDTH_95: Final = 1.959963984540054
_WASTES: Final = frozenset({Role.WASTE, Role.LOSS})


def caution_faults(flowsheet: Flowsheet) -> Iterator[Issue]:
    """Warnings about what is measured, for a drawing that is sound otherwise."""
    streams: dict[str, list[Stream]] = {process.key: [] for process in flowsheet.processes}
    for stream in flowsheet.streams:
        for key in (stream.start, stream.end):
            if key is not None and stream.kind is StreamKind.MATERIAL:
                streams[key].append(stream)
    stocks: dict[str, list[Stock]] = {process.key: [] for process in flowsheet.processes}
    for stock in flowsheet.stocks:
        stocks[stock.process].append(stock)
    for process in flowsheet.processes:
        yield from _purchases(process, streams[process.key], stocks[process.key])
        yield from _small_among_large(flowsheet, process, streams[process.key], stocks[process.key])


def _purchases(process: Process, streams: list[Stream], stocks: list[Stock]) -> Iterator[Issue]:
    """Purchases into a store whose stock nobody counted."""
    bought = [
        stream for stream in streams if stream.start is None and stream.role is Role.INPUT and stream.flow
    ]
    if not bought:
        return
    uncounted = [stock for stock in stocks if stock.opening is None or stock.closing is None]
    if uncounted:
        yield problem(
            "purchases-not-consumption",
            "“{stream}” goes into the store “{process}”, but its opening or closing stock is missing. What was bought is "
            "not what was used: count the stock at the beginning and at the end.",
            where=uncounted[0].source,
            severity=Severity.WARNING,
            stream=bought[0].name or bought[0].key,
            process=process.name or process.key,
        )
    elif not stocks:
        for stream in bought:
            if stream.flow is not None and stream.flow.basis is Basis.RECORDED:
                yield problem(
                    "purchases-without-stock",
                    "“{stream}” is taken from records. If these are purchases, part of them may still lie in the store: "
                    "draw the store with its opening and closing stock.",
                    where=stream.source,
                    severity=Severity.NOTE,
                    stream=stream.name or stream.key,
                )


def _small_among_large(
    flowsheet: Flowsheet, process: Process, streams: list[Stream], stocks: list[Stock]
) -> Iterator[Issue]:
    """A waste stream that is smaller than the error of the flows from which it would be found by difference."""
    wastes = [stream for stream in streams if stream.start == process.key and stream.role in _WASTES]
    for waste in wastes:
        others = [_signed(stream, process) for stream in streams if stream is not waste]
        stocked = [(1.0, stock.opening) for stock in stocks] + [(-1.0, stock.closing) for stock in stocks]
        known = [(sign, found) for sign, found in (*others, *stocked) if found is not None]
        whole = len(known) == len(others) + len(stocked)
        if not whole and waste.flow is None:
            continue
        error = _HALF_WIDTH_95 * math.sqrt(sum(found.sd**2 for _, found in known))
        size = (
            waste.flow.value if waste.flow is not None else sum(sign * found.value for sign, found in known)
        )
        if error > abs(size):
            yield problem(
                "waste-within-error",
                "“{stream}” ({size} {unit}) is smaller than the error of the other flows of “{process}” (± {error} {unit}), "
                "so it cannot be found by difference: measure it, or balance over a longer time or with better meters.",
                where=waste.source,
                severity=Severity.WARNING,
                stream=waste.name or waste.key,
                size=float(f"{size:.3g}"),
                error=float(f"{error:.3g}"),
                unit=flowsheet.flow_unit,
                process=process.name or process.key,
            )


def _signed(stream: Stream, process: Process) -> tuple[float, Measurement | None]:
    return (1.0 if stream.end == process.key else -1.0), stream.flow
