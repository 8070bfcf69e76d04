"""How a row of a table follows from other rows, so that a workbook can keep it alive.

Paper shows the numbers only. A workbook writes a formula where it comes to the very number that
the report shows, and the bare number everywhere else, so a formula never contradicts the report.
"""

from __future__ import annotations

from dataclasses import dataclass

from openrecp.figures import Figure


@dataclass(frozen=True, slots=True)
class SumAbove:
    """The sum of the rows right above, back to the last total, group or header."""


@dataclass(frozen=True, slots=True)
class SumOf:
    """The sum of rows by their keys, a key with ``-`` before it subtracted; rows left out count as zero."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discounted:
    """A row at the first year's value, discounted at the rate of the table's :class:`Worth`."""

    row: str


@dataclass(frozen=True, slots=True)
class RunningTotal:
    """A row added up from year to year."""

    row: str


Working = SumAbove | SumOf | Discounted | RunningTotal


@dataclass(frozen=True, slots=True)
class Worth:
    """What a table of yearly cash flows comes to; a workbook adds it below the years, alive.

    Attributes
    ----------
    rate : float
        Discount rate a year, as a fraction.
    flow, capital, saving : str
        Keys of the rows of cash flow, total capital, and net saving.
    payback, npv, irr : Figure
        As the report shows them.
    """

    rate: float
    flow: str
    capital: str
    saving: str
    payback: Figure
    npv: Figure
    irr: Figure
