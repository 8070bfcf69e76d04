"""Options to choose among: what each costs and gains, and how they depend on one another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from openrecp.economics.labels import as_text
from openrecp.errors import Issue, UnusableInput, Where, problem
from openrecp.figures import Figure
from openrecp.texts import Text

_NO_QUANTITIES: Mapping[str, float] = MappingProxyType({})
_NO_FIGURES: Mapping[str, Figure] = MappingProxyType({})
# Sums of money typed in parts may miss the total by the rounding of binary fractions, not by more.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class LoadShare:
    """A saving on a load that other options may save on too, such as rinse water or compressed air.

    Attributes
    ----------
    load : str
        Name of the load, the same for all options that save on it.
    fraction : float
        Part of the load that the option saves when it is done alone, above 0 and at most 1.
    value : float
        What this saving is worth when the option is done alone: a part of its net present value [money].
    annual_saving : float
        The part of its annual saving [money/yr].
    quantities : Mapping[str, float]
        The part of what it avoids a year, by quantity [unit/yr].
    """

    load: str
    fraction: float
    value: float
    annual_saving: float = 0.0
    quantities: Mapping[str, float] = field(default_factory=lambda: _NO_QUANTITIES, hash=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An option that may be chosen. Money is in whole units of ``currency``, positive is gained.

    Attributes
    ----------
    key : str
        Its own short name, by which others refer to it.
    name : Text or str
    currency : str
        Code such as ``TWD``; the same for all candidates.
    capital : float
        First cost that counts against the budget, not below zero [money].
    npv : float
        Net present value when it is done alone [money].
    annual_saving : float
        Net saving a year when it is done alone [money/yr].
    life : float or None
        Years it saves; needed where amounts over its life are asked for [yr].
    quantities : Mapping[str, float]
        What it avoids a year when it is done alone, by quantity, such as ``{"t CO2e": 12.5}`` [unit/yr].
        The name of a quantity is the unit it is counted in.
    excludes : tuple of str
        Keys of options that cannot be done together with it; one of the two need say so.
    requires : tuple of str
        Keys of options without which it cannot be done: all of them.
    requires_any : tuple of str
        Keys of options of which at least one is needed.
    required_by_law : bool
        Must be done, whatever it earns.
    capital_by_year : tuple of float
        The capital by year, the first year first; empty if all is spent in the first year [money].
    loads : tuple of LoadShare
        Savings that other options may lessen.
    source : Where or Text or None
        Where the option stands in the user's document.
    figures : Mapping[str, Figure]
        Figures that ``capital``, ``npv`` or ``annual_saving`` come from, by attribute: what is shown of a set
        can then be opened down to their formulas and inputs.
    """

    key: str
    name: Text | str
    currency: str
    capital: float
    npv: float
    annual_saving: float = 0.0
    life: float | None = None
    quantities: Mapping[str, float] = field(default_factory=lambda: _NO_QUANTITIES, hash=False)
    excludes: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    requires_any: tuple[str, ...] = ()
    required_by_law: bool = False
    capital_by_year: tuple[float, ...] = ()
    loads: tuple[LoadShare, ...] = ()
    source: Where | Text | None = None
    figures: Mapping[str, Figure] = field(default_factory=lambda: _NO_FIGURES, hash=False)

    @property
    def label(self) -> Text:
        """The name as a text."""
        return as_text(self.name)

    @property
    def where(self) -> Where:
        """The place a finding about it belongs to."""
        return self.source if isinstance(self.source, Where) else Where(path=f"candidates[{self.key}]")

    @property
    def yearly_capital(self) -> tuple[float, ...]:
        """Capital by year, the first year first [money]."""
        return self.capital_by_year or (self.capital,)


def check_candidates(candidates: Sequence[Candidate]) -> None:
    """Refuse candidates that cannot be compared.

    Raises
    ------
    UnusableInput
        If a number is impossible, a key stands twice or is unknown, or currencies differ; carries every
        such finding.
    """
    issues = list(_issues(candidates))
    if issues:
        raise UnusableInput(issues)


