"""Balances as measured: how far each is from closing, and whether the meters alone explain it.

Nothing is reconciled here, so that a gap is told before least squares spread it over the meters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from scipy.special import ndtri

from openrecp.balances.closure import ClosureState
from openrecp.balances.equations import ALL_LAYERS, Layer, Polynomials, Variables
from openrecp.balances.equations.balance_rows import add_every_balance
from openrecp.balances.equations.layout import Ends, Layout
from openrecp.balances.equations.rows import Constraint, RowList
from openrecp.balances.equations.system import correlations_of, layout_of
from openrecp.balances.equations.variables import is_known
from openrecp.balances.flowsheet import Flowsheet, Quantity, Ref, Role, Stream, StreamKind
from openrecp.balances.losses.names import Names
from openrecp.balances.problems import Array
from openrecp.figures import Basis, Figure, unit_words
from openrecp.texts import Text, format_significant, text

LEVEL: Final = 0.95
ENERGY_UNIT: Final = "kWh"
_ROUNDING: Final = 1e-9
_MOST_NAMED: Final = 6
_OPEN: Final = (math.nan,) * 8


@dataclass(frozen=True, slots=True)
class MeasuredClosure:
    """A balance as measured.

    Attributes
    ----------
    process : str or None
        Key of the process; None for the plant, of which only what crosses its border counts.
    layer : Layer
        Total, component, element or energy.
    component : str or None
        Component or element.
    inputs, outputs, stock_change, made : float
        What enters and leaves in streams, what the stocks grew by, and what reactions make; NaN where the balance
        stays open [unit].
    gap, sd, low, high : float
        inputs + made - outputs - stock change, its standard deviation from the errors of the meters (to first
        order, correlations included), and its interval at ``level``; NaN where the balance stays open [unit].
    level : float
        Confidence of the interval.
    state : ClosureState
        GAP: a loss that the errors of the meters do not explain. WITHIN: they may explain the gap. EXCESS: more
        leaves than enters. OPEN: something is not known.
    missing : tuple of Ref
        Numbers that would have to be known to close it.
    through : tuple of str
        Keys of loss streams that nobody measures: the gap is what leaves with them.
    one_sided : Text or None
        Which side is missing as a whole, if one is.
    unit : str
    names : Names
    """

    process: str | None
    layer: Layer
    component: str | None
    inputs: float
    outputs: float
    stock_change: float
    made: float
    gap: float
    sd: float
    low: float
    high: float
    level: float
    state: ClosureState
    missing: tuple[Ref, ...]
    through: tuple[str, ...]
    one_sided: Text | None
    unit: str
    names: Names = field(repr=False, compare=False)

    @property
    def reason(self) -> Text | None:
        """Why it stays open."""
        named = [self.names.of(ref) for ref in self.missing[:_MOST_NAMED]]
        more = len(self.missing) - len(named)
        if more:
            return text("not known: {numbers}, and {more} more", numbers=named, more=more)
        return text("not known: {numbers}", numbers=named) if named else self.one_sided

    @property
    def gap_figure(self) -> Figure:
        """The gap with what it was made from."""
        parts = (
            (text("Inputs"), self.inputs),
            (text("Made by reactions"), self.made),
            (text("Outputs"), self.outputs),
            (text("Growth of stocks"), self.stock_change),
        )
        inputs = tuple(
            Figure(name, _or_none(value), self.unit, basis=Basis.MEASURED, reason=self.reason)
            for name, value in parts
        )
        return Figure(
            text("Unaccounted"),
            _or_none(self.gap),
            self.unit,
            formula=text("inputs + made by reactions − outputs − growth of stocks, all as measured"),
            inputs=inputs,
            reason=self.reason,
        )

    @property
    def share(self) -> float | None:
        """Gap as part of the inputs [1]; None where there are none, or the balance stays open."""
        return self.gap / self.inputs if self.inputs > 0 and math.isfinite(self.gap) else None

    @property
    def note(self) -> Text:
        """How to read the result."""
        if self.state is ClosureState.OPEN:
            return text("The balance stays open: {reason}.", reason=self.reason)
        level = round(self.level * 100, 2)
        if self.state is ClosureState.WITHIN:
            return text(
                "The gap of {gap} {unit} is within the error of the meters, ± {half} {unit} at {level} % confidence.",
                gap=format_significant(self.gap),
                half=format_significant(self.high - self.gap),
                unit=unit_words(self.unit),
                level=level,
            )
        if self.state is ClosureState.GAP:
            return text(
                "{gap} {unit} are unaccounted for, between {low} and {high} at {level} % confidence: more than the "
                "error of the meters explains.",
                gap=format_significant(self.gap),
                low=format_significant(self.low),
                high=format_significant(self.high),
                unit=unit_words(self.unit),
                level=level,
            )
        return text(
            "{gap} {unit} more leave than enter, between {low} and {high} at {level} % confidence: an input is "
            "missing, a meter is wrong, or periods do not fit.",
            gap=format_significant(-self.gap),
            low=format_significant(-self.high),
            high=format_significant(-self.low),
            unit=unit_words(self.unit),
            level=level,
        )


def closures(flowsheet: Flowsheet, *, level: float = LEVEL) -> tuple[MeasuredClosure, ...]:
    """Close every balance of a flowsheet as it was measured.

    Of every process and of the plant: total mass, every component (where none changes in an unknown way), every
    element, and energy where it is balanced. Component and element balances of which nothing is known are left
    out. A loss stream to the environment that nobody measures counts as part of the gap.

    Parameters
    ----------
    flowsheet : Flowsheet
        Without faults.
    level : float
        Confidence at which a gap is told from the errors of the meters.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.

    >>> from openrecp.balances.flowsheet import Measurement, Process
    >>> found = closures(Flowsheet("Dryer", (Process("dryer", "Dryer"),), (
    ...     Stream("feed", "Feed", None, "dryer", flow=Measurement(1000.0, 10.0)),
    ...     Stream("product", "Product", "dryer", None, flow=Measurement(930.0, 5.0)),
    ...     Stream("waste", "Waste", "dryer", None, flow=Measurement(40.0, 2.0)),
    ... )))
    >>> found[0].gap, round(found[0].sd, 6), found[0].state.value
    (30.0, 11.357817, 'gap')
    """
    if not 0 < level < 1:
        raise ValueError(f"the level must lie between 0 and 1, not {level}")
    where = layout_of(flowsheet, None, ALL_LAYERS)
    unmeasured = loss_streams(flowsheet)
    where = _without(where, unmeasured)
    rows = RowList()
    add_every_balance(rows, where)
    polynomials = rows.polynomials(len(where.variables))
    sums = _sums(polynomials, rows.sides, where)
    sds = _gap_sds(polynomials, where)
    return tuple(_judged(flowsheet, rows.constraints(), sums, sds, unmeasured, level))


def loss_streams(flowsheet: Flowsheet) -> tuple[Stream, ...]:
    """Streams of loss to the environment whose amount nobody measures."""
    return tuple(
        stream
        for stream in flowsheet.streams
        if stream.role is Role.LOSS
        and stream.end is None
        and not is_known(stream.energy if stream.kind is StreamKind.ENERGY else stream.flow)
    )


def _without(where: Layout, streams: Iterable[Stream]) -> Layout:
    """The layout without some streams."""
    variables = where.variables
    gone = [variables.position(Ref(quantity, each.key)) for each in streams for quantity in _AMOUNTS]
    positions = np.array([each for each in gone if each is not None], int)
    return replace(
        where,
        mass_ends=_kept(where.mass_ends, ~np.isin(where.carrier_flow, positions)),
        heat_ends=_kept(where.heat_ends, ~np.isin(where.heated[:, 0], positions)),
        energy_ends=_kept(where.energy_ends, ~np.isin(where.energy, positions)),
    )


_AMOUNTS: Final = (Quantity.FLOW, Quantity.ENERGY)


def _kept(ends: Ends, items: Array) -> Ends:
    kept = items[ends.item]
    return Ends(ends.process[kept], ends.item[kept], ends.sign[kept])


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Sums of each row, and what is unknown in it; arrays of shape (rows,)."""

    inputs: Array
    outputs: Array
    stock_change: Array
    made: Array
    gap: Array
    size: Array
    known_terms: Array
    entering: Array
    leaving: Array
    missing: Mapping[int, tuple[Ref, ...]]


