"""What the evaluation of an assessment finds, as frozen data that reports and the command line show.

Everything that is a number is a `Figure`, so that it can be opened. Words of the user are plain ``str``;
words of ours are ``Text`` or ``Choice``. Numbers such as ``W1`` or ``O3`` are those of the document; a record
without a number is named by its place, such as ``#2``.

Units: money, yearly amounts too, is in the currency of the assessment (``TWD``), shares are in ``%``,
times in ``yr``, scores in ``point``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.balance_results import PlantBalance
from openrecp.assessment.evaluation.choosing_results import Choosing
from openrecp.assessment.evaluation.option_results import Fate, OptionResult, Plan, SetEconomics
from openrecp.assessment.evaluation.ranking_results import Ranking, Standing
from openrecp.assessment.worksheets.implementation import OptionPerformance, PerformanceLine
from openrecp.assessment.worksheets.site import Process
from openrecp.assessment.worksheets.streams import WasteStream
from openrecp.balances.closure import ClosureState
from openrecp.economics.conventions import Mode
from openrecp.errors import Issue, Severity, Where
from openrecp.figures import Basis, Figure
from openrecp.texts import Choice, Text, text

Words = str | Text


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value the evaluation used that is not about one record: entered by the owner, or assumed.

    Attributes
    ----------
    key : str
        Stable name, such as ``discount-rate``.
    figure : Figure
        Name, value and unit; its basis is ``assumed`` when the document gave none, and its source is then the
        rule that gives the value.
    where : Where
        The field that sets it.
    """

    key: str
    figure: Figure
    where: Where

    @property
    def assumed(self) -> bool:
        """Whether the document left it open."""
        return self.figure.basis is Basis.ASSUMED


@dataclass(frozen=True, slots=True)
class StreamResult:
    """One waste stream: how much of it there is, what it costs, and where it ranks.

    Attributes
    ----------
    generation : Figure
        Average a year, in ``t/yr``, ``kg/yr``, ``m³/yr`` or another unit a year.
    cost_elements : tuple of Figure
        Yearly cost elements of worksheet 8, in the order entered.
    management_cost, lost_material_cost, total_cost : Figure
        A year; without a value where nothing was given. The total counts what is known.
    share : Figure
        Of the total cost of all streams [%].
    options : tuple of str
        Numbers of the options that reduce it.
    """

    number: str
    name: str
    record: WasteStream
    process: Process | None
    generation: Figure
    cost_elements: tuple[Figure, ...]
    management_cost: Figure
    lost_material_cost: Figure
    total_cost: Figure
    share: Figure
    standing: Standing | None
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamTotals:
    """All streams together.

    ``generation`` has one figure for each kind of amount (mass, volume …): they are never added across kinds.
    """

    generation: tuple[Figure, ...]
    management_cost: Figure
    lost_material_cost: Figure
    total_cost: Figure


class FlowRole(Choice):
    """What a flow is to the process whose balance it enters."""

    INPUT = "input", text("Input material")
    PRODUCT = "product", text("Product")
    WASTE = "waste", text("Waste stream")
    OTHER_IN = "other-in", text("Other flow in")
    OTHER_OUT = "other-out", text("Other flow out")
    ACCUMULATED = "accumulated", text("Accumulated")


@dataclass(frozen=True, slots=True)
class BalanceFlow:
    """One flow of a balance, on the balance's common basis."""

    role: FlowRole
    number: str
    name: Words
    amount: Figure


@dataclass(frozen=True, slots=True)
class BalanceClosure:
    """Input against output of one process, for one component or in total (section 3.1.2 of the manual).

    Attributes
    ----------
    process : Process or None
        None for the flows of the whole assessed area that name no process.
    process_name : Words
    component : str or None
        The material balanced; None for the total.
    inputs, outputs, accumulated : Figure
        Sums on the common basis, in one unit.
    unaccounted : Figure
        Inputs less outputs less accumulated; no value when the balance is open.
    share : Figure
        Unaccounted part of the inputs [%].
    flows : tuple of BalanceFlow
        What was counted.
    left_out : tuple of Text
        What could not be put on the common basis and therefore is missing, each with the reason.
    notes : tuple of Text
        How to read the result.
    error : Figure or None
        Half of the 95 % interval of the unaccounted amount, where somebody said how sure the amounts are; the verdict
        is then by it, and not by the share.
    """

    process: Process | None
    process_name: Words
    component: str | None
    inputs: Figure
    outputs: Figure
    accumulated: Figure
    unaccounted: Figure
    share: Figure
    state: ClosureState
    flows: tuple[BalanceFlow, ...]
    left_out: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    error: Figure | None = None