def _issues(candidates: Sequence[Candidate]) -> Iterator[Issue]:
    if not candidates:
        yield problem("no-candidates", "There is nothing to choose from; give at least one option.")
    known = {each.key for each in candidates}
    seen: set[str] = set()
    for each in candidates:
        if each.key in seen:
            yield problem(
                "duplicate-candidate",
                "Two options have the key {key}; give each its own.",
                where=each.where,
                key=each.key,
            )
        seen.add(each.key)
        yield from _number_issues(each)
        if each.loads:
            yield from _load_issues(each)
        if each.excludes or each.requires or each.requires_any:
            yield from _relation_issues(each, known)
    currencies = sorted({each.currency for each in candidates})
    if len(currencies) > 1:
        yield problem(
            "several-currencies",
            "The options are in several currencies ({currencies}); convert them to one before choosing.",
            currencies=currencies,
        )


def _number_issues(each: Candidate) -> Iterator[Issue]:
    numbers = (each.capital, each.npv, each.annual_saving, *each.quantities.values(), *each.capital_by_year)
    if not all(map(math.isfinite, numbers)):
        yield problem(
            "not-a-number",
            "{name}: capital, net present value, savings and quantities must be finite numbers.",
            where=each.where,
            name=each.label,
        )
        return
    if each.capital < 0 or any(part < 0 for part in each.capital_by_year):
        yield problem(
            "negative-candidate-capital",
            "{name}: its capital is below zero. Enter 0, and count what it brings in its net present value.",
            where=each.where,
            name=each.label,
        )
    if each.capital_by_year:
        total = math.fsum(each.capital_by_year)
        if abs(total - each.capital) > ROUNDING * max(each.capital, 1.0):
            yield problem(
                "capital-by-year",
                "{name}: its capital by year adds up to {total}, not to {capital}; correct one of them.",
                where=each.where,
                name=each.label,
                total=total,
                capital=each.capital,
            )
    if each.life is not None and not (math.isfinite(each.life) and each.life > 0):
        yield problem(
            "candidate-life",
            "{name}: the years it saves must be above zero.",
            where=each.where,
            name=each.label,
        )


def _load_issues(each: Candidate) -> Iterator[Issue]:
    loads = [share.load for share in each.loads]
    for load in sorted({load for load in loads if loads.count(load) > 1}):
        yield problem(
            "load-twice",
            "{name} saves twice on the load {load}; put its two savings together.",
            where=each.where,
            name=each.label,
            load=load,
        )
    for share in each.loads:
        if not 0 < share.fraction <= 1:
            yield problem(
                "load-fraction",
                "{name}: it saves {fraction} of {load}; enter a part above 0 and up to 1. What makes a load "
                "larger belongs in the net present value alone.",
                where=each.where,
                name=each.label,
                fraction=share.fraction if math.isfinite(share.fraction) else str(share.fraction),
                load=share.load,
            )
        if not (math.isfinite(share.value) and share.value >= 0):
            yield problem(
                "load-value",
                "{name}: its saving on {load} must be worth nothing or more, in finite numbers.",
                where=each.where,
                name=each.label,
                load=share.load,
            )
        if not all(map(math.isfinite, (share.annual_saving, *share.quantities.values()))):
            yield problem(
                "load-not-a-number",
                "{name}: what it saves and avoids on {load} must be finite numbers.",
                where=each.where,
                name=each.label,
                load=share.load,
            )


def _relation_issues(each: Candidate, known: set[str]) -> Iterator[Issue]:
    named = (*each.excludes, *each.requires, *each.requires_any)
    unknown = sorted({key for key in named if key not in known})
    if unknown:
        yield problem(
            "unknown-candidate",
            "{name} refers to {unknown}, which is not among the options; correct the key or add the option.",
            where=each.where,
            name=each.label,
            unknown=unknown,
        )
    if each.key in named:
        yield problem(
            "refers-to-itself",
            "{name} refers to itself; an option can neither exclude nor require itself.",
            where=each.where,
            name=each.label,
        )
    both = sorted(set(each.excludes) & set(each.requires))
    if both:
        yield problem(
            "excludes-what-it-requires",
            "{name} both requires and excludes {keys}; keep one of the two.",
            where=each.where,
            name=each.label,
            keys=both,
        )
