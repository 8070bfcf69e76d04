"""Options of which only one can be done: their cash flows, and how different lives are made comparable."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openrecp.economics.labels import as_text
from openrecp.errors import Issue, Severity, UnusableInput, Where, problem
from openrecp.texts import Choice, Text, text

LONGEST_HORIZON = 240  # years; beyond it the annual worth says the same in one figure


class UnequalLives(Choice):
    """How options that last for different years are compared."""

    AS_GIVEN = "as-given", text("As given: nothing follows after the end of a life")
    ANNUAL_WORTH = "annual-worth", text("By annual worth: each is repeated as long as it is needed")
    COMMON_HORIZON = "common-horizon", text("Over a common horizon: each is repeated until all end together")


@dataclass(frozen=True, slots=True)
class ExclusiveOption:
    """One of several options that exclude one another.

    Attributes
    ----------
    key : str
    name : Text or str
    currency : str
    flows : tuple of float
        Cash flow by year, the outlay first; its life is one year less than there are flows [money].
    source : Where or Text or None
    """

    key: str
    name: Text | str
    currency: str
    flows: tuple[float, ...]
    source: Where | Text | None = None

    @property
    def label(self) -> Text:
        """The name as a text."""
        return as_text(self.name)

    @property
    def life(self) -> int:
        """Years after the outlay [yr]."""
        return len(self.flows) - 1


def check_options(options: Sequence[ExclusiveOption], lives: UnequalLives) -> None:
    """Refuse options that cannot be compared.

    Raises
    ------
    UnusableInput
        Carries every finding.
    """
    issues = list(_option_issues(options, lives))
    if issues:
        raise UnusableInput(issues)


def _option_issues(options: Sequence[ExclusiveOption], lives: UnequalLives) -> Iterator[Issue]:
    if len(options) < 2:
        yield problem("too-few-exclusive", "Give at least two options to compare.")
    seen: set[str] = set()
    for each in options:
        where = each.source if isinstance(each.source, Where) else Where(path=f"options[{each.key}]")
        if each.key in seen:
            yield problem(
                "duplicate-exclusive",
                "Two options have the key {key}; give each its own.",
                where=where,
                key=each.key,
            )
        seen.add(each.key)
        if len(each.flows) < 2 or not all(map(math.isfinite, each.flows)):
            yield problem(
                "exclusive-flows",
                "{name}: give its outlay and the cash flow of at least one year, in finite numbers.",
                where=where,
                name=each.label,
            )
    currencies = sorted({each.currency for each in options})
    if len(currencies) > 1:
        yield problem(
            "several-currencies",
            "The options are in several currencies ({currencies}); convert them to one before choosing.",
            currencies=currencies,
        )
    if lives is not UnequalLives.AS_GIVEN and all(each.life >= 1 for each in options):
        horizon = math.lcm(*(each.life for each in options)) if options else 1
        if horizon > LONGEST_HORIZON:
            yield problem(
                "horizon-too-long",
                "The lives end together only after {years} years, more than the {longest} that can be compared; "
                "bring the lives to round numbers.",
                years=horizon,
                longest=LONGEST_HORIZON,
            )


def horizon_of(options: Sequence[ExclusiveOption], lives: UnequalLives) -> int:
    """Years over which all options are counted [yr]."""
    if lives is UnequalLives.AS_GIVEN:
        return max(each.life for each in options)
    return math.lcm(*(each.life for each in options))


def spread_flows(each: ExclusiveOption, horizon: int, lives: UnequalLives) -> tuple[float, ...]:
    """Its cash flow over the horizon, repeated where that is assumed."""
    flows = [0.0] * (horizon + 1)
    starts = (0,) if lives is UnequalLives.AS_GIVEN else range(0, horizon, each.life)
    for start in starts:
        for year, flow in enumerate(each.flows):
            flows[start + year] += flow
    return tuple(flows)


def life_notes(options: Sequence[ExclusiveOption], lives: UnequalLives, horizon: int) -> Iterator[Issue]:
    """What is assumed where lives differ."""
    years = sorted({each.life for each in options})
    if len(years) < 2:
        return
    if lives is UnequalLives.AS_GIVEN:
        yield problem(
            "unequal-lives",
            "The options last from {shortest} to {longest} years. They are compared as if nothing followed the shorter "
            "ones; if the need goes on, compare by annual worth or over a common horizon.",
            severity=Severity.NOTE,
            shortest=years[0],
            longest=years[-1],
        )
    else:
        yield problem(
            "lives-repeated",
            "The options last from {shortest} to {longest} years. Each is taken to be repeated at the same cost and gain, "
            "for {horizon} years.",
            severity=Severity.NOTE,
            shortest=years[0],
            longest=years[-1],
            horizon=horizon,
        )
