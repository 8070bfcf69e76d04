"""What is bought, and what is avoided by it beside money."""

from __future__ import annotations

from dataclasses import dataclass

from openrecp.economics.amounts import Amount
from openrecp.economics.depreciation import Depreciation
from openrecp.errors import Where
from openrecp.figures import Basis
from openrecp.texts import Text


@dataclass(frozen=True, slots=True)
class CapitalItem:
    """A part of the fixed capital (table 4.1 of the manual).

    Attributes
    ----------
    name : Text or str
    amount : float
        [money]
    depreciable : bool
        False for land and whatever else the tax office does not let the firm write off.
    depreciation : Depreciation or None
        How this part is written off, where it differs from the rest of the project.
    residual : float
        What it fetches at the end of the project, beside the project's salvage value [money].
    """

    name: Text | str
    amount: Amount
    depreciable: bool = True
    basis: Basis = Basis.ESTIMATED
    source: Where | Text | None = None
    depreciation: Depreciation | None = None
    residual: Amount = 0.0


@dataclass(frozen=True, slots=True)
class Avoided:
    """What the project avoids each year beside money: water, energy, waste, greenhouse gases.

    Attributes
    ----------
    name : Text or str
    unit : str
        Such as ``t`` or ``kWh``.
    yearly : float
        Quantity avoided in each operating year [unit/yr].
    """

    name: Text | str
    unit: str
    yearly: Amount
    source: Where | Text | None = None
