"""Losses nobody accounted for, in mass and money, the dearest that is told from measuring error first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scipy.special import ndtr, ndtri

from openrecp.balances.closure import ClosureState
from openrecp.balances.equations import Layer, System
from openrecp.balances.flowsheet import Flowsheet, Quantity, Ref, Stream, StreamKind
from openrecp.balances.losses.prices import Price, Prices
from openrecp.balances.losses.raw_closure import (
    ENERGY_UNIT,
    LEVEL,
    MeasuredClosure,
    closures,
    loss_streams,
    state_of,
)
from openrecp.balances.problems import Reconciliation
from openrecp.figures import Figure, unit_words
from openrecp.texts import Choice, Text, format_significant, text


class LossOrigin(Choice):
    """How a loss was found."""

    STREAM = "stream", text("Loss stream, computed from the reconciled balances")
    GAP = "gap", text("Gap of the balance as measured")


_ORDER: Final = {
    ClosureState.GAP: 0,
    ClosureState.WITHIN: 1,
    ClosureState.EXCESS: 2,
    ClosureState.OPEN: 3,
}


@dataclass(frozen=True, slots=True)
class UnaccountedLoss:
    """A loss in mass (or energy) and money.

    Attributes
    ----------
    key : str
        Of the stream or of the process; empty for the plant.
    name : Text or str
    process : str or None
        Where it is lost; None for the plant as a whole.
    origin : LossOrigin
    layer : Layer
    component : str or None
        Component that is lost, if it is not the total.
    amount, sd, low, high : float
        Loss, positive when mass disappears, its standard deviation and interval; NaN where it cannot be told [unit].
    probability : float
        That it is above 0; NaN where it cannot be told.
    price : Price or None
    level : float
        Confidence of the interval.
    state : ClosureState
        GAP: told from measuring error. WITHIN: not told from it. EXCESS: more leaves than enters. OPEN: not known.
    source : Figure or None
        Gap that it is.
    reason : Text or None
        Why it is not known.
    unit, currency : str
    """

    key: str
    name: Text | str
    process: str | None
    origin: LossOrigin
    layer: Layer
    component: str | None
    amount: float
    sd: float
    low: float
    high: float
    probability: float
    price: Price | None
    level: float
    state: ClosureState
    source: Figure | None
    reason: Text | None
    unit: str
    currency: str

    @property
    def significant(self) -> bool:
        """Whether it is told from measuring error, at the level."""
        return self.state is ClosureState.GAP

    @property
    def money(self) -> float | None:
        """Worth of the loss [currency a period]."""
        return self._worth(self.amount)

    @property
    def money_interval(self) -> tuple[float, float] | None:
        """Interval of the worth from that of the amount; the price is taken as exact [currency a period]."""
        low, high = self._worth(self.low), self._worth(self.high)
        return None if low is None or high is None else (min(low, high), max(low, high))

    @property
    def amount_figure(self) -> Figure:
        """The amount with where it comes from."""
        formula = (
            text("what the reconciled balances leave for the stream")
            if self.origin is LossOrigin.STREAM
            else text("gap of the balance as measured")
        )
        return Figure(
            text("Loss"),
            self.amount if math.isfinite(self.amount) else None,
            self.unit,
            formula=formula,
            inputs=() if self.source is None else (self.source,),
            reason=self.reason,
        )

    @property
    def money_figure(self) -> Figure:
        """The worth, from amount and price."""
        mass, _, period = self.unit.partition("/")
        money_unit = "/".join(part for part in (self.currency, period) if part)
        if self.price is None:
            return Figure(text("Worth of the loss"), None, money_unit, reason=text("no price is given"))
        price = Figure(
            text("Unit price"),
            self.price.value,
            f"{self.currency}/{mass}" if self.currency else "",
            source=self.price.basis,
        )
        return Figure(
            text("Worth of the loss"),
            self.money,
            money_unit,
            formula=text("loss × price"),
            inputs=(self.amount_figure, price),
            reason=self.reason,
        )

    @property
    def note(self) -> Text:
        """How to read it."""
        level = round(self.level * 100, 2)
        if self.state is ClosureState.OPEN:
            return text("This loss cannot be told: {reason}.", reason=self.reason)
        if self.state is ClosureState.GAP:
            return text(
                "Lost beyond the error of the meters, at {level} % confidence: between {low} and {high} {unit}.",
                level=level,
                low=format_significant(self.low),
                high=format_significant(self.high),
                unit=unit_words(self.unit),
            )
        if self.state is ClosureState.EXCESS:
            return text("More leaves than enters: look for a missing input or a wrong meter before a loss.")
        return text(
            "Not told from the error of the meters: between {low} and {high} {unit} at {level} % confidence; the "
            "probability that anything is lost is {probability} %.",
            level=level,
            low=format_significant(self.low),
            high=format_significant(self.high),
            unit=unit_words(self.unit),
            probability=round(self.probability * 100),
        )

    def _worth(self, amount: float) -> float | None:
        return amount * self.price.value if self.price is not None and math.isfinite(amount) else None


def unaccounted_losses(
    flowsheet: Flowsheet,
    system: System,
    reconciliation: Reconciliation,
    measured: Sequence[MeasuredClosure] | None = None,
    *,
    level: float = LEVEL,
) -> tuple[UnaccountedLoss, ...]:
    """Every loss nobody accounted for, ranked.

    Loss streams that nobody measures have the amount that the reconciled balances leave for them. A process
    without such a stream loses the gap of its balance as measured; where its total cannot be closed or is within
    the error of the meters, components whose gap is told from the error are named instead. The gap of the plant
    is named only where the total of some process cannot be closed, and then holds the others.

    Parameters
    ----------
    flowsheet : Flowsheet
    system : System
        Of the flowsheet.
    reconciliation : Reconciliation
        Of the system.
    measured : sequence of MeasuredClosure, optional
        As :func:`closures` gives them at the same level; found here if they are not given.
    level : float
        Confidence at which a loss is told from measuring error.

    Returns
    -------
    tuple of UnaccountedLoss
        Losses that are told from measuring error first, then those that are not, excesses, and what is not known;
        within each the most expensive first, then the largest.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"the level must lie between 0 and 1, not {level}")
    if measured is None:
        measured = closures(flowsheet, level=level)
    prices = Prices(flowsheet, system, reconciliation)
    unmeasured = loss_streams(flowsheet)
    found = [_of_stream(stream, prices, level) for stream in unmeasured]
    found.extend(_gaps(measured, prices))
    return tuple(sorted(found, key=_rank))


