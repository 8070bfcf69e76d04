"""Ways of procuring equipment: purchase, lease, instalments, energy-performance contract, shared savings.

What follows from a way is the same in every case, by these rules:

==================== ============================ ============ ======================== ====================
way                  who pays for the equipment    its owner    what the client deducts   grants and credits
==================== ============================ ============ ======================== ====================
purchase             the client, with its loans   client       depreciation, interest   client
instalments          the client, to the supplier  client       depreciation, interest   client
performance contract the client, with its loans   client       depreciation, interest,  client
                                                               fee
lease                the lessor                   lessor       the payments             lessor
shared savings       the contractor               contractor   the share paid           contractor
==================== ============================ ============ ======================== ====================

- The client may buy some parts itself under any way; they stay its capital, paid from its own money.
- With instalments, a lease or shared savings, the loans of the purchase are not taken: the contract takes their
  place. Grants and credits that are a share of the capital count what the client buys itself.
- Payments are in money of the day and fall on the ends of years; those in advance on the end of the year before,
  the first on start-up. They are deducted in the year in which they are paid.
- Where the equipment goes back before the project ends, it saves and costs nothing from then on.
- Where the client becomes its owner at the end, it writes the price off from then on, and has what the equipment
  fetches in the end.

References
----------
Directive 2012/27/EU on energy efficiency, Article 2(27): under energy performance contracting, investments are paid
for in relation to a contractually agreed level of energy efficiency improvement. 10 CFR 436.36-436.37 (US Department of
Energy): annual audits verify what the contractor guarantees. Minnesota Statutes, section 16C.144: the contractor
reimburses what the guaranteed savings fall short by. IFRS 16, appendix A: interest rate implicit in the lease.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from openrecp.economics.amounts import Amount
from openrecp.economics.checks import number_out_of_range, placed, years_out_of_range
from openrecp.economics.project import Project
from openrecp.errors import Issue, Where, problem
from openrecp.texts import Text, text

_PURCHASE: Final = text("Purchase")
_LEASE: Final = text("Lease")
_INSTALMENTS: Final = text("Instalments")
_PERFORMANCE: Final = text("Energy-performance contract")
_SHARED: Final = text("Shared savings")


@dataclass(frozen=True, slots=True)
class Purchase:
    """The client buys the equipment, with the loans, grants and credits of the project."""

    name: Text | str = _PURCHASE
    source: Where | Text | None = None

    def issues(self, project: Project) -> Iterator[Issue]:
        """Nothing: what is wrong with the purchase was said of the project."""
        del project
        return iter(())


@dataclass(frozen=True, slots=True)
class Instalments:
    """The client buys the equipment and pays the supplier over some years, who is owed the rest like a lender.

    The down payment is paid as the capital would be spent. Either the payment or the interest is given; the other
    follows.

    Attributes
    ----------
    years : int
        Years of payment after start-up [yr].
    down_share : float
        Part of the price that is paid down; unused where ``down_payment`` is given.
    down_payment : float or None
        [money]
    yearly_payment : float or None
        Equal payments at the ends of years 1 to ``years`` [money/yr].
    interest_rate : float or None
        As a fraction.
    client_buys : tuple of str
        Names of capital items that are bought otherwise.
    """

    years: int
    down_share: Amount = 0.0
    down_payment: Amount | None = None
    yearly_payment: Amount | None = None
    interest_rate: Amount | None = None
    client_buys: tuple[str, ...] = ()
    name: Text | str = _INSTALMENTS
    source: Where | Text | None = None

    def issues(self, project: Project) -> Iterator[Issue]:
        """What makes the way impossible for a project."""
        where = way_place(self)
        yield from years_out_of_range(where, "years", self.years)
        yield from number_out_of_range(where, "down_share", self.down_share, 0.0, 1.0)
        yield from _amount_issues(where, down_payment=self.down_payment, yearly_payment=self.yearly_payment)
        if self.interest_rate is not None:
            yield from number_out_of_range(where, "interest_rate", self.interest_rate, 0.0, 10.0)
        yield from _capital_issues(where, self.client_buys, project)
        if (self.yearly_payment is None) == (self.interest_rate is None):
            yield problem(
                "payment-or-interest",
                "Instalments need either the yearly payment or the interest rate; give one of the two.",
                where=where,
            )


@dataclass(frozen=True, slots=True)
class Lease:
    """The lessor buys the equipment; the client uses it for yearly payments.

    Attributes
    ----------
    yearly_payment : float
        The first payment [money/yr].
    years : int
        Number of payments, up to the life of the project [yr].
    in_advance : bool
        The first payment is due at start-up; else at the end of the first year.
    rise : float
        By which each payment is higher than the one before, as a fraction.
    deposit : float
        Paid at start-up, given back at the end of the lease [money].
    purchase_price : float or None
        For which the client buys the equipment at the end; 0 if it becomes the client's without payment, None if it
        goes back. What it fetches in the end belongs to its owner.
    maintenance_included : float
        Yearly costs of the client that the lessor takes over, at the prices entered [money/yr].
    parts_included : bool
        The lessor pays for parts that are replaced during the lease.
    client_buys : tuple of str
        Names of capital items that the client buys itself.
    """

    yearly_payment: Amount
    years: int
    in_advance: bool = False
    rise: Amount = 0.0
    deposit: Amount = 0.0
    purchase_price: Amount | None = None
    maintenance_included: Amount = 0.0
    parts_included: bool = False
    client_buys: tuple[str, ...] = ()
    name: Text | str = _LEASE
    source: Where | Text | None = None

    def issues(self, project: Project) -> Iterator[Issue]:
        """What makes the way impossible for a project."""
        where = way_place(self)
        yield from _contract_years(where, self.years, project)
        yield from _amount_issues(
            where,
            yearly_payment=self.yearly_payment,
            deposit=self.deposit,
            purchase_price=self.purchase_price,
            maintenance_included=self.maintenance_included,
        )
        yield from number_out_of_range(where, "rise", self.rise, -0.99, 10.0)
        yield from _capital_issues(where, self.client_buys, project)

    def payments(self) -> tuple[tuple[int, Amount], ...]:
        """Year and amount of every payment [money]."""
        first = 0 if self.in_advance else 1
        return tuple(
            (first + number, self.yearly_payment * (1.0 + self.rise) ** number)
            for number in range(self.years)
        )


@dataclass(frozen=True, slots=True)
class PerformanceContract:
    """The client buys the equipment; the contractor guarantees what it saves, for a fee.

    Attributes
    ----------
    guaranteed_saving : float
        At the prices entered; it rises with the prices of the savings it is about [money/yr].
    yearly_fee : float
        Paid at the end of each year of the contract [money/yr].
    years : int
        Up to the life of the project [yr].
    shortfall_share : float
        Part of what the savings fall short by that the contractor pays.
    excess_share : float
        Part of what the savings exceed the guarantee by that the contractor gets.
    items : tuple of str
        Keys of the operating items that are guaranteed; all savings and revenues when empty.
    rise : float
        By which the fee is higher each year, as a fraction.
    maintenance_included : float
        Yearly costs of the client that the contractor takes over, at the prices entered [money/yr].
    """

    guaranteed_saving: Amount
    yearly_fee: Amount
    years: int
    shortfall_share: Amount = 1.0
    excess_share: Amount = 0.0
    items: tuple[str, ...] = ()
    rise: Amount = 0.0
    maintenance_included: Amount = 0.0
    name: Text | str = _PERFORMANCE
    source: Where | Text | None = None

    def issues(self, project: Project) -> Iterator[Issue]:
        """What makes the way impossible for a project."""
        where = way_place(self)
        yield from _contract_years(where, self.years, project)
        yield from _amount_issues(
            where,
            guaranteed_saving=self.guaranteed_saving,
            yearly_fee=self.yearly_fee,
            maintenance_included=self.maintenance_included,
        )
        yield from number_out_of_range(where, "shortfall_share", self.shortfall_share, 0.0, 1.0)
        yield from number_out_of_range(where, "excess_share", self.excess_share, 0.0, 1.0)
        yield from number_out_of_range(where, "rise", self.rise, -0.99, 10.0)
        yield from _item_issues(where, self.items, project)


@dataclass(frozen=True, slots=True)
class SharedSavings:
    """The contractor buys the equipment and gets a share of what it saves.

    Attributes
    ----------
    client_shares : tuple of float
        The client's part of the savings: one for all years, or one for each.
    years : int
        Up to the life of the project [yr].
    buyout_price : float or None
        For which the client gets the equipment at the end, 0 without payment; None if it is taken away.
    items : tuple of str
        Keys of the operating items whose savings are shared; all savings and revenues when empty.
    maintenance_included : float
        Yearly costs of the client that the contractor takes over, at the prices entered [money/yr].
    parts_included : bool
        The contractor pays for parts that are replaced during the contract.
    client_buys : tuple of str
        Names of capital items that the client buys itself.
    """

    client_shares: tuple[Amount, ...]
    years: int
    buyout_price: Amount | None = 0.0
    items: tuple[str, ...] = ()
    maintenance_included: Amount = 0.0
    parts_included: bool = True
    client_buys: tuple[str, ...] = ()
    name: Text | str = _SHARED
    source: Where | Text | None = None

    def issues(self, project: Project) -> Iterator[Issue]:
        """What makes the way impossible for a project."""
        where = way_place(self)
        yield from _contract_years(where, self.years, project)
        yield from _amount_issues(
            where, buyout_price=self.buyout_price, maintenance_included=self.maintenance_included
        )
        for share in self.client_shares:
            yield from number_out_of_range(where, "client_shares", share, 0.0, 1.0)
        if len(self.client_shares) not in (1, self.years):
            yield problem(
                "client-shares",
                "There are {count} shares for {years} years; give one for all years, or one for each.",
                where=where,
                count=len(self.client_shares),
                years=self.years,
            )
        yield from _item_issues(where, self.items, project)
        yield from _capital_issues(where, self.client_buys, project)

    def client_share(self, year: int) -> Amount:
        """The client's part of the savings in a year of the contract."""
        return self.client_shares[0] if len(self.client_shares) == 1 else self.client_shares[year - 1]


