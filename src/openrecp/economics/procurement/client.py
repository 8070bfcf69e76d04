"""The client's project under a way of procuring: what is left of the purchase, and what the contract adds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from openrecp.economics.amounts import (
    Amount,
    chosen,
    holds,
    is_many,
    is_nothing,
    larger,
    total,
)
from openrecp.economics.conventions import TEXTBOOK, Conventions
from openrecp.economics.depreciation import Depreciation
from openrecp.economics.financing import ALL_EQUITY, Financing
from openrecp.economics.investment import CapitalItem
from openrecp.economics.loans import Loan, Repayment
from openrecp.economics.operating import (
    OperatingClass,
    OperatingItem,
    OperatingLine,
    annual_amounts,
    yearly_amounts,
)
from openrecp.economics.payments import ContractPayment
from openrecp.economics.prices import PriceBasis
from openrecp.economics.procurement.ways import (
    Instalments,
    Lease,
    PerformanceContract,
    Purchase,
    SharedSavings,
    Way,
    way_place,
)
from openrecp.economics.profitability import internal_rate_of_return, internal_rates_of_return
from openrecp.economics.project import Project
from openrecp.economics.replacement import Replacement
from openrecp.errors import Issue, UnusableInput, problem
from openrecp.texts import text

_MAINTENANCE: Final = "contract:maintenance"


def client_project(project: Project, way: Way, conventions: Conventions = TEXTBOOK) -> Project:
    """The project of the client when the equipment is procured in a certain way.

    Parameters
    ----------
    project : Project
        The purchase, with the savings that are reached. Its amounts may be arrays of shape (n,).
    way : Way
    conventions : Conventions
        Round what depends on the savings of a year.

    Raises
    ------
    UnusableInput
        If the way is impossible for the project; carries every such finding.
    """
    issues = list(way_issues(way, project))
    if issues:
        raise UnusableInput(issues)
    match way:
        case Purchase():
            return project
        case Instalments():
            return replace(project, financing=Financing((supplier_loan(project, way),)))
        case PerformanceContract():
            added = _maintenance(way.maintenance_included, way.years, project)
            payments = _guarantee_payments(project, way, conventions)
            return replace(
                project,
                operating=(*project.operating, *added),
                payments=(*project.payments, *payments),
            )
        case Lease():
            return _used(project, way.client_buys, _terms(way), _lease_payments(way))
        case SharedSavings():
            return _used(project, way.client_buys, _terms(way), _share_payments(project, way, conventions))


def way_issues(way: Way, project: Project) -> Iterator[Issue]:
    """What makes a way impossible for a project."""
    found = list(way.issues(project))
    yield from found
    if isinstance(way, Instalments) and not found:
        yield from _instalment_issues(way, project)


def price_of(project: Project, client_buys: Sequence[str]) -> Amount:
    """Capital that the other side pays for: all items but those that the client buys [money]."""
    return total(item.amount for item in project.capital if str(item.name) not in client_buys)


def covered_savings(
    project: Project, items: Sequence[str], conventions: Conventions = TEXTBOOK
) -> tuple[tuple[Amount, ...], tuple[Amount, ...]]:
    """Savings that a contract is about, in operating years 1 to life, at the prices entered and of each year [money].

    Parameters
    ----------
    project : Project
    items : sequence of str
        Keys of operating items; all savings and revenues when empty.
    conventions : Conventions
    """
    covered = [
        line
        for line in project.operating
        if (line.key in items if items else isinstance(line, OperatingItem))
    ]
    yearly = yearly_amounts(project.operating, project.life, project.nominal_escalation, conventions)
    entered = yearly_amounts(project.operating, project.life, lambda _: 0.0, conventions)
    return _summed(entered, covered, project.life), _summed(yearly, covered, project.life)


def _summed(
    amounts: dict[str, tuple[Amount, ...]], covered: Sequence[OperatingLine], years: int
) -> tuple[Amount, ...]:
    return tuple(total(larger(amounts[line.key][year], 0.0) for line in covered) for year in range(years))


def supplier_loan(project: Project, way: Instalments) -> Loan:
    """What the supplier is owed at start-up, as a loan with equal payments."""
    owed = _owed(project, way)
    rate = way.interest_rate
    if rate is None:
        rate = _rate_of(owed, way.yearly_payment, way.years)
    return Loan(
        interest_rate=rate,
        years=way.years,
        repayment=Repayment.ANNUITY,
        amount=owed,
        name=text("Owed to the supplier"),
        source=way.source,
        interest_from_startup=True,
    )


def _owed(project: Project, way: Instalments) -> Amount:
    price = price_of(project, way.client_buys)
    down = way.down_share * price if way.down_payment is None else way.down_payment
    return price - down


def _rate_of(owed: Amount, payment: Amount, years: int) -> Amount:
    """Interest at which equal payments repay what is owed."""
    flows = (owed, *(-payment,) * years)
    # Where nothing is owed, or exactly what is paid, there is no interest.
    if is_many(owed, payment):
        return larger(np.nan_to_num(internal_rates_of_return(flows).value), 0.0)
    return max(internal_rate_of_return(flows).value or 0.0, 0.0)


def _instalment_issues(way: Instalments, project: Project) -> Iterator[Issue]:
    owed = _owed(project, way)
    if not holds(owed >= 0):
        yield problem(
            "down-payment-too-large",
            "The down payment is larger than the price of {price}.",
            where=way_place(way),
            price=_smallest(price_of(project, way.client_buys)),
        )
    elif way.yearly_payment is not None and not holds(way.yearly_payment * way.years >= owed * (1.0 - 1e-9)):
        yield problem(
            "instalments-below-price",
            "{years} payments add up to less than the {owed} that are owed; correct the payment, or lower the price.",
            where=way_place(way),
            years=way.years,
            owed=_smallest(owed),
        )


def _smallest(amount: Amount) -> float:
    return float(amount.min()) if is_many(amount) else float(amount)


def _guarantee_payments(
    project: Project, way: PerformanceContract, conventions: Conventions
) -> Iterator[ContractPayment]:
    years = range(1, way.years + 1)
    fees = tuple((year, -way.yearly_fee * (1.0 + way.rise) ** (year - 1)) for year in years)
    yield ContractPayment(text("Fee of the contractor"), fees, source=way.source)
    entered, yearly = covered_savings(project, way.items, conventions)
    general = conventions.escalation_factors(project.nominal_escalation(None), way.years)
    missing, exceeding = [], []
    for year in years:
        base, saved = entered[year - 1], yearly[year - 1]
        nothing = base == 0
        index = chosen(nothing, general[year - 1], saved / chosen(nothing, 1.0, base))
        guaranteed = conventions.money(way.guaranteed_saving * index)
        missing.append((year, way.shortfall_share * larger(guaranteed - saved, 0.0)))
        exceeding.append((year, -way.excess_share * larger(saved - guaranteed, 0.0)))
    for name, amounts in (
        (text("Shortfall that the contractor makes up"), missing),
        (text("Excess that the contractor gets"), exceeding),
    ):
        if not all(is_nothing(amount) for _, amount in amounts):
            yield ContractPayment(name, tuple(amounts), source=way.source)


def _lease_payments(way: Lease) -> tuple[ContractPayment, ...]:
    amounts = tuple((year, -amount) for year, amount in way.payments())
    rent = ContractPayment(text("Lease payments"), amounts, source=way.source)
    if is_nothing(way.deposit):
        return (rent,)
    deposit = ((0, -way.deposit), (way.years, way.deposit))
    return rent, ContractPayment(text("Deposit"), deposit, deductible=False, source=way.source)


def _share_payments(
    project: Project, way: SharedSavings, conventions: Conventions
) -> tuple[ContractPayment, ...]:
    _, yearly = covered_savings(project, way.items, conventions)
    amounts = tuple(
        (year, -(1.0 - way.client_share(year)) * yearly[year - 1]) for year in range(1, way.years + 1)
    )
    return (ContractPayment(text("Contractor's share of the savings"), amounts, source=way.source),)


def contract_flows(
    way: Lease | SharedSavings, purchase: Project, conventions: Conventions = TEXTBOOK
) -> tuple[Amount, ...]:
    """What the contract gives (positive) and takes before tax, in years 0 to its last [money].

    It gives the price of the equipment at start-up, and the maintenance and parts that it includes; it takes the
    payments, the price at the end, and what the equipment fetches where it goes back with the end of the project.

    Parameters
    ----------
    way : Lease or SharedSavings
    purchase : Project
        With the savings that are reached.
    conventions : Conventions
    """
    client = client_project(replace(purchase, payments=()), way, conventions)
    others = tuple(item for item in purchase.capital if str(item.name) not in way.client_buys)
    terms = _terms(way)
    flows: list[Amount] = [0.0] * (way.years + 1)
    flows[0] = price_of(purchase, way.client_buys)
    for payment in client.payments:
        for year, amount in payment.amounts:
            flows[year] = flows[year] + amount
    general = conventions.escalation_factors(purchase.nominal_escalation(None), way.years)
    for year, factor in enumerate(general, 1):
        flows[year] = flows[year] + terms.maintenance * factor
    if terms.parts_included:
        for part in purchase.replacements:
            factors = conventions.escalation_factors(
                purchase.nominal_escalation(part.escalation), purchase.life
            )
            for year in part.replaced_in(purchase.life):
                if year <= way.years:
                    flows[year] = flows[year] + part.amount * factors[year - 1]
    if terms.price_at_end is None and way.years == purchase.life:
        kept = total((purchase.salvage, *(item.residual for item in others)))
        flows[-1] = flows[-1] - kept
    elif terms.price_at_end is not None and way.years < purchase.life:
        flows[-1] = flows[-1] - terms.price_at_end
    return tuple(flows)


def _terms(way: Lease | SharedSavings) -> _Terms:
    price = way.purchase_price if isinstance(way, Lease) else way.buyout_price
    return _Terms(way.years, price, way.maintenance_included, way.parts_included)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a contract says about equipment that the client uses without owning it."""

    years: int
    price_at_end: Amount | None
    maintenance: Amount
    parts_included: bool