def _rank(loss: UnaccountedLoss) -> tuple[int, bool, float, float]:
    money = loss.money
    size = loss.amount if math.isfinite(loss.amount) else 0.0
    return _ORDER[loss.state], money is None, -(money or 0.0), -size


def _of_stream(stream: Stream, prices: Prices, level: float) -> UnaccountedLoss:
    flowsheet, reconciliation = prices.flowsheet, prices.reconciliation
    energy = stream.kind is StreamKind.ENERGY
    position = prices.system.position(Ref(Quantity.ENERGY if energy else Quantity.FLOW, stream.key))
    amount = sd = math.nan
    if position is not None:
        amount, sd = float(reconciliation.values[position]), float(reconciliation.sds[position])
    half = float(ndtri((1 + level) / 2)) * sd
    held = position is not None and reconciliation.at_bound is not None and reconciliation.at_bound[position]
    known = math.isfinite(amount) and math.isfinite(sd)
    return UnaccountedLoss(
        key=stream.key,
        name=stream.name,
        process=stream.start,
        origin=LossOrigin.STREAM,
        layer=Layer.ENERGY if energy else Layer.TOTAL,
        component=None,
        amount=amount if known else math.nan,
        sd=sd,
        low=amount - half,
        high=amount + half,
        probability=_probability(amount, sd),
        price=prices.of_stream(stream),
        level=level,
        state=ClosureState.WITHIN if held and known else state_of(amount, half),
        source=None,
        reason=None if known else text("the balances do not give it; measure what else leaves there"),
        unit=_energy_unit(flowsheet) if energy else flowsheet.flow_unit,
        currency=flowsheet.currency,
    )


def _gaps(measured: Sequence[MeasuredClosure], prices: Prices) -> Iterator[UnaccountedLoss]:
    """Gaps of balances whose loss has no stream of its own."""
    names = {process.key: process.name for process in prices.flowsheet.processes}
    totals = {each.process: each for each in measured if each.layer is Layer.TOTAL}
    any_open = any(each.state is ClosureState.OPEN for key, each in totals.items() if key is not None)
    for closure in measured:
        if closure.through or closure.layer is Layer.ELEMENT:
            continue
        if closure.process is None and not any_open:
            continue
        if closure.layer is Layer.COMPONENT:
            total = totals.get(closure.process)
            if closure.state is not ClosureState.GAP or (total and total.state is ClosureState.GAP):
                continue
        yield _of_gap(closure, names, prices)


def _of_gap(closure: MeasuredClosure, names: dict[str, str], prices: Prices) -> UnaccountedLoss:
    if closure.layer is Layer.COMPONENT:
        price = prices.of_component(closure.component)
    else:
        energy = closure.layer is Layer.ENERGY
        price = prices.of_process(closure.process, StreamKind.ENERGY if energy else StreamKind.MATERIAL)
    place: Text | str = text("Whole plant") if closure.process is None else names[closure.process]
    component = _component_name(closure.component, prices.flowsheet)
    return UnaccountedLoss(
        key=closure.process or "",
        name=place if component is None else text("{component} in {place}", component=component, place=place),
        process=closure.process,
        origin=LossOrigin.GAP,
        layer=closure.layer,
        component=closure.component,
        amount=closure.gap,
        sd=closure.sd,
        low=closure.low,
        high=closure.high,
        probability=_probability(closure.gap, closure.sd),
        price=price,
        level=closure.level,
        state=closure.state,
        source=closure.gap_figure,
        reason=closure.reason,
        unit=closure.unit,
        currency=prices.flowsheet.currency,
    )


def _component_name(key: str | None, flowsheet: Flowsheet) -> str | None:
    return next((each.name for each in flowsheet.components if each.key == key), key)


def _energy_unit(flowsheet: Flowsheet) -> str:
    return f"{ENERGY_UNIT}/{flowsheet.period}" if flowsheet.period else ENERGY_UNIT


def _probability(amount: float, sd: float) -> float:
    """That the loss is above 0, if errors are normal."""
    if not math.isfinite(amount) or not math.isfinite(sd):
        return math.nan
    if sd == 0:
        return float(amount > 0)
    return float(ndtr(amount / sd))