Way = Purchase | Instalments | Lease | PerformanceContract | SharedSavings


def way_place(way: Way) -> Where:
    """Where a finding about the way belongs."""
    return placed(way.source, "ways")


def _contract_years(where: Where, years: int, project: Project) -> Iterator[Issue]:
    yield from years_out_of_range(where, "years", years)
    if years > project.life:
        yield problem(
            "contract-longer",
            "A contract of {years} years is longer than the project of {life}; shorten it, or evaluate a longer life.",
            where=where,
            years=years,
            life=project.life,
        )


def _amount_issues(where: Where, **amounts: Amount | None) -> Iterator[Issue]:
    for name, amount in amounts.items():
        if amount is not None:
            yield from number_out_of_range(where, name, amount, 0.0, math.inf)


def _capital_issues(where: Where, names: tuple[str, ...], project: Project) -> Iterator[Issue]:
    known = [str(item.name) for item in project.capital]
    for name in names:
        if name not in known:
            yield problem(
                "unknown-capital-item",
                "{name} is not among the capital items; choose from {known}.",
                where=where,
                name=name,
                known=known,
            )


def _item_issues(where: Where, keys: tuple[str, ...], project: Project) -> Iterator[Issue]:
    known = [line.key for line in project.operating]
    for key in keys:
        if key not in known:
            yield problem(
                "unknown-item",
                "{key} is not an operating item of this project; choose one of {known}.",
                where=where,
                key=key,
                known=known,
            )
