"""What pictures of a balance show, as plain data: nodes, streams and how well each stream is known.

The same data is drawn as a Sankey (:class:`SankeyDiagram`) or as a flow diagram (:class:`FlowDiagram`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from openrecp.texts import Text

Words = str | Text

State = Literal["measured", "estimated", "computed", "unobservable"]
Detail = Literal["auto", "full", "sections"]

INTERVAL: Final = 1.959964
"""Standard deviations on either side of a value that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class SankeyNode:
    """A place that streams go through.

    Attributes
    ----------
    key : str
        What streams refer to; unique in the diagram.
    kind : {"process", "stock", "environment"}
        What belongs to the environment is not drawn as a box: its streams come in and go out by themselves.
    section : str
        Key of the section it belongs to; empty for none.
    """

    key: str
    label: Words
    kind: Literal["process", "stock", "environment"] = "process"
    section: str = ""


@dataclass(frozen=True, slots=True)
class SankeyStream:
    """A stream from one node to another; None is the environment.

    Attributes
    ----------
    key : str
        Short name or number, as in the table; unique in the diagram.
    value : float or None
        How much flows, in the unit of the diagram; None where nothing is known. What is negative flows against
        the direction it was drawn in.
    sd : float or None
        Standard deviation of the value; None where it is not known.
    loss : bool
        Waste or loss; drawn in the colour of losses.
    product : bool
        A product; leaves on the right.
    """

    key: str
    label: Words
    start: str | None
    end: str | None
    value: float | None
    sd: float | None = None
    state: State = "measured"
    loss: bool = False
    product: bool = False


@dataclass(frozen=True, slots=True)
class SankeySection:
    """A part of the plant, drawn as a frame around its nodes, or as one box once it is collapsed."""

    key: str
    label: Words


@dataclass(frozen=True, slots=True)
class SankeyDiagram:
    """Streams as ribbons as wide as what flows in them.

    Attributes
    ----------
    unit : str
        Unit of all values, such as ``t/yr``, ``kWh/yr`` or ``TWD/yr``.
    detail : {"auto", "full", "sections"}
        Whether sections are drawn with all that is in them or as one box each; ``auto`` draws all of it as long
        as it can be read on paper.
    """

    nodes: tuple[SankeyNode, ...]
    streams: tuple[SankeyStream, ...]
    unit: str
    sections: tuple[SankeySection, ...] = ()
    detail: Detail = "auto"


@dataclass(frozen=True, slots=True)
class FlowDiagram:
    """The same as a process flow diagram: boxes and lines, each line with its number and flow."""

    nodes: tuple[SankeyNode, ...]
    streams: tuple[SankeyStream, ...]
    unit: str
    sections: tuple[SankeySection, ...] = ()
    detail: Detail = "auto"


BalancePicture = SankeyDiagram | FlowDiagram
