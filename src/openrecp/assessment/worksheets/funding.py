"""Worksheet 16: ways of paying for an option, beside the loan of the general terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from openrecp.assessment.spec import Code, Money, Number, Record, Spec, Words
from openrecp.economics.loans import Grace, Repayment
from openrecp.texts import Choice, text

_ZERO, _HUNDRED, _LONGEST = Decimal(0), Decimal(100), Decimal(50)


class FundingKind(Choice):
    """Ways of paying for an option: support that comes with buying it, and what stands in place of buying."""

    LOAN = "loan", text("Loan")
    GRANT = "grant", text("Grant")
    TAX_CREDIT = "tax-credit", text("Investment tax credit")
    LEASE = "lease", text("Lease")
    INSTALMENTS = "instalments", text("Instalments")
    PERFORMANCE_CONTRACT = "performance-contract", text("Energy-performance contract")
    SHARED_SAVINGS = "shared-savings", text("Shared savings")


SUPPORT: Final = frozenset({FundingKind.LOAN, FundingKind.GRANT, FundingKind.TAX_CREDIT})
"""Kinds that change what buying costs; the others are compared with buying."""


class OptionFunding(Record):
    """One way of paying for an option; several of one option stand side by side."""

    option: Annotated[Code | None, Spec(text("Option No."), refers_to="options", required=True)] = None
    kind: Annotated[FundingKind | None, Spec(text("Way of paying"), required=True)] = None
    name: Annotated[Words, Spec(text("Name of the offer or programme"), help=text("And who offers it."))] = (
        None
    )
    amount: Annotated[
        Money | None,
        Spec(
            text("Amount"),
            help=text(
                "Loan; grant; cost that a tax credit counts; down payment of instalments; deposit of a lease. Left "
                "empty, the share decides."
            ),
            minimum=_ZERO,
            section=text("How much"),
        ),
    ] = None
    share: Annotated[
        Number | None,
        Spec(
            text("Share"),
            help=text(
                "Loan: of the total capital. Grant: of the fixed capital. Tax credit: its rate. Instalments: paid "
                "down. Shared savings: to the other side."
            ),
            units=("%",),
            minimum=_ZERO,
            maximum=_HUNDRED,
        ),
    ] = None
    limit: Annotated[
        Money | None,
        Spec(text("At most"), help=text("Loan and grant, where a share is entered."), minimum=_ZERO),
    ] = None
    threshold: Annotated[
        Money | None,
        Spec(text("Smallest cost supported"), help=text("Tax credit: none below this."), minimum=_ZERO),
    ] = None
    payment: Annotated[
        Money | None,
        Spec(
            text("Payment a year"),
            help=text("Lease: rent. Performance contract: fee. Instalments, where no interest is entered."),
            minimum=_ZERO,
        ),
    ] = None
    rate: Annotated[
        Number | None,
        Spec(
            text("Interest"),
            help=text("Loan and instalments."),
            units=("%",),
            minimum=_ZERO,
            section=text("On what terms"),
        ),
    ] = None
    market_rate: Annotated[
        Number | None,
        Spec(
            text("Interest of an ordinary loan"),
            help=text("Loan: shows what a lower rate is worth."),
            units=("%",),
            minimum=_ZERO,
        ),
    ] = None
    years: Annotated[
        Number | None,
        Spec(
            text("Term"),
            help=text("Loan (grace included), lease, instalments, contract."),
            units=("yr",),
            minimum=Decimal(1),
            maximum=_LONGEST,
        ),
    ] = None
    repayment: Annotated[Repayment | None, Spec(text("Repayment"), help=text("Loan."))] = None
    grace_years: Annotated[
        Number | None,
        Spec(
            text("Grace period"),
            help=text("Loan: years without repayment, within the term."),
            units=("yr",),
            minimum=_ZERO,
            maximum=_LONGEST,
        ),
    ] = None
    grace: Annotated[Grace | None, Spec(text("Paid in the grace period"), help=text("Loan."))] = None
    year: Annotated[
        int | None,
        Spec(
            text("In year"),
            help=text(
                "Grant: when it is paid, 0 at start-up. Tax credit: the first year whose tax it lowers."
            ),
            minimum=Decimal(-10),
            maximum=_LONGEST,
        ),
    ] = None
    carry_forward_years: Annotated[
        Number | None,
        Spec(
            text("Carried forward for"),
            help=text("Tax credit: further years in which the rest is used; 4 when left empty."),
            units=("yr",),
            minimum=_ZERO,
            maximum=_LONGEST,
        ),
    ] = None
    tax_limit: Annotated[
        Number | None,
        Spec(
            text("Part of a year's tax it may take"),
            help=text("Tax credit; all of it when left empty."),
            units=("%",),
            minimum=_ZERO,
            maximum=_HUNDRED,
        ),
    ] = None
    taxable: Annotated[bool | None, Spec(text("Counts as income"), help=text("Grant."))] = None
    lowers_depreciation: Annotated[
        bool | None, Spec(text("Lowers the cost that is depreciated"), help=text("Grant."))
    ] = None
    in_advance: Annotated[
        bool | None, Spec(text("Paid in advance"), help=text("Lease: at the beginning of each year."))
    ] = None
    rise: Annotated[
        Number | None,
        Spec(
            text("Payment rises a year"),
            help=text("Lease and performance contract."),
            units=("%",),
            minimum=_ZERO,
            maximum=_HUNDRED,
        ),
    ] = None
    maintenance: Annotated[
        Money | None,
        Spec(
            text("Costs taken over a year"),
            help=text(
                "Lease, performance contract and shared savings: what the other side pays, such as maintenance."
            ),
            minimum=_ZERO,
        ),
    ] = None
    buyout: Annotated[
        Money | None,
        Spec(
            text("Paid at the end to own it"),
            help=text("Lease and shared savings; 0 if it becomes the plant's, left empty it goes back."),
            minimum=_ZERO,
        ),
    ] = None
    guaranteed_saving: Annotated[
        Money | None,
        Spec(
            text("Saving guaranteed a year"),
            help=text("Performance contract: the other side makes up what is missing."),
            minimum=_ZERO,
        ),
    ] = None
