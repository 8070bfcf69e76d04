"""What the evaluation finds about options side by side: overlap, alternatives, a budget, cost of what is avoided.

Every part is empty or None where the document does not carry it; `Choosing.missing` then says why, by the name
of the part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from openrecp.figures import Figure
from openrecp.texts import Text


@dataclass(frozen=True, slots=True)
class LoadSaving:
    """What one option saves of a load: alone, and of what the options before it leave.

    Attributes
    ----------
    option : str
        Its number.
    fraction : Figure
        Part of the load it saves when it is done alone [%].
    alone, together : Figure
        Saved a year on this load when done alone, and in the set [money/yr].
    """

    option: str
    fraction: Figure
    alone: Figure
    together: Figure


@dataclass(frozen=True, slots=True)
class Overlap:
    """Options that save on the same stream; savings in the order in which they are counted.

    ``fraction`` is the part of the load that they save together [%], ``taken_off`` what the sum of the savings
    alone was too high by [money/yr].
    """

    stream: str
    savings: tuple[LoadSaving, ...]
    fraction: Figure
    taken_off: Figure
    sentence: Text


@dataclass(frozen=True, slots=True)
class NotChosen:
    """An option that the best set leaves out, and why."""

    number: str
    reason: Text


@dataclass(frozen=True, slots=True)
class BudgetStep:
    """What would be chosen with another budget.

    Attributes
    ----------
    budget : Figure
        The smallest budget for it [money].
    chosen : tuple of str
    npv, gain : Figure
        Of the set, and how much more than with the budget entered [money].
    added, dropped : tuple of str
        Against the choice with the budget entered.
    """

    budget: Figure
    chosen: tuple[str, ...]
    npv: Figure
    gain: Figure
    added: tuple[str, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BudgetChoice:
    """The set of options of the highest net present value that the capital budget carries.

    Attributes
    ----------
    budget : Figure
    candidates, chosen : tuple of str
        Numbers, in the order of the document.
    not_chosen : tuple of NotChosen
    capital, npv, annual_saving, unspent : Figure
        Of the chosen ones, savings on the same load counted once.
    gap : Figure
        By how much a better set could exceed it at most [%]; 0 when it is proven to be the best.
    proven : bool
    with_more : BudgetStep or None
        What a little more money would buy.
    sentence : Text
    notes : tuple of Text
        What the choice cannot weigh.
    """

    budget: Figure
    candidates: tuple[str, ...]
    chosen: tuple[str, ...]
    not_chosen: tuple[NotChosen, ...]
    capital: Figure
    npv: Figure
    annual_saving: Figure
    unspent: Figure
    gap: Figure
    proven: bool
    with_more: BudgetStep | None
    sentence: Text
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Increment:
    """A dearer alternative against the best of the cheaper ones.

    ``against`` is None for doing nothing. Capital (own money paid first) and saving are differences; ``worth_it``
    says whether the difference itself is worth its money.
    """

    option: str
    against: str | None
    capital: Figure
    annual_saving: Figure
    npv: Figure
    irr: Figure
    worth_it: bool
    sentence: Text


@dataclass(frozen=True, slots=True)
class AlternativesCompared:
    """Options of which only one can be carried out, cheapest first, compared step by step.

    ``best`` is the number of the one the steps end at, None for doing nothing; ``trap`` warns where the
    highest internal rate would lead to another choice.
    """

    options: tuple[str, ...]
    steps: tuple[Increment, ...]
    best: str | None
    sentence: Text
    trap: Text | None = None


@dataclass(frozen=True, slots=True)
class AbatementBar:
    """One option on an abatement curve.

    Attributes
    ----------
    number, name : str
    avoided : Figure
        A year, when it is done alone.
    cost : Figure
        Levelised cost of a unit avoided [money/unit]; below zero where it saves money.
    npv, capital : Figure
    npv_per_capital : Figure
        Net present value per money of capital; no value without capital.
    rank : int
        Place when ranked by net present value per capital, the better measure.
    """

    number: str
    name: str
    avoided: Figure
    cost: Figure
    npv: Figure
    capital: Figure
    npv_per_capital: Figure
    rank: int


@dataclass(frozen=True, slots=True)
class AbatementCurve:
    """Marginal cost of avoiding a quantity, cheapest first, with its known trap.

    Attributes
    ----------
    key : str
        ``waste:W1`` for the waste of a stream, ``waste`` where none is named, ``greenhouse-gas``, ``water``, ``energy``.
    name : Text
    unit : str
        Of a year's quantity, such as ``t/yr``.
    bars : tuple of AbatementBar
        In the order of cost.
    total : Figure
        Avoided a year by all of them.
    by_value : tuple of str
        Numbers ranked by net present value per capital.
    trapped : tuple of str
        Numbers with negative cost, whose order on the curve means nothing.
    trap : Text or None
        Explains it; None when no cost is negative.
    left_out : tuple of NotChosen
        Options without this quantity, and why.
    convention : Text or None
        How the cost of a unit is counted.
    notes : tuple of Text
        What the curve counts twice.
    """

    key: str
    name: Text
    unit: str
    bars: tuple[AbatementBar, ...]
    total: Figure
    by_value: tuple[str, ...]
    trapped: tuple[str, ...]
    trap: Text | None
    left_out: tuple[NotChosen, ...] = ()
    convention: Text | None = None
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Choosing:
    """Options compared with one another.

    Attributes
    ----------
    budget : BudgetChoice or None
        None without a capital budget in worksheet 16.
    alternatives : tuple of AlternativesCompared
    overlaps : tuple of Overlap
        Among the options to be carried out; the sums of the set are corrected by them.
    abatement : tuple of AbatementCurve
    missing : Mapping[str, Text]
        Why a part is empty: ``budget``, ``alternatives``, ``overlaps``, ``abatement``.
    """

    budget: BudgetChoice | None = None
    alternatives: tuple[AlternativesCompared, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    abatement: tuple[AbatementCurve, ...] = ()
    missing: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}), hash=False)