@dataclass(frozen=True, slots=True)
class PerformanceAmount:
    """One line of worksheet 18: amounts, amounts per unit of production, and the reduction.

    Attributes
    ----------
    baseline, planned, actual : Figure
        Amounts of the periods as entered; without a value where not given.
    baseline_rate, planned_rate, actual_rate : Figure
        Per unit of production, such as ``kg/t``.
    planned_reduction, actual_reduction : Figure
        Against the baseline, per unit of production [%].
    plain_reduction : Figure
        Actual against baseline without regard to production [%].
    """

    record: PerformanceLine
    name: str
    baseline: Figure
    planned: Figure
    actual: Figure
    baseline_rate: Figure
    planned_rate: Figure
    actual_rate: Figure
    planned_reduction: Figure
    actual_reduction: Figure
    plain_reduction: Figure


@dataclass(frozen=True, slots=True)
class PerformanceResult:
    """What an option achieved (worksheet 18); ``production`` is baseline, planned, actual."""

    option: str
    option_name: str
    record: OptionPerformance
    production: tuple[Figure, Figure, Figure]
    lines: tuple[PerformanceAmount, ...]
    cautions: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Versions:
    """What produced an evaluation, so that an old report can be reproduced."""

    library: str
    document: int
    evaluation: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that is found about one assessment.

    Attributes
    ----------
    assessment : Assessment
    mode : Mode
        Conventions of the cash flows.
    issues : tuple of Issue
        Findings about the data, errors first; ``where.path`` names the place in the document.
    parameters : tuple of Parameter
        Terms and thresholds used, entered or assumed; `assumptions` are those nobody entered.
    streams : tuple of StreamResult
        In rank order, then by cost, the dearest first.
    stream_totals : StreamTotals
    stream_ranking : Ranking
    closures : tuple of BalanceClosure
        Total before components, processes in the order of the document.
    options : tuple of OptionResult
        In the order of the document; `options_by_fate` groups them.
    option_ranking : Ranking
    selected : SetEconomics or None
        The options to be carried out, taken together; None when there is none.
    plan : Plan
        The month plan.
    performance : tuple of PerformanceResult
    evaluated_on : date or None
        Date on the cover; nothing here depends on the day of the run.
    versions : Versions
    choosing : Choosing
        Options compared with one another: budget, alternatives, overlap of savings, abatement curves.
    balance : PlantBalance
        The flowsheet of the plant, analysed: losses, meters, reconciled amounts, material flow costs.
    """

    assessment: Assessment
    mode: Mode
    issues: tuple[Issue, ...]
    parameters: tuple[Parameter, ...]
    streams: tuple[StreamResult, ...]
    stream_totals: StreamTotals
    stream_ranking: Ranking
    closures: tuple[BalanceClosure, ...]
    options: tuple[OptionResult, ...]
    option_ranking: Ranking
    selected: SetEconomics | None
    plan: Plan
    performance: tuple[PerformanceResult, ...]
    evaluated_on: date | None
    versions: Versions
    choosing: Choosing
    balance: PlantBalance = field(default=PlantBalance(None, None), compare=False)

    @property
    def assumptions(self) -> tuple[Parameter, ...]:
        """Values used that nobody entered."""
        return tuple(parameter for parameter in self.parameters if parameter.assumed)

    @property
    def immediate(self) -> tuple[OptionResult, ...]:
        """Options that need no capital and go straight to implementation (sections 3.5.3 and 4.2.3)."""
        return self.with_fate(Fate.IMMEDIATE)

    def with_fate(self, *fates: Fate) -> tuple[OptionResult, ...]:
        """Options with one of these fates, in the order of the document."""
        return tuple(option for option in self.options if option.fate in fates)

    @property
    def options_by_fate(self) -> Mapping[Fate, tuple[OptionResult, ...]]:
        """Every fate that occurs, in the order of `Fate`, with its options."""
        groups = {fate: self.with_fate(fate) for fate in Fate}
        return {fate: options for fate, options in groups.items() if options}

    def option(self, number: str) -> OptionResult | None:
        """The option with a number."""
        return next((option for option in self.options if option.number == number), None)

    def stream(self, number: str) -> StreamResult | None:
        """The stream with a number."""
        return next((stream for stream in self.streams if stream.number == number), None)

    @property
    def needs_attention(self) -> bool:
        """Whether there is an error or a warning among the findings."""
        return any(issue.severity is not Severity.NOTE for issue in self.issues)
