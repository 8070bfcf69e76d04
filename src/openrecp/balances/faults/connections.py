"""How the drawing hangs together: ends of streams, inputs and outputs of processes, parts without contact."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from openrecp.balances.faults.references import Names
from openrecp.balances.flowsheet import Flowsheet, Process, StreamKind
from openrecp.errors import Issue, Severity, problem

_MOST_NAMED = 10


def connection_faults(flowsheet: Flowsheet, names: Names) -> Iterator[Issue]:
    """Streams that lead nowhere, processes that nothing enters or leaves, parts that share nothing."""
    for stream in flowsheet.streams:
        if stream.start is None and stream.end is None:
            yield problem(
                "stream-without-ends",
                "“{name}” neither comes from a process nor goes to one; say where it starts or ends.",
                where=stream.source,
                name=stream.name or stream.key,
            )
        elif stream.start == stream.end:
            yield problem(
                "stream-to-itself",
                "“{name}” leaves “{process}” and enters it again without passing another process, so no balance sees it; "
                "delete it, or draw the tank or pump it passes as a process.",
                where=stream.source,
                name=stream.name or stream.key,
                process=stream.start,
            )
    yield from _one_sided(flowsheet)
    yield from _apart(flowsheet, names)


def _one_sided(flowsheet: Flowsheet) -> Iterator[Issue]:
    """Processes without input or without output."""
    entered = {stream.end for stream in flowsheet.streams if stream.start != stream.end}
    left = {stream.start for stream in flowsheet.streams if stream.start != stream.end}
    stocked = {stock.process for stock in flowsheet.stocks}
    for process in flowsheet.processes:
        has_input = process.key in entered or process.key in stocked
        has_output = process.key in left or process.key in stocked
        name = process.name or process.key
        if not has_input and not has_output:
            yield problem(
                "process-alone",
                "No stream enters or leaves “{process}”; draw its streams or delete it.",
                where=process.source,
                process=name,
            )
        elif not has_input:
            yield problem(
                "process-without-input",
                "Nothing enters “{process}”, so nothing can leave it; draw what goes in, or its stock.",
                where=process.source,
                process=name,
            )
        elif not has_output:
            yield problem(
                "process-without-output",
                "Nothing leaves “{process}”; draw where it goes, or the stock in which it stays.",
                where=process.source,
                process=name,
            )


def _apart(flowsheet: Flowsheet, names: Names) -> Iterator[Issue]:
    """Parts of the drawing without any contact with the environment, and parts without contact with each other."""
    processes = {process.key: place for place, process in enumerate(flowsheet.processes)}
    count = len(flowsheet.processes)
    if count == 0:
        return
    inner = [
        (processes[stream.start], processes[stream.end])
        for stream in flowsheet.streams
        if stream.start in names.processes and stream.end in names.processes
    ]
    pairs = np.array(inner, dtype=np.int64).reshape(-1, 2)
    graph = sp.coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    parts, labels = connected_components(graph, directed=False)
    outside = np.zeros(parts, dtype=bool)
    for stream in flowsheet.streams:
        if (stream.start is None) != (stream.end is None):
            key = stream.start if stream.start is not None else stream.end
            if key in processes:
                outside[labels[processes[key]]] = True
    for stock in flowsheet.stocks:
        if stock.process in processes:
            outside[labels[processes[stock.process]]] = True
    members: list[list[Process]] = [[] for _ in range(parts)]
    for process, label in zip(flowsheet.processes, labels, strict=True):
        members[label].append(process)
    for part, open_to_outside in zip(members, outside, strict=True):
        if not open_to_outside and len(part) > 1:
            yield problem(
                "part-closed",
                "{processes} only exchange streams with each other: nothing enters them from outside and nothing leaves "
                "them, so the size of these streams cannot be told. Draw what enters and leaves.",
                where=part[0].source,
                processes=_named(part),
            )
    if parts > 1:
        smaller = sorted(members, key=len)[:-1]
        for part in smaller[:_MOST_NAMED]:
            yield problem(
                "part-apart",
                "{processes} share no stream with the rest of the drawing; they are balanced on their own. If a stream "
                "between them is missing, draw it.",
                where=part[0].source,
                severity=Severity.NOTE,
                processes=_named(part),
            )
    yield from _energy_only(flowsheet)


def _energy_only(flowsheet: Flowsheet) -> Iterator[Issue]:
    """Energy at a process whose heat is not balanced is in no balance."""
    balanced = {process.key for process in flowsheet.processes if process.heat_balance}
    for stream in flowsheet.streams:
        if stream.kind is StreamKind.ENERGY and not {stream.start, stream.end} & balanced:
            yield problem(
                "energy-unbalanced",
                "“{name}” carries energy, but no process at its ends has a heat balance; it is shown and costed, and "
                "nothing checks it.",
                where=stream.source,
                severity=Severity.NOTE,
                name=stream.name or stream.key,
            )


def _named(part: list[Process]) -> list[str]:
    shown = [process.name or process.key for process in part[:_MOST_NAMED]]
    return [*shown, "…"] if len(part) > _MOST_NAMED else shown
