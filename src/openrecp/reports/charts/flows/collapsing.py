"""A picture with one box for each section: what flows inside is left out, what flows between is added up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from openrecp.reports.charts.flow_specs import (
    FlowDiagram,
    SankeyDiagram,
    SankeyNode,
    SankeyStream,
    State,
    Words,
)
from openrecp.texts import text

Kind = TypeVar("Kind", bound=SankeyDiagram | FlowDiagram)


def collapsed(diagram: Kind) -> Kind:
    """The diagram with every section as one box.

    Streams that begin and end in the same two places are added up, losses, products and other streams each
    by themselves; their variances are added as if they were independent. A sum in which a stream is not known is
    not known either, and is as well known as the least of its parts.

    Examples
    --------
    >>> node = lambda key, section: SankeyNode(key, key, section=section)
    >>> from openrecp.reports.charts.flow_specs import SankeySection
    >>> whole = SankeyDiagram(
    ...     (node("a", "s"), node("b", "s"), node("c", "")),
    ...     (
    ...         SankeyStream("1", "in", None, "a", 5.0, 0.3),
    ...         SankeyStream("2", "inside", "a", "b", 5.0),
    ...         SankeyStream("3", "on", "a", "c", 2.0, 0.3),
    ...         SankeyStream("4", "on", "b", "c", 3.0, 0.4),
    ...     ),
    ...     "t/yr",
    ...     (SankeySection("s", "Section"),),
    ... )
    >>> [(each.key, each.start, each.end, each.value, each.sd) for each in collapsed(whole).streams]
    [('1', None, 's', 5.0, 0.3), ('4+1', 's', 'c', 5.0, 0.5)]
    """
    known = {section.key: section for section in diagram.sections}
    place: dict[str, str | None] = {}
    for node in diagram.nodes:
        outside = node.kind == "environment"
        place[node.key] = None if outside else node.section if node.section in known else node.key
    bundles: dict[tuple[str | None, str | None, bool, bool], list[SankeyStream]] = {}
    for stream in diagram.streams:
        start = place[stream.start] if stream.start else None
        end = place[stream.end] if stream.end else None
        if start == end:
            continue
        forward = stream
        if stream.value is not None and stream.value < 0:
            start, end, forward = end, start, replace(stream, value=-stream.value)
        bundles.setdefault((start, end, stream.loss, stream.product), []).append(forward)
    used = {key for start, end, *_ in bundles for key in (start, end)}
    nodes = [node for node in diagram.nodes if place[node.key] == node.key]
    nodes += [
        SankeyNode(key, section.label)
        for key, section in known.items()
        if key in used or key in place.values()
    ]
    streams = tuple(_bundled(start, end, part) for (start, end, *_), part in bundles.items())
    return replace(diagram, nodes=tuple(nodes), streams=streams, sections=())


def _bundled(start: str | None, end: str | None, parts: Sequence[SankeyStream]) -> SankeyStream:
    """Several streams as one, named after the largest."""
    largest = max(parts, key=lambda part: part.value or 0.0)
    if len(parts) == 1:
        return replace(largest, start=start, end=end)
    value, sd = _sums(parts)
    label: Words = text("{stream} and {count} more", stream=largest.label, count=len(parts) - 1)
    if len({part.label for part in parts}) == 1:
        label = largest.label
    state = max((part.state for part in parts), key=_SURENESS.index)
    return replace(
        largest,
        key=f"{largest.key}+{len(parts) - 1}",
        label=label,
        start=start,
        end=end,
        value=value,
        sd=sd,
        state=state,
    )


_SURENESS: tuple[State, ...] = ("measured", "computed", "estimated", "unobservable")


def _sums(parts: Sequence[SankeyStream]) -> tuple[float | None, float | None]:
    if any(part.value is None for part in parts):
        known = [part.value for part in parts if part.value is not None]
        return (sum(known) if known else None), None
    value = sum(part.value or 0.0 for part in parts)
    if any(part.sd is None for part in parts):
        return value, None
    return value, math.hypot(*(part.sd or 0.0 for part in parts))
