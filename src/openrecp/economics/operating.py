"""What the plant saves, earns and spends each year because of the project.

Amounts are *incremental*: the plant with the project compared with the plant without it (section
4.2.2 of the manual). Everywhere in this package a positive amount is money gained (a saving or a
revenue) and a negative amount is money spent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from openrecp.economics.amounts import Amount, total
from openrecp.economics.conventions import Conventions
from openrecp.errors import Issue, Where, problem
from openrecp.figures import Basis
from openrecp.texts import Choice, Text, text


class OperatingClass(Choice):
    """The ten classes of incremental operating costs, savings and revenues of section 4.2.2."""

    WASTE_MANAGEMENT = "waste-management", text("Waste management")
    MATERIALS = "materials", text("Input materials")
    INSURANCE = "insurance", text("Insurance and liability")
    QUALITY = "quality", text("Quality")
    UTILITIES = "utilities", text("Utilities")
    LABOUR = "labour", text("Labour, burden and benefits")
    SUPPLIES = "supplies", text("Operating and maintenance supplies")
    OVERHEAD = "overhead", text("Overhead")
    PRODUCTION = "production", text("Revenue from production")
    BYPRODUCTS = "by-products", text("Revenue from by-products")


@dataclass(frozen=True, slots=True)
class OperatingItem:
    """A yearly amount.

    Attributes
    ----------
    key : str
        Unique name within the project, by which derived items and sensitivity ranges refer to it.
    name : Text or str
    operating_class : OperatingClass
    annual_amount : float
        At the prices entered [money/yr]; positive is money gained, negative is money spent.
    escalation : float or None
        Yearly price rise of this item as a fraction; None for the project's general rate.
    basis, source
        How the amount is known, and from where.
    first_year, last_year : int, int or None
        Operating years in which it comes; the last of the project when None.
    """

    key: str
    name: Text | str
    operating_class: OperatingClass
    annual_amount: Amount
    escalation: Amount | None = None
    basis: Basis = Basis.ESTIMATED
    source: Where | Text | None = None
    first_year: int = 1
    last_year: int | None = None

    @property
    def times(self) -> tuple[int, int | None]:
        """First and last year."""
        return self.first_year, self.last_year

    @property
    def lasting(self) -> bool:
        """Whether the amount comes in every operating year."""
        return self.first_year <= 1 and self.last_year is None

    def runs_in(self, year: int) -> bool:
        """Whether the amount comes in an operating year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def time_issues(self, where: Where, life: int) -> Iterator[Issue]:
        """What is wrong with the years in which the amount comes."""
        last = life if self.last_year is None else self.last_year
        if not self.lasting and not 1 <= self.first_year <= last <= life:
            yield problem(
                "item-years",
                "{key} comes from year {first} to {last}; these must lie within the project's years 1 to {life}.",
                where=where,
                key=self.key,
                first=self.first_year,
                last=last,
                life=life,
            )


@dataclass(frozen=True, slots=True)
class DerivedItem:
    """A yearly amount that is a share of other items, such as overhead on labour.

    It has the sign of what it is a share of and follows its escalation.

    Attributes
    ----------
    key : str
    name : Text or str
    operating_class : OperatingClass
    share : float
        Fraction of the sum of the items in ``of``.
    of : tuple of str
        Keys of items that stand before this one in the project.
    """

    key: str
    name: Text | str
    operating_class: OperatingClass
    share: Amount
    of: tuple[str, ...]
    basis: Basis = Basis.ESTIMATED
    source: Where | Text | None = None


OperatingLine = OperatingItem | DerivedItem


def usual_year(lines: Sequence[OperatingLine], life: int) -> int:
    """The operating year that stands for most others: what comes in it comes together in most years.

    Of several such years it is the last, and never one in which nothing comes while something does in others.

    >>> start = OperatingItem("start", "First year", OperatingClass.MATERIALS, 100.0, last_year=1)
    >>> later = OperatingItem("later", "Later years", OperatingClass.MATERIALS, 300.0, first_year=2)
    >>> usual_year([start, later], 8)
    8
    """
    items = [line for line in lines if isinstance(line, OperatingItem)]
    coming = [tuple(item.runs_in(year) for item in items) for year in range(1, life + 1)]
    often = Counter(coming)
    return max(
        range(1, life + 1), key=lambda year: (any(coming[year - 1]), often[coming[year - 1]], year), default=1
    )


