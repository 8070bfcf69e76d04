"""What an economics case says about ways of procuring the equipment: purchase, lease, instalments, contracts."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, model_validator

from openrecp.assessment.case_inputs import CapitalKey, ItemKey
from openrecp.assessment.case_values import (
    Keys,
    Lifetime,
    OptionalQuantity,
    OptionalRate,
    OptionalShare,
    OptionalWords,
    Quantity,
    Rate,
    Share,
    YesNo,
    refuse,
    share,
)
from openrecp.economics.procurement import (
    Instalments,
    Lease,
    PerformanceContract,
    Purchase,
    SharedSavings,
    Way,
)
from openrecp.errors import Where, problem


class PurchaseTerms(Keys):
    """Purchase as the rest of the case has it."""

    name: OptionalWords = None

    def built(self, where: Where) -> Purchase:
        """The purchase."""
        return Purchase(self.name or Purchase().name, where)


class InstalmentTerms(Keys):
    """Purchase from a supplier who is paid over some years."""

    name: OptionalWords = None
    years: Lifetime
    down_share: OptionalShare = None
    down_payment: OptionalQuantity = None
    yearly_payment: OptionalQuantity = None
    interest_rate: OptionalRate = None
    client_buys: tuple[CapitalKey, ...] = ()

    @model_validator(mode="after")
    def _one_size(self) -> InstalmentTerms:
        if self.down_share is not None and self.down_payment is not None:
            refuse(
                problem(
                    "down-payment-twice",
                    "Give “down_share”, a part of the price, or “down_payment”, an amount, but not both.",
                )
            )
        return self

    def built(self, where: Where) -> Instalments:
        """The instalments."""
        return Instalments(
            self.years,
            self.down_share or 0.0,
            self.down_payment,
            self.yearly_payment,
            self.interest_rate,
            self.client_buys,
            self.name or Instalments(self.years).name,
            where,
        )


class LeaseTerms(Keys):
    """A lease; without a purchase price the equipment goes back."""

    name: OptionalWords = None
    yearly_payment: Quantity
    years: Lifetime
    in_advance: YesNo = False
    rise: Rate = 0.0
    deposit: Quantity = 0.0
    purchase_price: OptionalQuantity = None
    maintenance_included: Quantity = 0.0
    parts_included: YesNo = False
    client_buys: tuple[CapitalKey, ...] = ()

    def built(self, where: Where) -> Lease:
        """The lease."""
        terms = dict(self) | {"name": self.name or Lease(0.0, 1).name}
        return Lease(**terms, source=where)


class PerformanceTerms(Keys):
    """A guarantee of what the equipment saves."""

    name: OptionalWords = None
    guaranteed_saving: Quantity
    yearly_fee: Quantity
    years: Lifetime
    shortfall_share: Share = 1.0
    excess_share: Share = 0.0
    items: tuple[ItemKey, ...] = ()
    rise: Rate = 0.0
    maintenance_included: Quantity = 0.0

    def built(self, where: Where) -> PerformanceContract:
        """The contract."""
        terms = dict(self) | {"name": self.name or PerformanceContract(0.0, 0.0, 1).name}
        return PerformanceContract(**terms, source=where)


def _shares(value: object) -> object:
    """One share, or a list of them."""
    return value if isinstance(value, list) else [value]


class SharedTerms(Keys):
    """Equipment of the contractor, for a share of what it saves; a buy-out price without value takes it away."""

    name: OptionalWords = None
    client_share: Annotated[tuple[Annotated[float, BeforeValidator(share)], ...], BeforeValidator(_shares)]
    years: Lifetime
    buyout_price: OptionalQuantity = 0.0
    items: tuple[ItemKey, ...] = ()
    maintenance_included: Quantity = 0.0
    parts_included: YesNo = True
    client_buys: tuple[CapitalKey, ...] = ()

    def built(self, where: Where) -> SharedSavings:
        """The contract."""
        terms = dict(self) | {"name": self.name or SharedSavings((), 1).name}
        shares = terms.pop("client_share")
        return SharedSavings(client_shares=shares, **terms, source=where)


class GivenWay(Keys):
    """One way of procuring, under its name."""

    purchase: PurchaseTerms | None = None
    instalments: InstalmentTerms | None = None
    lease: LeaseTerms | None = None
    performance_contract: PerformanceTerms | None = None
    shared_savings: SharedTerms | None = None

    @model_validator(mode="after")
    def _one_way(self) -> GivenWay:
        if len(self.model_fields_set) != 1:
            refuse(
                problem(
                    "one-way",
                    "Each entry is one way: {known}, with its terms below it.",
                    known=list(GivenWay.model_fields),
                )
            )
        if "purchase" not in self.model_fields_set and self._terms is None:
            refuse(
                problem("way-without-terms", "The terms are missing; write them below the name of the way.")
            )
        return self

    @property
    def _terms(
        self,
    ) -> PurchaseTerms | InstalmentTerms | LeaseTerms | PerformanceTerms | SharedTerms | None:
        return (
            self.purchase
            or self.instalments
            or self.lease
            or self.performance_contract
            or self.shared_savings
        )

    def built(self, where: Where) -> Way:
        """The way."""
        return (self._terms or PurchaseTerms()).built(where)
