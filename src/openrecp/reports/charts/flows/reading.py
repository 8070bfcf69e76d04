"""Streams as they are drawn: in the direction they really flow, with their words and numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from openrecp.reports.charts.flow_specs import INTERVAL, BalancePicture, SankeyNode, State
from openrecp.reports.charts.labels import short
from openrecp.reports.wording import speak
from openrecp.texts import Language, format_number


@dataclass(frozen=True, slots=True)
class Flow:
    """A stream ready to be drawn.

    Attributes
    ----------
    start, end : str or None
        Keys of boxes, in the direction of the flow; None is the environment.
    amount : float or None
        How much flows, never negative; None where nothing is known.
    half : float or None
        Half of the 95 % interval, in the unit of the amount.
    turned : bool
        Flows against the direction it was given in.
    """

    key: str
    label: str
    start: str | None
    end: str | None
    amount: float | None
    half: float | None
    state: State
    loss: bool = False
    product: bool = False
    turned: bool = False

    @property
    def crosses(self) -> bool:
        """Whether it comes from or goes to the environment."""
        return self.start is None or self.end is None


def flows_of(chart: BalancePicture, language: Language) -> tuple[Flow, ...]:
    """The streams of a picture; what runs from the environment to the environment is left out.

    Raises
    ------
    KeyError
        If a stream names a node that is not in the picture.
    """
    nodes = {node.key: node for node in chart.nodes}
    flows = []
    for stream in chart.streams:
        start, end = (_inside(nodes, key) for key in (stream.start, stream.end))
        if start is None and end is None:
            continue
        value = stream.value if stream.value is not None and math.isfinite(stream.value) else None
        sd = stream.sd if stream.sd is not None and math.isfinite(stream.sd) else None
        turned = value is not None and value < 0
        flows.append(
            Flow(
                stream.key,
                _label(stream.label, nodes, stream.start, stream.end, language),
                end if turned else start,
                start if turned else end,
                None if value is None else abs(value),
                None if sd is None or value is None else min(INTERVAL * sd, 1e300),
                "unobservable" if value is None else stream.state,
                stream.loss,
                stream.product,
                turned,
            )
        )
    return tuple(flows)


def _inside(nodes: dict[str, SankeyNode], key: str | None) -> str | None:
    if key is None or nodes[key].kind == "environment":
        return None
    return key


def _label(
    label: object, nodes: dict[str, SankeyNode], start: str | None, end: str | None, language: Language
) -> str:
    """The stream's name, with the place in the environment that it comes from or goes to."""
    words = " ".join(speak(label, language).split())
    outside = [nodes[key].label for key in (start, end) if key and nodes[key].kind == "environment"]
    names = [" ".join(speak(each, language).split()) for each in outside]
    if not names or names[0] in words:
        return words
    return (
        f"{words} → {names[0]}"
        if end in nodes and nodes[end].kind == "environment"
        else f"{names[0]} → {words}"
    )


def amount_words(flow: Flow, factor: float = 1.0) -> str:
    """The amount with its 95 % interval, as many decimals as the interval deserves.

    >>> amount_words(Flow("1", "", None, "a", 12.3456, 0.4321, "measured"))
    '12.35 ± 0.43'
    >>> amount_words(Flow("1", "", None, "a", None, None, "unobservable"))
    '?'
    """
    if flow.amount is None:
        return "?"
    value = -flow.amount / factor if flow.turned else flow.amount / factor
    half = None if flow.half is None else flow.half / factor
    if not half:
        words = short(value)
    else:
        digits = _decimals(half)
        words = f"{format_number(value, digits)} ± {format_number(half, digits)}"
    if flow.state == "unobservable":
        return f"{words} ?"
    return f"≈ {words}" if flow.state == "estimated" else words


def _decimals(half: float) -> int:
    """Decimals that show an interval with two significant digits, or whole numbers."""
    return max(0, min(12, 1 - math.floor(math.log10(half) + 1e-9)))


def throughput(flows: Sequence[Flow]) -> float:
    """The most that flows through any box; the scale of the picture hangs on it."""
    through: dict[tuple[str, bool], float] = {}
    for flow in flows:
        for box, side in ((flow.start, True), (flow.end, False)):
            if box is not None and flow.amount is not None:
                through[box, side] = through.get((box, side), 0.0) + flow.amount
    return max(through.values(), default=0.0)