def annual_amounts(lines: Sequence[OperatingLine], life: int) -> dict[str, Amount]:
    """Amount of every line in a usual year of ``life`` at the prices entered, unrounded [money/yr].

    A line that does not come in the usual year counts nothing here; see `usual_year`.
    """
    amounts: dict[str, Amount] = {}
    year = usual_year(lines, life)
    for line in lines:
        if isinstance(line, OperatingItem):
            amounts[line.key] = line.annual_amount if line.runs_in(year) else 0.0
        else:
            amounts[line.key] = line.share * total(amounts[key] for key in line.of)
    return amounts


def yearly_amounts(
    lines: Sequence[OperatingLine],
    years: int,
    escalation: Callable[[Amount | None], Amount],
    conventions: Conventions,
) -> dict[str, tuple[Amount, ...]]:
    """Escalated amount of every line in operating years 1 to ``years`` [money].

    Parameters
    ----------
    lines : sequence of OperatingLine
    years : int
    escalation : callable
        Nominal price rise of a line with the rate of its own that is given, if any.
    conventions : Conventions
    """
    yearly: dict[str, tuple[Amount, ...]] = {}
    general = conventions.escalation_factors(escalation(None), years)
    for line in lines:
        if isinstance(line, OperatingItem):
            own = line.escalation
            factors = general if own is None else conventions.escalation_factors(escalation(own), years)
            yearly[line.key] = tuple(
                conventions.money(line.annual_amount * factor) if line.runs_in(year) else 0.0
                for year, factor in enumerate(factors, 1)
            )
        else:
            bases = [yearly[key] for key in line.of]
            yearly[line.key] = tuple(
                conventions.money(line.share * total(base[year] for base in bases)) for year in range(years)
            )
    return yearly


def yearly_totals(
    lines: Sequence[OperatingLine],
    years: int,
    escalation: Callable[[Amount | None], Amount],
    conventions: Conventions,
) -> tuple[Amount, ...]:
    """Sum of all lines in operating years 1 to ``years`` [money]; parameters as `yearly_amounts`."""
    if conventions.whole_money:
        yearly = yearly_amounts(lines, years, escalation, conventions)
        return tuple(total(amounts[year] for amounts in yearly.values()) for year in range(years))
    # Without rounding, lines that rise alike are summed before they rise: a tenth of the work for many options.
    groups: list[tuple[OperatingItem, Amount]] = []
    for first, amount in _amounts_by_item(lines):
        for place, (other, so_far) in enumerate(groups):
            if first.escalation is other.escalation and first.times == other.times:
                groups[place] = (other, so_far + amount)
                break
        else:
            groups.append((first, amount))
    sums: list[Amount] = [0.0] * years
    for item, amount in groups:
        for year, factor in enumerate(conventions.escalation_factors(escalation(item.escalation), years)):
            if item.runs_in(year + 1):
                sums[year] = total((sums[year], amount * factor))
    return tuple(sums)


def _amounts_by_item(lines: Sequence[OperatingLine]) -> Iterator[tuple[OperatingItem, Amount]]:
    """Every item with its amount and all shares that other lines take of it."""
    items = {line.key: line for line in lines if isinstance(line, OperatingItem)}
    parts: dict[str, dict[str, Amount]] = {}
    for line in lines:
        if isinstance(line, OperatingItem):
            parts[line.key] = {line.key: 1.0}
        else:
            shares: dict[str, Amount] = {}
            for key in line.of:
                for part, share in parts[key].items():
                    shares[part] = shares.get(part, 0.0) + line.share * share
            parts[line.key] = shares
    for key, item in items.items():
        yield item, item.annual_amount * total(each[key] for each in parts.values() if key in each)
