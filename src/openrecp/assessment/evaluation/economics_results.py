"""What lies behind the economics of one option: further figures, risk, break-even, ways of paying.

Every part is empty or None where the document does not carry it; `OptionEconomics.missing` then says why, by
the name of the part.
"""

from __future__ import annotations

from dataclasses import dataclass

from openrecp.assessment.worksheets.funding import FundingKind
from openrecp.economics.criteria import Judgement
from openrecp.economics.uncertainty import Histogram
from openrecp.figures import Figure
from openrecp.texts import Text

Words = str | Text


@dataclass(frozen=True, slots=True)
class Merit:
    """A measure of merit beside payback, net present value and internal rate.

    ``key`` is stable: ``discounted-payback``, ``modified-internal-rate``, ``annual-worth``,
    ``benefit-cost-ratio``, ``savings-to-investment``, ``adjusted-internal-rate``, ``real-internal-rate``,
    ``loan-subsidy``, ``grants-value``, ``tax-credits-value``, ``levelised-cost`` and ``levelised-cost-gross`` (once
    for each quantity avoided), ``cost-of-delay``, ``month-of-waiting``. A figure without a value says why.
    """

    key: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class FundingPart:
    """A loan, grant or tax credit that pays for a part of the option, with its amount in the cash flow."""

    kind: FundingKind
    name: Words
    amount: Figure


@dataclass(frozen=True, slots=True)
class UncertainValue:
    """An input that is drawn at random.

    Attributes
    ----------
    name : Text
    distribution : Text
        Its distribution in words, with its numbers.
    stated : bool
        False when it follows from the best, base and worst case of worksheet 16.
    """

    name: Text
    distribution: Text
    stated: bool


@dataclass(frozen=True, slots=True)
class Percentile:
    """The value that ``percent`` of the draws stay below."""

    percent: float
    figure: Figure


@dataclass(frozen=True, slots=True)
class RiskDriver:
    """An uncertain input and how much of the spread of the net present value it accounts for [%]."""

    name: Text
    share: Figure
    rank_correlation: float


@dataclass(frozen=True, slots=True)
class UncertaintyResult:
    """What the option returns when its inputs are drawn at random, again and again.

    Attributes
    ----------
    draws, seed : int
        The same seed gives the same result.
    inputs : tuple of UncertainValue
    origin : Text
        Where the distributions come from: entered, or the best, base and worst case.
    profitable : Figure
        Share of the draws whose net present value is above zero [%].
    npv, irr, payback : tuple of Percentile
        5th, 25th, 50th, 75th and 95th percentile.
    npv_mean, npv_sd : Figure
    histogram : Histogram
        Of the net present value [money].
    drivers : tuple of RiskDriver
        The input that matters most first.
    conclusion : Text
    notes : tuple of Text
        How to read it.
    """

    draws: int
    seed: int
    inputs: tuple[UncertainValue, ...]
    origin: Text
    profitable: Figure
    npv: tuple[Percentile, ...]
    irr: tuple[Percentile, ...]
    payback: tuple[Percentile, ...]
    npv_mean: Figure
    npv_sd: Figure
    histogram: Histogram
    drivers: tuple[RiskDriver, ...]
    conclusion: Text
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class BreakEvenPoint:
    """An input and the value at which the net present value is zero.

    Attributes
    ----------
    key : str
        As in the tornado.
    name : Text
    base, at : Figure
        Its value now and at break-even; ``at`` has a reason where there is no such value.
    margin : Figure
        Change from now to break-even, as part of the value now [%]; negative when it may fall so far.
    sentence : Text
    """

    key: str
    name: Text
    base: Figure
    at: Figure
    margin: Figure
    sentence: Text


@dataclass(frozen=True, slots=True)
class NamedScenario:
    """The option when something else happens than in the base case, such as a fine or a shutdown avoided.

    Attributes
    ----------
    name : Words
    what : Text
        What differs from the base case, in words and numbers.
    payback, npv, irr : Figure
    change : Figure
        Its net present value less that of the base case [money].
    """

    name: Words
    what: Text
    payback: Figure
    npv: Figure
    irr: Figure
    change: Figure


@dataclass(frozen=True, slots=True)
class WayOfPaying:
    """One way of getting the option and what it is worth to the plant.

    Attributes
    ----------
    kind : FundingKind or None
        None for buying it as worksheet 16 says.
    name : Words
    first_payment : Figure
        Own money paid until start-up [money].
    yearly_payment : Figure
        Paid to the other side in the first operating year [money/yr].
    npv : Figure
        After tax, to the plant [money].
    difference : Figure
        Its net present value less that of buying [money].
    cost_rate : Figure
        Yearly cost of the money it provides, after tax: the discount rate at which it is worth as much as buying with
        own money alone [%].
    years : tuple of int
    cash : tuple of float
        Cash flow of the plant in each of ``years`` [money].
    notes : tuple of Text
        Who owns, deducts and gets what.
    implicit_rate : Figure or None
        Yearly interest within its payments, before tax [%].
    shortfall_npv, borne_by_other : Figure or None
        Net present value when savings fall short by a fifth [money], and the part of what a buyer would lose by it
        that the other side bears [%].
    """

    kind: FundingKind | None
    name: Words
    first_payment: Figure
    yearly_payment: Figure
    npv: Figure
    difference: Figure
    cost_rate: Figure
    years: tuple[int, ...]
    cash: tuple[float, ...]
    notes: tuple[Text, ...] = ()
    implicit_rate: Figure | None = None
    shortfall_npv: Figure | None = None
    borne_by_other: Figure | None = None


@dataclass(frozen=True, slots=True)
class WaysCompared:
    """Buying beside lease, instalments, energy-performance contract and shared savings; the best first."""

    ways: tuple[WayOfPaying, ...]
    conclusion: Text
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class RiskAdjustment:
    """Lower hurdles for an option that lowers risk or liability (section 4.2.4); its figures stay as they are.

    Attributes
    ----------
    reason : str or None
        Which risk or liability it lowers, as the team wrote.
    maximum_payback, minimum_irr : Figure
        The lower hurdles, each with the owner's usual one and the adjustment as inputs [yr], [%].
    judgement : Judgement
        Every check has the usual limit and the lower one.
    decisive : bool
        Whether it is accepted only because of them.
    sentence : Text
    """

    reason: str | None
    maximum_payback: Figure
    minimum_irr: Figure
    judgement: Judgement
    decisive: bool
    sentence: Text
