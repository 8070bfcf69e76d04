"""Simple closure of a balance: what enters, what leaves, what stays, and what nobody accounted for.

Input = output + accumulation (工業減廢評估, section 3.1.2). All flows are numbers in one unit; putting them on a
common basis is the caller's part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from openrecp.errors import Where
from openrecp.figures import Basis, Figure
from openrecp.texts import Choice, Text, text

STARTING_THRESHOLD: Final = 0.05
"""Share of the input below which a gap is not told from measuring error, where no uncertainties are known."""


class Side(Choice):
    """Where a flow stands in the balance."""

    IN = "in", text("In")
    OUT = "out", text("Out")
    ACCUMULATED = "accumulated", text("Accumulated")


class ClosureState(Choice):
    """What a balance says."""

    WITHIN = "within", text("Closes within measuring error")
    GAP = "gap", text("Part of the input is unaccounted for")
    EXCESS = "excess", text("More leaves than enters")
    OPEN = "open", text("Cannot be closed")


@dataclass(frozen=True, slots=True)
class Member:
    """A flow of the balance.

    Attributes
    ----------
    label : Text or str
    side : Side
    amount : float
        In the unit of the balance; accumulation may be negative.
    basis, source, formula, inputs
        How the amount is known, and what it was made from.
    """

    label: Text | str
    side: Side
    amount: float
    basis: Basis = Basis.CALCULATED
    source: Where | Text | None = None
    formula: Text | None = None
    inputs: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Closure:
    """A balance as far as it closes.

    Attributes
    ----------
    inputs, outputs, accumulated, unaccounted : Figure
        In the unit of the balance.
    share : Figure
        Unaccounted part of the input [%].
    state : ClosureState
    note : Text
        How to read the result.
    """

    inputs: Figure
    outputs: Figure
    accumulated: Figure
    unaccounted: Figure
    share: Figure
    state: ClosureState
    note: Text


def balance_closure(
    members: Sequence[Member], unit: str, threshold: float = STARTING_THRESHOLD, missing: Text | None = None
) -> Closure:
    """Close a balance.

    Parameters
    ----------
    members : sequence of Member
        Every flow, amounts in ``unit``.
    unit : str
        Unit of all amounts, such as ``kg/yr``.
    threshold : float
        Share of the input below which a gap is not told from measuring error.
    missing : Text, optional
        What is known to be left out; the balance is then left open, with this as the reason.

    Raises
    ------
    ValueError
        If an amount is not finite or the threshold is not between 0 and 1.

    References
    ----------
    工業減廢評估, sections 3.1.2 and 3.1.4.

    >>> found = balance_closure((Member("acid", Side.IN, 100.0), Member("sludge", Side.OUT, 80.0)), "kg/yr")
    >>> found.unaccounted.value, found.share.value, found.state.value
    (20.0, 20.0, 'gap')
    """
    if not 0 <= threshold < 1:
        raise ValueError(f"the threshold must lie between 0 and 1, not {threshold}")
    if not all(math.isfinite(member.amount) for member in members):
        raise ValueError("amounts must be finite numbers")
    inputs = _sum(text("Inputs"), members, Side.IN, unit)
    outputs = _sum(text("Outputs"), members, Side.OUT, unit)
    accumulated = _sum(text("Accumulated"), members, Side.ACCUMULATED, unit)
    reason = missing or _one_sided(members)
    gap = _gap(members)
    total = _total(members, Side.IN)
    unaccounted = Figure(
        name=text("Unaccounted"),
        value=None if reason else gap,
        unit=unit,
        formula=text("inputs − outputs − accumulated"),
        inputs=(inputs, outputs, accumulated),
        reason=reason,
    )
    share = gap / total if total > 0 and reason is None else None
    return Closure(
        inputs=inputs,
        outputs=outputs,
        accumulated=accumulated,
        unaccounted=unaccounted,
        share=Figure(
            name=text("Unaccounted share of the inputs"),
            value=None if share is None else share * 100.0,
            unit="%",
            formula=text("unaccounted ÷ inputs"),
            inputs=(unaccounted, inputs),
            reason=reason,
        ),
        state=_state(share, threshold),
        note=_note(share, threshold, reason),
    )


def _total(members: Sequence[Member], side: Side) -> float:
    return math.fsum(member.amount for member in members if member.side is side)


def _gap(members: Sequence[Member]) -> float:
    """Summed at once, so that flows that cancel leave exactly nothing."""
    return math.fsum(member.amount if member.side is Side.IN else -member.amount for member in members)


def _sum(name: Text, members: Sequence[Member], side: Side, unit: str) -> Figure:
    parts = tuple(
        Figure(
            member.label
            if isinstance(member.label, Text)
            else Text("{name}", MappingProxyType({"name": member.label})),
            member.amount,
            unit,
            member.formula,
            member.inputs,
            member.basis,
            member.source,
        )
        for member in members
        if member.side is side
    )
    return Figure(name, _total(members, side), unit, formula=text("sum of the flows"), inputs=parts)


def _one_sided(members: Sequence[Member]) -> Text | None:
    if _total(members, Side.IN) <= 0:
        return text("no input is given")
    if not any(member.side is Side.OUT for member in members):
        return text("no output is given")
    return None


def _state(share: float | None, threshold: float) -> ClosureState:
    if share is None:
        return ClosureState.OPEN
    if abs(share) <= threshold:
        return ClosureState.WITHIN
    return ClosureState.GAP if share > 0 else ClosureState.EXCESS


def _note(share: float | None, threshold: float, reason: Text | None) -> Text:
    if share is None:
        return text("The balance stays open: {reason}.", reason=reason)
    shown, limit = round(abs(share) * 100, 1), round(threshold * 100, 6)
    if abs(share) <= threshold:
        return text(
            "The difference is {share} % of the input. Without the uncertainties of the measurements, less than "
            "{limit} % cannot be told from measuring error.",
            share=shown,
            limit=limit,
        )
    if share > 0:
        return text(
            "{share} % of the input leaves unseen: look for evaporation, leaks, spills, stock changes, and "
            "flows that were not listed.",
            share=shown,
        )
    return text(
        "More leaves than enters, by {share} % of the input: an input is missing or measured too low, or units, "
        "periods or stock changes do not fit.",
        share=shown,
    )