def _used(
    project: Project, client_buys: Sequence[str], terms: _Terms, payments: tuple[ContractPayment, ...]
) -> Project:
    """The project with equipment that belongs to the other side until the contract ends."""
    own = tuple(item for item in project.capital if str(item.name) in client_buys)
    others = tuple(item for item in project.capital if str(item.name) not in client_buys)
    becomes_own = terms.price_at_end is not None
    bought, paid_at_end = _bought_at_end(project, others, terms)
    last = project.life if becomes_own else terms.years
    return replace(
        project,
        capital=own,
        operating=(
            *(_until(line, last, project.life) for line in project.operating),
            *_maintenance(terms.maintenance, terms.years, project),
        ),
        financing=ALL_EQUITY,
        salvage=total((project.salvage, *(item.residual for item in others))) if becomes_own else 0.0,
        replacements=(
            *_replacements(project, terms.years if terms.parts_included else 0, last),
            *bought,
        ),
        grants=tuple(grant for grant in project.grants if own and grant.amount is None),
        tax_credits=tuple(credit for credit in project.tax_credits if own and credit.base is None),
        payments=(*project.payments, *payments, *paid_at_end),
    )


def _bought_at_end(
    project: Project, others: Sequence[CapitalItem], terms: _Terms
) -> tuple[tuple[Replacement, ...], tuple[ContractPayment, ...]]:
    """The price at the end: capital to be written off, or set against what the equipment fetches at once."""
    price = terms.price_at_end
    if price is None or is_nothing(price):
        return (), ()
    name = text("Equipment bought at the end of the contract")
    if terms.years == project.life:
        return (), (ContractPayment(name, ((project.life, -price),)),)
    return (Replacement(price, terms.years, None, _written(project, others), _no_rise(project), name),), ()


