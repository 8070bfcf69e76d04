"""Prices and rates: with inflation (nominal) or without (real), and the year whose prices are entered.

Depreciation and the service of a loan are fixed in money of the day, so the cash flow is always counted in
nominal money. Rates that were stated as real are turned into nominal ones by Fisher's relation, and the
result is shown both ways.

References
----------
Fisher's relation as in NIST Handbook 135 (Life-Cycle Costing Manual for the Federal Energy Management
Program), discounting of constant-dollar and current-dollar amounts: ``1 + nominal = (1 + real) (1 + inflation)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from openrecp.economics.amounts import Amount
from openrecp.texts import Choice, text


class PriceBasis(Choice):
    """How discount rate and price rises are stated."""

    NOMINAL = "nominal", text("nominal: inflation is within the rates")
    REAL = "real", text("real: inflation comes on top of the rates")


@dataclass(frozen=True, slots=True)
class Prices:
    """How rates are stated, the general inflation, and the year whose prices the amounts are in.

    Attributes
    ----------
    basis : PriceBasis
        Real: discount rate and price rises are those above inflation.
    inflation : float
        General yearly price rise, as a fraction; with a nominal basis it only serves to show real figures.
    year : int or None
        Calendar year of the prices entered, which are those of year 0 (start-up).
    """

    basis: PriceBasis = PriceBasis.NOMINAL
    inflation: Amount = 0.0
    year: int | None = None

    def nominal(self, rate: Amount) -> Amount:
        """A stated rate as a nominal one.

        >>> round(Prices(PriceBasis.REAL, 0.02).nominal(0.03), 4)
        0.0506
        """
        if self.basis is PriceBasis.NOMINAL:
            return rate
        return (1.0 + rate) * (1.0 + self.inflation) - 1.0

    def real(self, rate: Amount) -> Amount:
        """A nominal rate without inflation."""
        return (1.0 + rate) / (1.0 + self.inflation) - 1.0


NOMINAL_PRICES: Final = Prices()
