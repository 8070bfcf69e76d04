"""What a way of procuring means to the client, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from openrecp.economics.amounts import is_nothing
from openrecp.economics.procurement.ways import (
    Instalments,
    Lease,
    PerformanceContract,
    Purchase,
    SharedSavings,
    Way,
)
from openrecp.economics.project import Project
from openrecp.texts import Text, text


def way_rules(way: Way, project: Project) -> Iterator[Text]:
    """Who owns the equipment, who deducts and gets what, and who bears the risk."""
    match way:
        case Purchase():
            yield text(
                "The client owns the equipment, writes it off, and gets the grants and tax credits for it."
            )
            yield text("The client bears the whole risk that savings fall short.")
        case Instalments():
            yield text(
                "The client owns the equipment, writes it off, and gets the grants and tax credits for it."
            )
            yield text("The interest within the instalments is deducted from taxable income.")
            yield from _loans_left_out(project)
            yield text("The client bears the whole risk that savings fall short.")
        case PerformanceContract():
            yield text(
                "The client owns the equipment, writes it off, and gets the grants and tax credits for it."
            )
            yield text("The fee is deducted from taxable income; what the contractor makes up is taxed.")
            yield text(
                "The contractor bears the risk below the guaranteed saving for {years} years; above it, and "
                "after that, the client does.",
                years=way.years,
            )
        case Lease():
            yield text(
                "The lessor owns the equipment and writes it off; grants and tax credits for it are the lessor's."
            )
            yield text("The payments are deducted from taxable income in the years in which they are paid.")
            yield from _end_of_contract(way.years, project, goes_back=way.purchase_price is None)
            if way.purchase_price is not None and is_nothing(way.purchase_price):
                yield text(
                    "Tax law may treat a lease after which the equipment is the client's for next to nothing as "
                    "instalments; ask the tax office."
                )
            yield from _loans_left_out(project)
            yield text("The payments are due whatever is saved: the client bears the whole risk.")
        case SharedSavings():
            yield text(
                "The contractor owns the equipment and writes it off; grants and tax credits for it are the "
                "contractor's."
            )
            yield text(
                "The contractor's share is deducted from taxable income in the years in which it is paid."
            )
            yield from _end_of_contract(way.years, project, goes_back=way.buyout_price is None)
            yield from _loans_left_out(project)
            yield text(
                "For {years} years the contractor gets less when savings fall short, by its share.",
                years=way.years,
            )


def _loans_left_out(project: Project) -> Iterator[Text]:
    if project.financing.loans:
        yield text(
            "The loans of the purchase are not taken; what the client buys itself is paid from its own money."
        )


def _end_of_contract(years: int, project: Project, *, goes_back: bool) -> Iterator[Text]:
    if not goes_back:
        yield text("After year {years} the equipment belongs to the client.", years=years)
    elif years < project.life:
        yield text(
            "After year {years} the equipment goes back; from then on it saves and costs nothing.",
            years=years,
        )
    else:
        yield text("At the end the equipment, and what it fetches, is the other side's.")