def _sums(polynomials: Polynomials, sides: Array, where: Layout) -> _Sums:
    variables = where.variables
    factors = polynomials.factors
    unknown: Array = np.append(np.isnan(variables.measured), False)[factors]
    zero = np.any(np.append(variables.measured == 0, False)[factors], axis=1)
    open_terms = unknown.any(axis=1) & ~zero
    x = np.where(np.isnan(variables.measured), 0.0, variables.measured)
    terms = polynomials.terms(x)
    stock = np.isin(factors[:, 0], where.carrier_flow[where.streams :])
    rows, count = polynomials.rows, polynomials.shape[0]

    def total(chosen: Array, amounts: Array = terms) -> Array:
        return np.bincount(rows[chosen], amounts[chosen], minlength=count)

    return _Sums(
        inputs=total((sides > 0) & ~stock),
        outputs=-total((sides < 0) & ~stock),
        stock_change=-total(stock),
        made=total(sides == 0),
        gap=total(np.ones(len(terms), bool)),
        size=total(np.ones(len(terms), bool), np.abs(terms)),
        known_terms=np.bincount(rows[~open_terms & (terms != 0)], minlength=count),
        entering=np.bincount(rows[sides > 0], minlength=count),
        leaving=np.bincount(rows[sides < 0], minlength=count),
        missing=_missing(factors, unknown & open_terms[:, None], rows, variables),
    )


