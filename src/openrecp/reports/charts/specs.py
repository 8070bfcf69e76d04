"""What each chart shows, as plain data; the drawing is decided elsewhere.

Numbers are floats in the chart's unit, in the order they are to be drawn (first on top or left).
None means that there is no number; it is drawn as a gap with a mark, never as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from openrecp.reports.charts.flow_specs import BalancePicture
from openrecp.texts import Text

Words = str | Text


@dataclass(frozen=True, slots=True)
class RankedBar:
    """One bar: a waste stream, what it costs and its score; ``emphasis`` gives it the accent colour."""

    label: Words
    value: float | None
    score: float | None = None
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class RankedBars:
    """Ranked horizontal bars: cost on the left panel, score (if any bar has one) on the right.

    ``value_unit`` is a unit symbol such as ``TWD/yr``; bars come in rank order, the first on top.
    """

    bars: tuple[RankedBar, ...]
    value_label: Words
    value_unit: str
    score_label: Words = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of a screening and its weight."""

    label: Words
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An option, its rating for each criterion, and its weighted sum."""

    label: Words
    ratings: tuple[float | None, ...]
    total: float | None = None
    kept: bool | None = None


@dataclass(frozen=True, slots=True)
class ScreeningMatrix:
    """Options by criteria with the rating in every cell; shades run from ``low`` to ``high``."""

    criteria: tuple[Criterion, ...]
    rows: tuple[MatrixRow, ...]
    total_label: Words = ""
    low: float = 0.0
    high: float = 10.0


@dataclass(frozen=True, slots=True)
class CashFlowBars:
    """Yearly cash flows as bars and the cumulative (discounted) line.

    ``periods`` are the labels of the years, 0 for the investment; ``flows`` and ``cumulative`` have
    the same length, in ``unit``.
    """

    periods: tuple[int, ...]
    flows: tuple[float, ...]
    cumulative: tuple[float, ...]
    unit: str
    flow_label: Words
    cumulative_label: Words
    period_label: Words


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """What one input does to the result: result at its low and at its high value."""

    label: Words
    low: float
    high: float
    low_input: Words = ""
    high_input: Words = ""


@dataclass(frozen=True, slots=True)
class Tornado:
    """One-way sensitivity, the widest bar first; ``base`` is the result with nothing changed."""

    base: float
    bars: tuple[TornadoBar, ...]
    outcome_label: Words
    unit: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A value marked on an axis, with a few words."""

    label: Words
    value: float


@dataclass(frozen=True, slots=True)
class SpreadBars:
    """How many of the drawn cases fall between two results; what lies below zero is a loss.

    ``edges`` are the n + 1 ascending bounds of n classes, ``shares`` their shares of all cases [%].
    """

    edges: tuple[float, ...]
    shares: tuple[float, ...]
    outcome_label: Words
    unit: str
    share_label: Words
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class AbatementBlock:
    """One option on an abatement curve: how much it avoids (width) at which cost of a unit (height)."""

    label: Words
    avoided: float
    cost: float


@dataclass(frozen=True, slots=True)
class AbatementBlocks:
    """Abatement curve: blocks side by side in the order given, as wide as what they avoid.

    ``avoided_unit`` is a unit such as ``t/yr``, ``cost_unit`` such as ``TWD/t``.
    """

    blocks: tuple[AbatementBlock, ...]
    avoided_label: Words
    avoided_unit: str
    cost_label: Words
    cost_unit: str


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task of the month plan: first month (1 is the first), how many months, and by whom.

    ``kind`` ``downtime`` marks a stop of the process, ``milestone`` a day rather than a span.
    """

    label: Words
    start: int
    months: int = 1
    owner: Words = ""
    kind: Literal["work", "downtime", "milestone"] = "work"


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """A plan by month; with ``first`` as ``(year, month)`` months carry their names, else numbers."""

    tasks: tuple[PlannedTask, ...]
    months: int
    first: tuple[int, int] | None = None


PlottedChart = (
    RankedBars | ScreeningMatrix | CashFlowBars | Tornado | SpreadBars | AbatementBlocks | MonthPlan
)
"""Charts that are ECharts options."""

Chart = PlottedChart | BalancePicture
"""All charts: those that ECharts draws, and pictures of balances, which have loops and are drawn by us."""