def _written(project: Project, others: Sequence[CapitalItem]) -> Depreciation | None:
    own = next((item.depreciation for item in others if item.depreciation is not None), None)
    return project.depreciation or own


def _no_rise(project: Project) -> Amount:
    """The stated price rise of an amount that is fixed in money of the day."""
    return 0.0 if project.prices.basis is PriceBasis.NOMINAL else project.prices.real(0.0)


def _until(line: OperatingLine, last: int, life: int) -> OperatingLine:
    """An operating item that ends with a year."""
    if last == life or not isinstance(line, OperatingItem):
        return line
    if line.first_year > last:
        return replace(line, annual_amount=0.0, first_year=1, last_year=1)
    return replace(line, last_year=last if line.last_year is None else min(line.last_year, last))


def _replacements(project: Project, after: int, last: int) -> Iterator[Replacement]:
    """Parts that the client replaces: after the years in which they are included, while it uses the equipment."""
    for part in project.replacements:
        for year in part.replaced_in(project.life):
            if after < year and (year < last or last == project.life):
                yield replace(part, year=year, every=None)


def maintenance_in_usual_year(client: Project) -> float:
    """What of the maintenance included counts in the annual net saving of the client [money/yr]."""
    usual = annual_amounts(client.operating, client.life)
    return sum(float(amount) for key, amount in usual.items() if key.startswith(_MAINTENANCE))


def _maintenance(amount: Amount, years: int, project: Project) -> tuple[OperatingItem, ...]:
    if is_nothing(amount):
        return ()
    return (
        OperatingItem(
            _free_key(_MAINTENANCE, project),
            text("Maintenance included in the contract"),
            OperatingClass.SUPPLIES,
            amount,
            last_year=None if years == project.life else years,
        ),
    )


def _free_key(key: str, project: Project) -> str:
    taken = {line.key for line in project.operating}
    while key in taken:
        key += "'"
    return key