def _missing(
    factors: Array, unknown: Array, rows: Array, variables: Variables
) -> Mapping[int, tuple[Ref, ...]]:
    """What is not known in each row that has something unknown."""
    term, place = np.nonzero(unknown)
    width = np.int64(len(variables) + 1)
    pairs = np.unique(rows[term] * width + factors[term, place])
    refs = variables.refs if len(pairs) else ()
    found: dict[int, list[Ref]] = {}
    for row, position in zip((pairs // width).tolist(), (pairs % width).tolist(), strict=True):
        found.setdefault(row, []).append(refs[position])
    return {row: tuple(each) for row, each in found.items()}


def _gap_sds(polynomials: Polynomials, where: Layout) -> Array:
    """Standard deviation of each row from the errors of what was measured, to first order, shape (rows,)."""
    variables = where.variables
    x = np.where(np.isnan(variables.measured), 0.0, variables.measured)
    spread = np.where(np.isnan(variables.sds), 0.0, variables.sds)
    weighted = polynomials.jacobian(x)
    weighted.data *= spread[weighted.indices]
    variance = np.asarray(weighted.multiply(weighted).sum(axis=1)).reshape(-1)
    correlations = correlations_of(where.flowsheet, variables)
    if correlations:
        first = np.array([pair[0] for pair in correlations])
        second = np.array([pair[1] for pair in correlations])
        coefficients = np.array([pair[2] for pair in correlations])
        columns = weighted.tocsc()
        variance = variance + 2.0 * (columns[:, first].multiply(columns[:, second]) @ coefficients)
    return np.sqrt(np.maximum(variance, 0.0))


def _judged(
    flowsheet: Flowsheet,
    constraints: tuple[Constraint, ...],
    sums: _Sums,
    sds: Array,
    unmeasured: tuple[Stream, ...],
    level: float,
) -> Iterable[MeasuredClosure]:
    names = Names.of_flowsheet(flowsheet)
    by_place = _by_place(unmeasured)
    halves = float(ndtri((1 + level) / 2)) * sds
    sides = (sums.inputs, sums.outputs, sums.stock_change, sums.made, sums.gap)
    closed = [each.tolist() for each in (*sides, sds, halves, np.maximum(halves, _ROUNDING * sums.size))]
    found_at = list(zip(*closed, strict=True))
    known, flow_unit = sums.known_terms.tolist(), flowsheet.flow_unit
    energy_unit = f"{ENERGY_UNIT}/{flowsheet.period}" if flowsheet.period else ENERGY_UNIT
    for row, constraint in enumerate(constraints):
        layer = constraint.layer
        if layer in (Layer.COMPONENT, Layer.ELEMENT) and not known[row]:
            continue
        through = by_place.get((constraint.key, layer is Layer.ENERGY), ())
        missing = sums.missing.get(row, ())
        one_sided = _one_sided(sums, row, layer, through)
        stays_open = bool(missing) or one_sided is not None
        inputs, outputs, stock_change, made, gap, sd, half, least = _OPEN if stays_open else found_at[row]
        yield MeasuredClosure(
            process=constraint.key,
            layer=layer,
            component=constraint.component,
            inputs=inputs,
            outputs=outputs,
            stock_change=stock_change,
            made=made,
            gap=gap,
            sd=sd,
            low=gap - half,
            high=gap + half,
            level=level,
            state=state_of(gap, least),
            missing=missing,
            through=through,
            one_sided=one_sided,
            unit=energy_unit if layer is Layer.ENERGY else flow_unit,
            names=names,
        )


def state_of(gap: float, half: float) -> ClosureState:
    """What a gap says beside the half-width of its interval; NaN leaves the balance open."""
    if not math.isfinite(gap) or not math.isfinite(half):
        return ClosureState.OPEN
    if abs(gap) <= half:
        return ClosureState.WITHIN
    return ClosureState.GAP if gap > 0 else ClosureState.EXCESS


def _by_place(unmeasured: tuple[Stream, ...]) -> Mapping[tuple[str | None, bool], tuple[str, ...]]:
    """Unmeasured loss streams that the gap of a balance leaves by: of each process, and of the plant (None).

    Energy leaves with matter and without it.
    """
    found: dict[tuple[str | None, bool], list[str]] = {}
    for stream in unmeasured:
        for place in (stream.start, None):
            for energy in (True,) if stream.kind is StreamKind.ENERGY else (True, False):
                found.setdefault((place, energy), []).append(stream.key)
    return {place: tuple(keys) for place, keys in found.items()}


def _one_sided(sums: _Sums, row: int, layer: Layer, through: tuple[str, ...]) -> Text | None:
    if layer is not Layer.TOTAL:
        return None
    if not sums.entering[row]:
        return text("no input is given")
    if not sums.leaving[row] and not through:
        return text("no output is given")
    return None


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None
